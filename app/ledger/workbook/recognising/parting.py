"""Cells that say more than their column asks for: two facts in one, a stage with its month, several companies."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from app.kernel.errors import DomainError
from app.kernel.money import FEN_PER_WAN, UNITS, parse_number, round_half_up
from app.kernel.text import clean
from app.ledger.rules.heads import flat
from app.ledger.rules.recognition import Answers, Column, How
from app.ledger.rules.synonyms import COMPOSITES, PAIRS, UNIT_AND_OFFICER
from app.ledger.rules.values import DOLLARS, fixed_part, is_month_only, is_nothing, says_not_yet
from app.ledger.workbook.cells import EMPTY, Cell
from app.ledger.workbook.recognising.columns import AMOUNT as YUAN
from app.ledger.workbook.recognising.columns import DAYS, ORIGINAL, ROAD
from app.ledger.workbook.recognising.titles import stage_word
from app.ledger.workbook.recognising.valuing import read_cell

_DOLLARS = re.compile(r"([\d,]+(?:\.\d+)?)(亿美元|万美元|美元)?")
TOTAL, FIXED, INVESTOR, USCC, STAGE = (
    "合同总投资",
    "其中：固定资产投资",
    "投资方名称",
    "统一社会信用代码",
    "当前阶段",
)
_IN_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]$")
"""锂电新能源（电池） says the second part in brackets."""
_SPLIT = re.compile(r"\s*(?:[/／、>→\n]|——|--|-|—)\s*")
_PAIR = re.compile(r"\s*(?:[/／、;；\n]|——|—|～|~|至)\s*")
_COMPANIES = re.compile(r"\s*[;；\n]\s*|(?<=公司)\s*[、，,/]\s*(?=\S{4,})")
_STAGE_DAY = re.compile(r"([^\d(]+?)[(:：\s]*((?:19|20)\d{2}\D.*?)[)]?")
DAY_OF_STAGE = {
    "签约": "合同签订日期",
    "落地": "落地日期",
    "开工": "开工日期",
    "投产": "投产日期",
    "达产": "达产日期",
    "终止": "终止日期",
}


def part_cells(
    columns: list[Column], written: Mapping[str, Cell], year: int | None, answers: Answers, places: Mapping[str, int]
) -> tuple[dict[str, Cell], dict[str, str]]:  # fmt: skip
    """The row's cells by field, and under words of their own what a cell said beyond its field."""
    cells: dict[str, Cell] = {}
    extra: dict[str, str] = {}
    for column in columns:
        cell = written[column.field]
        if column.field in COMPOSITES:
            parts = _two(column, cell, places)
            cells |= {n: _one(replace(column, field=n), c, year, answers) for n, c in parts.items()}
        elif column.field in DAYS and says_not_yet(cell.value):
            cells[column.field] = EMPTY
            extra[f"{column.field}（原文）"] = clean(str(cell.value))
        else:
            cells[column.field] = _one(column, cell, year, answers)
    if ORIGINAL in cells:
        _foreign(cells, written[ORIGINAL], columns)
        _in_yuan(cells)
    if STAGE in cells:
        _part_stage(cells, written[STAGE], year, answers, places)
    if TOTAL in written:
        _part_total(cells, written[TOTAL], columns, extra)
    for name in (INVESTOR, USCC):
        _first_company(cells, name, extra)
    return cells, extra


def _one(column: Column, cell: Cell, year: int | None, answers: Answers) -> Cell:
    """A cell of one fact; foreign money and months without a day are settled when the row is known."""
    if column.field == ORIGINAL:
        return cell
    if column.field == "到账日期" and (month := _month_number(cell, year)) is not None:
        return Cell(month)
    return read_cell(column, cell, year, answers)


def _month_number(cell: Cell, year: int | None) -> Decimal | None:
    """Year and month, as 202403, of an arrival whose row names no day."""
    text = flat(str(cell.value if cell.value is not None else "")).removesuffix("月份").removesuffix("月")
    if text.isdigit() and 1 <= int(text) <= 12 and year is not None:
        return Decimal(year * 100 + int(text))
    if not is_nothing(cell.value) and is_month_only(cell.value):
        day = read_cell(Column(1, ("",), "到账日期", 0, How.head), cell, year, Answers()).value
        if isinstance(day, dt.date):
            return Decimal(day.year * 100 + day.month)
    return None


def _foreign(cells: dict[str, Cell], cell: Cell, columns: list[Column]) -> None:
    """Money in dollars beside what it is in yuan: currency and rate follow where the ledger has no columns for them."""
    column = next(c for c in columns if c.field == ORIGINAL)
    match = _DOLLARS.fullmatch(flat(str(cell.value))) if cell.value is not None else None
    unit = (match[2] if match else None) or column.unit
    if is_nothing(cell.value):
        cells[ORIGINAL] = EMPTY
    elif match is None or unit not in DOLLARS:
        cells[ORIGINAL] = read_cell(column, cell, None, Answers())
    else:
        number = parse_number(match[1]) * UNITS[DOLLARS[unit]] / FEN_PER_WAN
        yuan = cells.get(YUAN, EMPTY).value
        cells[ORIGINAL] = Cell(number)
        if cells.get("币种", EMPTY) is EMPTY:
            cells["币种"] = Cell("美元")
        if cells.get("折算汇率", EMPTY) is EMPTY and isinstance(yuan, Decimal) and number > 0:
            cells["折算汇率"] = Cell(round(yuan / number, 4))


def _in_yuan(cells: dict[str, Cell]) -> None:
    """What an amount is in yuan by the rate of its row, where the ledger has no column for it."""
    own = cells.get("币种", EMPTY).value in (None, "人民币")
    original, rate = cells[ORIGINAL].value, "1" if own else str(cells.get("折算汇率", EMPTY).value)
    if cells.get(YUAN, EMPTY) is EMPTY and isinstance(original, Decimal):
        with suppress(DomainError):  # the row's own verdict says so
            cells[YUAN] = Cell(round_half_up(original * parse_number(rate), 6))


def _part_stage(
    cells: dict[str, Cell], cell: Cell, year: int | None, answers: Answers, places: Mapping[str, int]
) -> None:
    """签约2023-10 is a stage and the day it was reached, where no column has that day."""
    match = _STAGE_DAY.fullmatch(flat(cell.value)) if isinstance(cell.value, str) else None
    stage = stage_word(match[1].rstrip("于在时间,，")) if match else None
    if match is None or stage is None:
        return
    cells[STAGE] = Cell(stage)
    name = DAY_OF_STAGE.get(stage)
    if name is not None and name not in places:
        day = read_cell(Column(1, ("",), name, 0, How.head), Cell(match[2]), year, answers)
        cells[name] = day


def _part_total(cells: dict[str, Cell], cell: Cell, columns: list[Column], extra: dict[str, str]) -> None:
    """1.2亿（其中固投1亿） is two amounts; a total that only talks can have (3000—5000万) is kept as it is written."""
    column = next(c for c in columns if c.field == TOTAL)
    part = fixed_part(cell.value)
    if part is not None and cells.get(FIXED, EMPTY) is EMPTY:
        cells[FIXED] = read_cell(column, Cell(part), None, Answers())
    signed = cells.get("合同签订日期", EMPTY)
    if cells[TOTAL].problem and isinstance(cell.value, str) and signed.value is None and not signed.problem:
        cells[TOTAL] = EMPTY
        extra[f"{TOTAL}（原文）"] = clean(cell.value)


def _first_company(cells: dict[str, Cell], name: str, extra: dict[str, str]) -> None:
    """Of several companies in one cell the first is the investor, the others are kept beside."""
    value = cells.get(name, EMPTY).value
    if not isinstance(value, str):
        return
    first, *others = [part for part in _COMPANIES.split(value.strip()) if part]
    if others:
        cells[name] = Cell(first)
        extra[f"其他{name}"] = "；".join(others)


def _two(column: Column, cell: Cell, places: Mapping[str, int]) -> dict[str, Cell]:
    """The two facts of a cell; one alone is the second where the first has a column of its own."""
    first, second = COMPOSITES[column.field]
    if column.field in PAIRS:
        one, other = _split_pair(column, cell)
    else:
        one, other = _split(cell, spaced=column.field == UNIT_AND_OFFICER)
    if other is EMPTY and places[first] != column.place:
        one, other = EMPTY, one
    return {n: c for n, c in ((first, one), (second, other)) if places[n] == column.place}


def _split_pair(column: Column, cell: Cell) -> tuple[Cell, Cell]:
    """The two amounts or days of a cell, or a word with its place or day; a value that is whole is the first alone."""
    first, _ = COMPOSITES[column.field]
    if first == INVESTOR or not isinstance(cell.value, str):
        return _split(cell)
    if (fixed := fixed_part(cell.value)) is not None and first == TOTAL:
        return cell, Cell(fixed)
    if first in DAYS and not read_cell(replace(column, field=first), cell, None, Answers()).problem:
        return cell, EMPTY
    one, *other = _PAIR.split(_IN_BRACKETS.sub(r"/\1", cell.value.strip()), maxsplit=1)
    return Cell(one), Cell(other[0]) if other else EMPTY


def _split(cell: Cell, *, spaced: bool = False) -> tuple[Cell, Cell]:
    """锂电新能源/电池 as chain and segment; without a sign (or, where ``spaced``, a space) between them the first alone."""
    if not isinstance(cell.value, str):
        return cell, EMPTY
    if is_nothing(cell.value):
        return EMPTY, EMPTY
    text = _IN_BRACKETS.sub(r"/\1", cell.value.strip())
    chain, *rest = [part for part in _SPLIT.split(text, maxsplit=1) if part]
    if spaced and not rest:
        chain, *rest = chain.split(maxsplit=1)
    return Cell(clean(chain)), Cell(clean(rest[0])) if rest else EMPTY


def settle_months(cells: dict[str, Cell], written: Mapping[str, object]) -> None:
    """A month alone is its first day, but never before the step that came before it in that month."""
    earlier: dt.date | None = None
    for name in ROAD:
        day = cells.get(name, EMPTY).value
        if not isinstance(day, dt.date):
            continue
        same = earlier is not None and (day.year, day.month) == (earlier.year, earlier.month)
        if earlier and day < earlier and same and is_month_only(written.get(name)):
            day = earlier
            cells[name] = replace(cells[name], value=day)
        earlier = day
