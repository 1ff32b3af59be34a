"""One figure through the months of two years: what a curve is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, select, true
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.db.types import whole_sum
from app.figures.queries.basis import facts_to_sum
from app.figures.queries.windows import Narrowed, in_window, money_by_day, narrowed_to
from app.figures.rules import Figure, Measure
from app.journal.rules import LIVE, FactKind, Reading
from app.kernel.periods import Month, Window


@dataclass(frozen=True)
class MonthSums:
    """A figure in one month and from January to its end; counts, or whole fen."""

    month: Month
    within: int
    ytd: int


def month_series(
    session: Session,
    zone: Zone,
    month: Month,
    figure: Figure,
    *,
    members: Narrowed | None = None,
    reading: Reading = LIVE,
) -> tuple[list[MonthSums], list[MonthSums]]:
    """``figure`` of each month up to ``month``, and of all twelve of the year before. One query.

    Each number is the one that its own month's window gives: a dissolved project is in the ytd of the months
    before it was dissolved, and has left all later ones.
    """
    month = reading.of(month)
    narrowed = members or {}
    december = Month(month.year - 1, 12, month.cutoff)
    now, before = month.so_far(), december.so_far()
    days = Window(december.ytd.start, month.last_day)
    arm = facts_to_sum(reading, zone, days, {figure.kind}, narrowed.keys())[figure.kind]
    arm = narrowed_to(arm, narrowed)
    facts = money_by_day(arm) if figure.kind is FactKind.funds else arm.subquery("fact")
    value = facts.c.counts if figure.measure is Measure.count else facts.c.amount_fen
    big: Any = facts.c.big == 1 if figure.big_only else true()
    sums = [
        whole_sum(case((and_(in_window(facts.c, window), big), value), else_=0)).label(f"s{place}")
        for place, window in enumerate(w for each in (*now, *before) for w in (each.window, each.ytd))
    ]
    row = list(session.execute(select(*sums)).one())
    found = [
        MonthSums(each, row[2 * place], row[2 * place + 1]) for place, each in enumerate((*now, *before))
    ]
    return found[: len(now)], found[len(now) :]
