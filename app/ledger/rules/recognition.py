"""What was recognised in a workbook: sheets, tables, columns, rows, and what could not be decided. Plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.ledger.rules.spans import Period


class Kind(StrEnum):
    """What a table holds a row of."""

    projects = "projects"
    arrivals = "arrivals"
    targets = "targets"
    monthly = "monthly"
    """Arrivals of projects, months as columns; the projects themselves stand in another sheet."""


class RowKind(StrEnum):
    """What a row of a sheet is."""

    empty = "empty"
    titled = "title"
    head = "head"
    data = "data"
    group = "group"
    subtotal = "subtotal"
    total = "total"
    note = "note"

    @property
    def label(self) -> str:
        """The Chinese name."""
        names = "空行 标题 表头 数据 分组 小计 合计 表注".split()
        return dict(zip(RowKind, names, strict=True))[self]


class How(StrEnum):
    """Why a column was taken for its field."""

    head = "head"
    content = "content"
    remembered = "remembered"
    told = "told"
    none = "none"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"head": "表头", "content": "内容", "remembered": "上次", "told": "指定", "none": ""}[
            self.value
        ]


@dataclass(frozen=True)
class Column:
    """One column: ``path`` is its head below its group heads; ``field`` our own head, 附加列 or 不导入.

    ``unit`` is that of its numbers where they have none of their own; ``period`` the month, or sum of months, that
    it stands for. ``sure`` is in percent.
    """

    place: int
    path: tuple[str, ...]
    field: str
    sure: int
    how: How
    unit: str | None = None
    period: Period | None = None
    samples: tuple[str, ...] = ()
    hidden: bool = False
    twin: Column | None = None
    """Another column for the same amount in another unit."""
    less: tuple[int, ...] = ()
    """Columns whose amounts are taken off to get the month's own."""
    less_last: tuple[int, ...] = ()
    """Sums up to earlier months, the newest first: the first one with an amount is taken off."""
    is_rest: bool = False
    """An amount of the months before, of which what is on record already is left out."""
    again: int = 0
    """Counts the arrivals that stand side by side in a row: 第1笔 is 0, 第2笔 1."""

    @property
    def head(self) -> str:
        """The head as a person reads it: 2024年到位资金·1月."""
        return "·".join(" ".join(part.split()) for part in self.path)


@dataclass(frozen=True)
class Doubt:
    """Something that must be decided by a person; ``cell`` is its address, empty for the whole sheet."""

    sheet: str
    cell: str
    head: str
    message: str
    subject: str = "column"
    """``column``, ``unit``, ``year``, ``totals`` or ``field``: what an answer in the mapping file is about."""


@dataclass(frozen=True)
class Skipped:
    """A row below the heads that holds no record, and why: 小计, 合计, 表注, 重复表头, 分组, 空行."""

    row: int
    reason: str


@dataclass(frozen=True)
class Tidied:
    """Something that was put right without asking, in how many cells."""

    what: str
    cells: int


@dataclass(frozen=True)
class Table:
    """A table on a sheet. Rows are counted from 1 as in the file; ``groups`` gives a row's group title.

    ``unit_from`` is the cell or the words that say the unit of its amounts.
    """

    sheet: str
    kind: Kind
    head_rows: tuple[int, int]
    columns: tuple[Column, ...]
    rows: dict[int, RowKind]
    groups: dict[int, tuple[str, ...]]
    year: int | None
    unit: str | None
    title: str
    hidden_rows: tuple[int, ...] = ()
    unit_from: str = ""
    tidied: tuple[Tidied, ...] = ()
    meanings: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The field that a group title fills for its rows, and with what."""
    defaults: dict[str, str] = field(default_factory=dict)
    """What the sheet's name or a line above says for all rows."""
    as_of: tuple[int, int] | None = None
    """Year and month in which the table was drawn up, where its title says so."""
    region: tuple[int, int, int, int] = (0, 0, 0, 0)
    """First and last row and column, of a sheet with several tables."""
    carried: dict[tuple[int, int], int] = field(default_factory=dict)
    """For an empty cell that means what stands further up, by row and column: the row where it stands."""

    continued: dict[int, int] = field(default_factory=dict)
    """For a row that says more of a project above it (an arrival, a contract): the row where the project stands."""
    cards: bool = False
    """Whether its rows are cards that were laid out as a table."""
    supplements: frozenset[int] = frozenset()
    """Rows that are a 补充协议."""

    @property
    def data_range(self) -> tuple[int, int] | None:
        """First and last row with a record."""
        rows = self.data_rows()
        return (rows[0], rows[-1]) if rows else None

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The rows below the heads that were left out, without empty ones."""
        words = {RowKind.head: "重复表头"}
        left_out = (RowKind.data, RowKind.empty)
        return tuple(
            Skipped(row, words.get(kind, kind.label))
            for row, kind in self.rows.items()
            if kind not in left_out
        )

    def column(self, name: str) -> Column | None:
        """The column that was taken for the field ``name``."""
        return next((column for column in self.columns if column.field == name), None)

    def data_rows(self) -> list[int]:
        """The numbers of the rows that hold a record."""
        return [row for row, kind in self.rows.items() if kind is RowKind.data]

    def counts(self) -> dict[str, int]:
        """How many rows of each kind, by its Chinese name."""
        counted = Counter(self.rows.values())
        return {kind.label: counted[kind] for kind in RowKind if counted[kind]}


@dataclass
class Recognition:
    """Everything found in a file. A file is taken in only when there is no doubt left."""

    tables: list[Table] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hints: list[Doubt] = field(default_factory=list)
    """What was decided without asking, but where a person may know better: shown, never in the way."""

    def as_json(self) -> dict[str, Any]:
        """Plain values for a page or a file."""
        return {
            "tables": [
                {
                    "sheet": table.sheet,
                    "kind": table.kind.value,
                    "head_rows": list(table.head_rows),
                    "region": list(table.region),
                    "cards": table.cards,
                    "data_range": list(table.data_range or ()),
                    "year": table.year,
                    "unit": table.unit,
                    "unit_from": table.unit_from,
                    "title": table.title,
                    "rows": table.counts(),
                    "skipped": [vars(skipped) for skipped in table.skipped],
                    "tidied": [vars(tidied) for tidied in table.tidied],
                    "columns": [
                        {"place": c.place, "head": c.head, "field": c.field, "sure": c.sure, "how": c.how.label,
                         "unit": c.unit, "samples": list(c.samples), "hidden": c.hidden}
                        for c in table.columns
                    ],
                }
                for table in self.tables
            ],
            "doubts": [vars(doubt) for doubt in self.doubts],
            "hints": [vars(hint) for hint in self.hints],
            "notes": self.notes,
        }  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """What a person, or a mapping file, has decided beforehand.

    ``columns`` and ``units`` are keyed by a column's letters, its head, or its folded path, each also behind the name of
    its sheet (``台账!G``); ``defaults`` gives a field a value where the table has no column for it; ``rates`` 元 per unit
    of foreign money under its name. ``heads`` names first and last row of the heads of a sheet, ``kinds`` what a sheet
    holds, ``years`` the year of a sheet; ``values`` what a word of a field with fixed words means (协议 is 框架协议).
    """

    columns: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unit: str | None = None
    year: int | None = None
    defaults: dict[str, str] = field(default_factory=dict)
    rates: dict[str, Decimal] = field(default_factory=dict)
    skip: frozenset[str] = frozenset()
    accept_totals: bool = False
    heads: dict[str, tuple[int, int]] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    years: dict[str, int] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
