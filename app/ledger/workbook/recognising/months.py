"""Money in columns of months: which month each is for, and what sums up to a month say about the month itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.ledger.rules.recognition import Column, How, Table
from app.ledger.rules.spans import Period, period_of
from app.ledger.rules.synonyms import EXTRA, IGNORED, MONTHLY_FUNDS


def dated(period: Period | None, year: int | None, as_of: tuple[int, int] | None) -> Period | None:
    """The period with what the title says put in: its year, and the month of 本月 and 本年累计."""
    if period is None:
        return None
    if period.is_open:
        if as_of is None:
            return period
        first = period.first or as_of[1]
        return Period(period.year or as_of[0], first, as_of[1], period.is_sum)
    return replace(period, year=year) if period.year is None else period


def settle_sums(columns: list[Column]) -> list[Column]:
    """Sums of months as what they are: checked against their months, or, where those are missing, taken apart."""
    years = {c.period.year for c in columns if c.period is not None}
    for year in years:
        columns = _of_year(columns, year)
    return columns


def _of_year(columns: list[Column], year: int | None) -> list[Column]:
    own = [c for c in columns if c.period and c.period.year == year and c.field in (MONTHLY_FUNDS, IGNORED)]
    single = {c.period.first: c for c in own if c.period and not c.period.is_sum}
    upto = {
        c.period.last: c
        for c in own
        if c.period and c.period.is_sum and c.period.first == 1 and not c.period.is_open
    }
    changed: dict[int, Column] = {}
    for month in sorted(upto):
        column = upto[month]
        if column.how is How.told or month in single:
            continue
        known = [m for m in sorted(upto, reverse=True) if m < month]
        base = known[0] if known else 0
        between = range(base + 1, month)
        if all(m in single for m in between) and (known or month == 1 or between):
            period = Period(year, month, month, False)
            changed[column.place] = replace(
                column, field=MONTHLY_FUNDS, period=period, less_last=tuple(upto[m].place for m in known),
                less=tuple(single[m].place for m in between),
            )  # fmt: skip
    if not any(c.field == MONTHLY_FUNDS for c in (*own, *changed.values())):
        lone = {c.place: replace(c, field=EXTRA, sure=0, how=How.none) for c in own if c.how is How.head}
        changed = {
            place: c for place, c in lone.items() if c.period and (c.period.first, c.period.last) == (1, 12)
        }
    return [changed.get(c.place, c) for c in columns]


def is_open_sum(column: Column) -> bool:
    """本年累计: the money of the year up to the month of the sheet."""
    said = period_of(column.path)
    return (
        column.field == IGNORED
        and said is not None
        and said.is_open
        and said.is_sum
        and column.how is not How.told
    )


def settle_years(tables: list[Table]) -> list[Table]:
    """本年累计 is checked where the file has the months before; where it has none of them, it tells of them together."""
    known = {
        (c.period.year, c.period.first)
        for table in tables
        for c in table.columns
        if c.field == MONTHLY_FUNDS and c.period is not None
    }
    return [
        replace(table, columns=tuple(_settled(c, table, known) for c in table.columns)) for table in tables
    ]


def _settled(column: Column, table: Table, known: set[tuple[int | None, int]]) -> Column:
    span = column.period
    if not is_open_sum(column) or span is None or span.is_open:
        return column
    own = [
        c for c in table.columns if c.field == MONTHLY_FUNDS and c.period and (c.period.year, c.period.first) == (span.year, span.last)
    ]  # fmt: skip
    before = span.last - 1 if own else span.last
    if before < 1 or any((span.year, month) in known for month in range(1, before + 1)):
        return column
    period = Period(span.year, 1, before, True)
    return replace(column, field=MONTHLY_FUNDS, period=period, less=tuple(c.place for c in own), is_rest=True)


def without_months(table: Table, tables: list[Table]) -> Iterator[Column]:
    """Sums of several months none of whose months is known: nobody can say when the money came."""
    months = {
        (c.period.year, m)
        for other in tables
        for c in other.columns
        if c.field == MONTHLY_FUNDS and c.period and not c.period.is_open
        for m in range(c.period.first, c.period.last + 1)
    }
    for column in table.columns:
        span = column.period
        if column.field != IGNORED or column.how is How.told or not column.samples:
            continue
        if span is None or span.is_open:
            continue
        inside = [(span.year, m) in months for m in range(span.first, span.last + 1)]
        if not any(inside) or (is_open_sum(column) and not all(inside)):
            yield column
