"""A figure by the projects behind it: the same facts, added up for each project."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.db.types import whole_sum
from app.figures.queries.basis import facts_to_sum
from app.figures.queries.windows import in_month, in_window, narrowed_to
from app.figures.rules import Figure, Measure
from app.journal.rules import LIVE, Dimension, Reading
from app.kernel.periods import Month, Window


def sums_by_project(
    session: Session,
    zone: Zone,
    days: Window | Month,
    figure: Figure,
    members: Mapping[Dimension, Collection[Any]] | None = None,
    *,
    reading: Reading = LIVE,
) -> dict[int, int]:
    """What each project adds to ``figure`` in ``days``, by its id; counts or fen. One query.

    For a month it is what ``headline`` counts in that month: from the books also what its close corrected.
    """
    narrowed = members or {}
    whole = days if isinstance(days, Window) else days.ytd
    arm = facts_to_sum(reading, zone, whole, {figure.kind}, narrowed.keys())[figure.kind]
    facts = narrowed_to(arm, narrowed).subquery("fact")
    value = facts.c.counts if figure.measure is Measure.count else facts.c.amount_fen
    counted = in_window(facts.c, days) if isinstance(days, Window) else in_month(facts.c, days, reading)
    query = select(facts.c.project_id, whole_sum(value)).where(counted)
    if figure.big_only:
        query = query.where(facts.c.big == 1)
    return {row[0]: row[1] for row in session.execute(query.group_by(facts.c.project_id))}
