"""Money that a file tells twice: one by one and by month, or on two sheets. It is taken once, if both agree."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from app.kernel.text import name_key
from app.ledger.rules.columns import ARRIVALS
from app.ledger.workbook.cells import EMPTY, Cell, cell_address
from app.ledger.workbook.recognising.form_row import AMOUNT, FormRow

Key = tuple[str, int, int]


def once(rows: Iterable[FormRow]) -> Iterator[FormRow]:
    """The rows without the months that a list of arrivals, or an earlier sheet, has told already.

    A month that is told twice with two amounts is a problem of the later cell.
    """
    every = list(rows)
    listed: dict[Key, Decimal] = defaultdict(Decimal)
    blocks: dict[tuple[str, int], FormRow] = {}
    for row in every:
        if row.form is ARRIVALS and row.in_list and _counts(row) and (key := _key(row)) is not None:
            listed[key] += _amount(row)
            blocks.setdefault(key[:2], row)
    told: dict[Key, FormRow] = {}
    for row in every:
        key = _key(row) if row.form is ARRIVALS and not row.in_list and not row.is_rest else None
        if key is None or row.cells[AMOUNT].problem:
            yield row
            continue
        first, amount = (
            (blocks[key[:2]], listed.get(key, Decimal(0))) if key[:2] in blocks else (told.get(key), None)
        )
        if first is None:
            told[key] = row
            yield row
        elif (_amount(first) if amount is None else amount) != _amount(row):
            row.cells[AMOUNT] = Cell(None, _unlike(row, first, key))
            yield row


def _counts(row: FormRow) -> bool:
    """Whether the arrival is among the months' sums, which leave out what was returned or waits."""
    return row.cells.get("审核状态", EMPTY).value in (None, "已审核")


def _unlike(row: FormRow, first: FormRow, key: Key) -> str:
    address = cell_address(row.row, row.columns[AMOUNT])
    return f"{address}：{key[1]}年{key[2]}月到位资金与工作表“{first.sheet}”中的不一致，请统一或跳过其中一张表"


def _amount(row: FormRow) -> Decimal:
    value = row.cells.get(AMOUNT, EMPTY).value
    return value if isinstance(value, Decimal) else Decimal(0)


def _key(row: FormRow) -> Key | None:
    name = row.cells.get("项目编号", EMPTY).value or row.cells.get("项目名称", EMPTY).value
    day = row.cells.get("到账日期", EMPTY).value
    if not name:
        return None
    if row.month is not None:
        return (name_key(str(name)), *row.month)
    return (name_key(str(name)), day.year, day.month) if isinstance(day, dt.date) else None
