"""How a sheet of a 上报表 is filled: its rows, ties of columns and cells, which projects, in what order.

What is stored is plain JSON; ``read_sheet`` makes it these values and refuses what cannot be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from app.figures.rules import CATALOGUE
from app.journal.rules import Dimension
from app.kernel.errors import DomainError
from app.kernel.periods import FIRST_YEAR, LAST_YEAR, Month
from app.kernel.text import has_control
from app.pipeline.rules import Stage
from app.reporting.rules.choices import (
    GROUPS,
    MONEY_ROWS,
    ORDERS,
    SIGNED,
    STANDINGS,
    STARTED,
    TITLE_PATTERN,
    TOTALS,
    WINDOWS,
)
from app.reporting.rules.fields import (
    DATE_STYLES,
    MOST_PLACES,
    PROGRESS_STYLES,
    UNITS,
    Kind,
    field_of,
)
from app.reporting.rules.places import ADDRESS, column_number

MOST_BLOCK = 4
MOST_TIES = 120
MOST_SINGLES = 600
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Tie:
    """What stands in a column; ``style`` writes a date or says how much progress, ``text`` is a constant or a period."""

    field: str
    unit: str = "万元"
    places: int = 2
    style: str = ""
    text: str = ""


@dataclass(frozen=True)
class Single:
    """What stands in one cell: a text with placeholders, or a figure of one member of a dimension (or the zone)."""

    text: str = ""
    figure: str = ""
    window: str = "ytd"
    dimension: str = ""
    member: str = ""
    unit: str = "万元"
    places: int = 2


@dataclass(frozen=True)
class Rows:
    """Which projects; members of one field are alternatives, empty ones do not narrow."""

    stages: tuple[str, ...] = ()
    units: tuple[int, ...] = ()
    areas: tuple[int, ...] = ()
    chains: tuple[int, ...] = ()
    big: bool = False
    contracted: bool = False
    standing: str = ""
    signed: str = ""
    started: str = ""
    money: str = ""
    text: str = ""

    @property
    def is_all(self) -> bool:
        """Whether nothing narrows."""
        return self == Rows()


@dataclass(frozen=True)
class SheetSetup:
    """One sheet. Rows are counted from 1; ``data_row`` 0: no list, only single cells."""

    head_first: int = 0
    head_last: int = 0
    data_row: int = 0
    block: int = 1
    """Rows that one project takes."""
    last_row: int = 0
    """The last row of the template that is kept for data; what lies below moves."""
    group_row: int = 0
    """The template's own group title, 0: made from the data row."""
    total_row: int = 0
    """A row of the template outside the data that takes the sums, 0: made when asked for."""
    ties: Mapping[str, Tie] = field(default_factory=dict)
    """By the cell of the data row: ``C5``."""
    singles: Mapping[str, Single] = field(default_factory=dict)
    rows: Rows = Rows()
    order: str = "signed"
    descending: bool = False
    group: str = ""
    title: str = TITLE_PATTERN
    restart: bool = False
    subtotals: bool = False
    total: str = ""

    @property
    def first_row(self) -> int:
        """The first row that is replaced."""
        return min(self.data_row, self.group_row) if self.group_row else self.data_row

    def as_json(self) -> dict[str, Any]:
        """Plain values, as they are stored."""
        return asdict(self)


def read_sheet(found: Mapping[str, Any], *, rows: int, columns: int) -> SheetSetup:
    """The setup stored as ``found`` for a sheet of that size. Raises ``DomainError`` for what cannot be."""
    numbers: dict[str, Any] = {
        name: _whole(found.get(name, 0), rows + 1)
        for name in ("head_first", "head_last", "data_row", "last_row", "group_row", "total_row")
    }
    ties = {address: read_tie(tie, address) for address, tie in dict(found.get("ties", {})).items()}
    singles = {cell: read_single(single, cell) for cell, single in dict(found.get("singles", {})).items()}
    chosen: dict[str, Any] = {
        name: str(found.get(name, default))
        for name, default in (("order", "signed"), ("group", ""), ("total", ""))
    }
    setup = SheetSetup(
        **numbers,
        block=_whole(found.get("block", 1), MOST_BLOCK) or 1,
        ties=ties,
        singles=singles,
        rows=_read_rows(found.get("rows", {})),
        descending=bool(found.get("descending")),
        title=_text(found.get("title", TITLE_PATTERN), "组标题") or TITLE_PATTERN,
        restart=bool(found.get("restart")),
        subtotals=bool(found.get("subtotals")),
        **chosen,
    )
    _check(setup, columns)
    return setup


def _check(setup: SheetSetup, columns: int) -> None:
    for value, known in ((setup.order, ORDERS), (setup.group, GROUPS), (setup.total, TOTALS)):
        _one_of(value, known)
    if len(setup.ties) > MOST_TIES or len(setup.singles) > MOST_SINGLES:
        raise DomainError(f"一张表最多对应 {MOST_TIES} 列、{MOST_SINGLES} 个单元格，请减少")
    if setup.ties and not setup.data_row:
        raise DomainError("列已对应字段，但还没有指定数据行，请先点选数据行", "data_row")
    if setup.data_row:
        _check_rows(setup)
    for address in (*setup.ties, *setup.singles):
        _check_place(setup, address, columns)


def _check_rows(setup: SheetSetup) -> None:
    """The rows that are marked stand in the order in which they must."""
    end = setup.data_row + setup.block - 1
    if setup.last_row < end:
        raise DomainError(f"数据区的最后一行应不小于第 {end} 行", "last_row")
    if setup.head_last and setup.head_last >= setup.first_row:
        raise DomainError("数据行应在表头之下，请核对表头和数据行", "data_row")
    if setup.data_row <= setup.group_row <= end:
        raise DomainError("组标题行不能与数据行相同", "group_row")
    if setup.group_row > setup.last_row or 0 < setup.group_row <= setup.head_last:
        raise DomainError("组标题行应在表头之下、数据区之内", "group_row")
    if setup.first_row <= setup.total_row <= setup.last_row:
        raise DomainError("合计行应在数据区之外；数据区内的合计由系统生成", "total_row")


def _check_place(setup: SheetSetup, address: str, columns: int) -> None:
    match = ADDRESS.fullmatch(address)
    if match is None or column_number(match[1]) > columns:
        raise DomainError(f"单元格“{address[:10]}”不在这张表里，请重新点选")
    row = int(match[2])
    of_data = setup.data_row <= row < setup.data_row + setup.block
    if address in setup.ties and not of_data:
        raise DomainError(f"{address} 不在数据行（第 {setup.data_row} 行）里，请重新对应各列")
    if address in setup.singles and setup.data_row and setup.first_row <= row <= setup.last_row:
        raise DomainError(f"{address} 在数据区里，会被项目替换，请改为对应列")


def read_tie(found: Mapping[str, Any], address: str) -> Tie:
    """A tie of the column of ``address``. Raises ``DomainError``."""
    tie = Tie(
        field=str(found.get("field", "")),
        unit=str(found.get("unit", "万元")),
        places=_whole(found.get("places", 2), MOST_PLACES),
        style=str(found.get("style", "")),
        text=_text(found.get("text", ""), address),
    )
    known = field_of(tie.field)
    if known is None:
        raise DomainError(f"{address} 对应的字段不存在，请重新选择", address)
    _one_of(tie.unit, UNITS)
    if known.kind is Kind.date:
        _one_of(tie.style, DATE_STYLES)
    if known.kind is Kind.progress:
        _one_of(tie.style, PROGRESS_STYLES)
    if tie.field == "funds_in":
        Month.parse(tie.text)
    if tie.field == "funds_year" and not _is_year(tie.text):
        raise DomainError(f"{address}：请填写是哪一年的到位资金，如 2023", address)
    return tie


def read_single(found: Mapping[str, Any], cell: str) -> Single:
    """What is put into ``cell``. Raises ``DomainError``."""
    single = Single(
        text=_text(found.get("text", ""), cell),
        figure=str(found.get("figure", "")),
        window=str(found.get("window", "ytd")),
        dimension=str(found.get("dimension", "")),
        member=_text(found.get("member", ""), cell),
        unit=str(found.get("unit", "万元")),
        places=_whole(found.get("places", 2), MOST_PLACES),
    )
    if not single.figure and not single.text:
        raise DomainError(f"{cell} 没有内容，请选指标或填文字，不需要的请删除这一行", cell)
    if single.figure:
        _one_of(single.figure, CATALOGUE)
        _one_of(single.window, WINDOWS)
        _one_of(single.unit, UNITS)
        _one_of(single.dimension, {"", *(d.value for d in Dimension)})
        if single.dimension and not single.member:
            raise DomainError(f"{cell}：请填写是哪一个{Dimension(single.dimension).label}", cell)
        if single.dimension and not CATALOGUE[single.figure].applies(Dimension(single.dimension)):
            raise DomainError(f"{cell}：这个指标不能按{Dimension(single.dimension).label}分，请改选", cell)
    return single


def _read_rows(found: Mapping[str, Any]) -> Rows:
    rows = Rows(
        stages=tuple(str(one) for one in found.get("stages", ())),
        units=tuple(int(one) for one in found.get("units", ())),
        areas=tuple(int(one) for one in found.get("areas", ())),
        chains=tuple(int(one) for one in found.get("chains", ())),
        big=bool(found.get("big")),
        contracted=bool(found.get("contracted")),
        standing=str(found.get("standing", "")),
        signed=str(found.get("signed", "")),
        started=str(found.get("started", "")),
        money=str(found.get("money", "")),
        text=_text(found.get("text", ""), "包含文字"),
    )
    for stage in rows.stages:
        _one_of(stage, Stage.__members__)
    for value, known in (
        (rows.standing, STANDINGS),
        (rows.signed, SIGNED),
        (rows.started, STARTED),
        (rows.money, MONEY_ROWS),
    ):
        _one_of(value, known)
    return rows


def _whole(value: Any, most: int) -> int:
    text = str(value or 0).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) <= most):
        raise DomainError(f"“{text[:10]}”应为 0 至 {most} 的整数，请重新点选或填写")
    return int(text)


def _text(value: Any, place: str) -> str:
    text = str(value or "").replace("\r\n", "\n").strip()
    if has_control(text) or len(text) > LONGEST_TEXT:
        raise DomainError(f"{place}：文字最多 {LONGEST_TEXT} 个字，不能含看不见的字符", place)
    return text


def _one_of(value: str, known: Any) -> None:
    if value not in known:
        raise DomainError(f"“{value[:20]}”不在可选范围内，请重新选择")


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR
