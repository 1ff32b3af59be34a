"""The rows of recognised tables in the words and units of the product's own form, each cell at its old address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from app.kernel.errors import DomainError
from app.kernel.money import FEN_PER_WAN
from app.kernel.text import clean
from app.ledger.rules.columns import ARRIVALS, PROJECTS, TARGETS, SheetForm
from app.ledger.rules.heads import flat
from app.ledger.rules.recognition import Answers, Column, Kind, Recognition, Table
from app.ledger.rules.synonyms import ALIASES, COMPOSITES, EXTRA, MONTHLY_FUNDS
from app.ledger.rules.values import (
    is_month_only,
    is_nothing,
    read_count,
    read_day,
    read_fen,
    read_mu,
    read_yes_no,
)
from app.ledger.workbook.cells import EMPTY, Cell, Workbook
from app.ledger.workbook.recognising.columns import DAYS, MONEY, ROAD
from app.ledger.workbook.recognising.grid import Grid

_SPLIT = re.compile(r"\s*(?:[/／、>→]|——|--|-|—)\s*")
GROUP = "分组"
FORMS = {Kind.projects: PROJECTS, Kind.arrivals: ARRIVALS, Kind.monthly: ARRIVALS, Kind.targets: TARGETS}
_WORDS = {
    field: {flat(word): label for label, words in aliases.items() for word in (label, *words.split())}
    for field, aliases in ALIASES.items()
}


@dataclass(frozen=True)
class FormRow:
    """One row in our own form: cells and columns by our heads; ``extra`` by the ledger's own heads.

    ``no_column`` names the dates for which the table has no column at all. An arrival of a month that stands in a
    column of its own has ``month``, and its project is the one of the same ``row``.
    """

    form: SheetForm
    sheet: str
    row: int
    cells: dict[str, Cell]
    columns: dict[str, int]
    extra: dict[str, str] | None = None
    month: tuple[int, int] | None = None
    no_column: frozenset[str] = frozenset()


def form_rows(workbook: Workbook, found: Recognition, answers: Answers | None = None) -> Iterator[FormRow]:
    """Every record of a recognised workbook: projects first, then arrivals, then targets."""
    answers = answers or Answers()
    grids = {sheet.name: Grid(sheet) for sheet in workbook.sheets}
    for table in found.tables:
        if table.kind is Kind.projects:
            yield from _Former(grids[table.sheet], table, answers).records()
    for table in found.tables:
        former = _Former(grids[table.sheet], table, answers)
        if table.kind is Kind.arrivals:
            yield from former.records()
        elif table.kind in (Kind.projects, Kind.monthly):
            yield from former.months()
    for table in found.tables:
        if table.kind is Kind.targets:
            yield from _Former(grids[table.sheet], table, answers).records()


class _Former:
    """One table."""

    def __init__(self, grid: Grid, table: Table, answers: Answers) -> None:
        self.grid, self.table, self.answers = grid, table, answers
        self.form = FORMS[table.kind]
        self.known = [c for c in table.columns if c.field in self.form.heads or c.field in COMPOSITES]
        self.kept = [c for c in table.columns if c.field == EXTRA]
        self.heads = _distinct(self.kept)
        self.places = {column.field: column.place for column in self.known}
        for field in COMPOSITES.keys() & self.places.keys():
            parts = [part for part in COMPOSITES[field] if part not in self.places]
            self.places |= dict.fromkeys(parts, self.places[field])
        self.no_column = frozenset(field for field in DAYS if field not in self.places)

    def records(self) -> Iterator[FormRow]:
        """One row for every record."""
        for row in self.table.data_rows():
            cells = self._cells(row)
            extra = self._extra(row) if self.table.kind is Kind.projects else None
            yield FormRow(
                self.form, self.table.sheet, row, cells, self.places, extra, no_column=self.no_column
            )

    def months(self) -> Iterator[FormRow]:
        """One arrival for every month with an amount, by row."""
        months = [c for c in self.table.columns if c.field == MONTHLY_FUNDS and c.period and c.period.year]
        who = [c for c in self.table.columns if c.field in ("项目编号", "项目名称", "投资方名称")]
        for row in self.table.data_rows() if months else []:
            named = {c.field: self._cell(row, c) for c in who}
            for column in months:
                cell = self._cell(row, column)
                if cell is EMPTY or cell.value == 0 or column.period is None or column.period.year is None:
                    continue
                yield FormRow(
                    ARRIVALS, self.table.sheet, row, {**named, "折人民币（万元）": cell},
                    {**{c.field: c.place for c in who}, "折人民币（万元）": column.place, "到账日期": column.place},
                    month=(column.period.year, column.period.first),
                )  # fmt: skip

    def _cells(self, row: int) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        for column in self.known:
            cell = self._cell(row, column)
            if column.field in COMPOSITES:
                for field, part in zip(COMPOSITES[column.field], _split(cell), strict=True):
                    if self.places[field] == column.place:
                        cells[field] = part
            else:
                cells[column.field] = cell
        if self.form is PROJECTS:
            cells |= self._from_group(self.table.groups.get(row))
        for field, value in self.answers.defaults.items():
            if field in self.form.heads and cells.get(field, EMPTY) is EMPTY:
                cells[field] = Cell(value)
        if self.form is PROJECTS:
            _settle_months(
                cells, {f: self.grid.at(row, p).value for f, p in self.places.items() if f in ROAD}
            )
        return cells

    def _from_group(self, group: str | None) -> dict[str, Cell]:
        """What a group title says for its rows: a stage, else the responsible unit, where there is no such column."""
        if not group:
            return {}
        stage = _stage_word(flat(group))
        if stage is not None:
            return {} if "当前阶段" in self.places else {"当前阶段": Cell(stage)}
        return {} if "责任单位" in self.places else {"责任单位": Cell(group)}

    def _cell(self, row: int, column: Column) -> Cell:
        cell = self._stored(row, column.place)
        if cell.problem:
            return cell
        if is_nothing(cell.value):
            return EMPTY
        try:
            return self._read(column, cell)
        except DomainError as error:
            return Cell(None, error.message)

    def _read(self, column: Column, cell: Cell) -> Cell:
        field, value = column.field, cell.value
        if field in MONEY:
            fen = read_fen(value, column.unit, self.answers.rates)
            return Cell(Decimal(fen) / FEN_PER_WAN)
        if field in DAYS:
            return Cell(read_day(value, self.table.year))
        if field == "用地面积":
            return Cell(read_mu(value, column.unit))
        if field == "带动就业":
            return Cell(read_count(value))
        if field in _WORDS:
            word = flat(str(value))
            told = self.answers.values.get(field, {})
            if str(value).strip() in told or word in told:
                return Cell(told.get(str(value).strip()) or told[word])
            return Cell(
                (_stage_word(word) if field == "当前阶段" else _WORDS[field].get(word)) or clean(str(value))
            )
        return cell

    def _stored(self, row: int, place: int) -> Cell:
        cell = self.grid.at(row, place)
        if cell is not EMPTY and not cell.is_empty:
            return cell
        source = self.table.carried.get((row, place))
        return EMPTY if source is None else self.grid.at(source, place)

    def _extra(self, row: int) -> dict[str, str]:
        """What stands in the columns that have no field, as it is written; 是 and 否 in one word."""
        found: dict[str, str] = {}
        for column in self.kept:
            cell = self._stored(row, column.place)
            if cell.value is None or (is_nothing(cell.value) and "是否" not in column.head):
                continue
            found[self.heads[column.place]] = _plain(column, cell.value)
        group = self.table.groups.get(row)
        if (
            group
            and "责任单位" in self.places
            and ("当前阶段" in self.places or _stage_word(flat(group)) is None)
        ):
            found[GROUP] = group
        return found


def _stage_word(word: str) -> str | None:
    """Our stage for a word of others, also as 签约项目 or 洽谈阶段."""
    known = _WORDS["当前阶段"]
    return known.get(word) or known.get(word.removesuffix("阶段").removesuffix("项目"))


def _distinct(columns: list[Column]) -> dict[int, str]:
    """The heads of columns, numbered where two are alike."""
    seen: dict[str, int] = {}
    found = {}
    for column in columns:
        head = column.head[:80]
        seen[head] = seen.get(head, 0) + 1
        found[column.place] = head if seen[head] == 1 else f"{head}（{seen[head]}）"
    return found


def _plain(column: Column, value: object) -> str:
    if "是否" in column.head and (said := read_yes_no(value)) is not None:
        return "是" if said else "否"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value).strip()


def _split(cell: Cell) -> tuple[Cell, Cell]:
    """锂电新能源/电池 as chain and segment; without a sign between them it is the chain alone."""
    if not isinstance(cell.value, str):
        return cell, EMPTY
    chain, *rest = [part for part in _SPLIT.split(clean(cell.value), maxsplit=1) if part]
    return Cell(chain), Cell(rest[0]) if rest else EMPTY


def _settle_months(cells: dict[str, Cell], written: dict[str, object]) -> None:
    """A month alone is its first day, but never before the step that came before it in that month."""
    earlier: dt.date | None = None
    for field in ROAD:
        day = cells.get(field, EMPTY).value
        if not isinstance(day, dt.date):
            continue
        if (
            earlier
            and day < earlier
            and is_month_only(written.get(field))
            and (day.year, day.month) == (earlier.year, earlier.month)
        ):
            day = earlier
            cells[field] = replace(cells[field], value=day)
        earlier = day
