"""Whether the sums that a ledger prints agree with its rows, and the yearly sums with their months."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from app.kernel.errors import DomainError
from app.kernel.money import in_unit
from app.ledger.rules.recognition import Column, Doubt, RowKind, Table
from app.ledger.rules.synonyms import IGNORED, MONTHLY_FUNDS
from app.ledger.rules.values import FEN, is_nothing, own_unit, read_fen
from app.ledger.workbook.cells import cell_address
from app.ledger.workbook.recognising.columns import MONEY
from app.ledger.workbook.recognising.grid import Grid
from app.ledger.workbook.recognising.months import is_open_sum

MOST = 20
"""So many disagreements of a sheet are told one by one."""


def check_totals(grid: Grid, table: Table) -> Iterator[Doubt]:
    """Every subtotal, total and yearly sum that does not agree with what it sums."""
    money = [c for c in table.columns if c.field in MONEY or (c.field == IGNORED and c.period is not None)]
    amounts = {column.place: _amounts(grid, table, column) for column in money}
    found = [*_down(table, money, amounts), *_across(table, money, amounts)]
    yield from found[:MOST]
    if len(found) > MOST:
        yield Doubt(table.sheet, "", "", f"还有 {len(found) - MOST} 处合计不一致", "totals")


def _amounts(grid: Grid, table: Table, column: Column) -> dict[int, int]:
    """The column's readable amounts in fen by row, totals included."""
    found = {}
    for row, kind in table.rows.items():
        if kind not in (RowKind.data, RowKind.subtotal, RowKind.total):
            continue
        value = grid.at(row, column.place).value
        if is_nothing(value):
            continue
        try:
            found[row] = read_fen(value, column.unit)
        except DomainError:
            continue  # the row's own verdict says so
    return found


def _down(table: Table, money: list[Column], amounts: dict[int, dict[int, int]]) -> Iterator[Doubt]:
    rows = sorted(table.rows)
    sections = _sections(table, rows)
    every = table.data_rows()
    for row in rows:
        kind = table.rows[row]
        if kind not in (RowKind.subtotal, RowKind.total):
            continue
        above, below = sections[row]
        choices = [every] if kind is RowKind.total else [above, below]
        choices += [above] if kind is RowKind.total and RowKind.subtotal not in table.rows.values() else []
        for column in money:
            said = amounts[column.place].get(row)
            if said is None:
                continue
            sums = [sum(amounts[column.place].get(r, 0) for r in choice) for choice in choices]
            if all(abs(total - said) > _tolerance(column) for total in sums):
                yield _doubt(table, row, column, said, sums[0], kind.label)


def _sections(table: Table, rows: list[int]) -> dict[int, tuple[list[int], list[int]]]:
    """For each row that sums: the records since the sum or title above it, and those down to the next one."""
    found: dict[int, tuple[list[int], list[int]]] = {}
    breaks = [row for row in rows if table.rows[row] in (RowKind.subtotal, RowKind.total, RowKind.group)]
    data = table.data_rows()
    for place, row in enumerate(breaks):
        before = breaks[place - 1] if place else 0
        after = breaks[place + 1] if place + 1 < len(breaks) else max(rows) + 1
        here = bisect_left(data, row)
        found[row] = (data[bisect_right(data, before) : here], data[here : bisect_left(data, after)])
    return found


def _across(table: Table, money: list[Column], amounts: dict[int, dict[int, int]]) -> Iterator[Doubt]:
    months = [c for c in money if c.field == MONTHLY_FUNDS and c.period is not None]
    for column in money:
        span = column.period
        if span is None or not span.is_sum or column.field != IGNORED or is_open_sum(column):
            continue
        parts = [
            c
            for c in months
            if c.period and c.period.year == span.year and span.first <= c.period.first <= span.last
        ]
        if not parts or any(part.less_last or part.less for part in parts):
            continue
        for row, said in amounts[column.place].items():
            total = sum(amounts[part.place].get(row, 0) for part in parts)
            if table.rows[row] is RowKind.data and abs(total - said) > _tolerance(column):
                yield _doubt(table, row, column, said, total, f"第 {row} 行各月之和")


def _tolerance(column: Column) -> int:
    """A hundredth of the unit that the column is written in, for its rounding."""
    base, times = FEN.get(column.unit or "万元", ("万元", 1))
    return read_fen("0.01", base) * times if base != "元" else 1


def _doubt(table: Table, row: int, column: Column, said: int, summed: int, what: str) -> Doubt:
    address = cell_address(row, column.place)
    return Doubt(
        table.sheet, address, column.head,
        f"{what}不一致：表中为 {in_unit(said, '万元'):,f} 万元，按行相加为 {in_unit(summed, '万元'):,f} 万元", "totals",
    )  # fmt: skip


def without_units(grid: Grid, columns: Iterable[Column], rows: list[int]) -> Iterator[Column]:
    """Columns of money with a cell whose unit nobody says."""
    for column in columns:
        if column.field in MONEY and column.unit is None:
            values = (grid.at(row, column.place).value for row in rows)
            if any(not is_nothing(value) and own_unit(value) is None for value in values):
                yield column
