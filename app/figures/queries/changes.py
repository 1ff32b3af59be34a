"""What changed in 亿元以上 projects in a month, and which of them do not move."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries.basis import facts_to_list
from app.figures.queries.standing import StandingRow, standing_rows
from app.figures.queries.warnings import SLOW_BIG, STALLED_BIG, warning_conditions
from app.figures.queries.windows import in_window
from app.journal.rules import LIVE, FactKind, Reading
from app.kernel.money import BIG_FEN
from app.kernel.periods import Window
from app.pipeline.models import Project

CHANGES = (FactKind.signed, FactKind.started, FactKind.produced)


@dataclass(frozen=True)
class Change:
    """One fact of a 亿元以上 project; ``counts`` is 0 for a supplement, whose ``amount_fen`` is its increment."""

    kind: FactKind
    project_id: int
    name: str
    on_day: dt.date
    counts: int
    amount_fen: int


def list_big_changes(
    session: Session, zone: Zone, window: Window, *, limit: int = 200, reading: Reading = LIVE
) -> list[Change]:
    """The 亿元以上 projects signed, started and put into production in ``window``, largest amount first. One query.

    The same facts as ``signed_big``, ``started_big`` and ``produced_big`` add up.
    """
    facts = facts_to_list(reading, zone, window, set(CHANGES))
    query = (
        select(
            facts.c.kind,
            facts.c.project_id,
            Project.name,
            facts.c.on_day,
            facts.c.counts,
            facts.c.amount_fen,
        )
        .join(Project, and_(Project.zone_id == zone.id, Project.id == facts.c.project_id))
        .where(in_window(facts.c, window), facts.c.big == 1)
        .order_by(facts.c.amount_fen.desc(), facts.c.record_id)
        .limit(limit)
    )
    return [Change(FactKind(kind), *rest) for kind, *rest in session.execute(query)]


def list_big_problems(
    session: Session, zone_id: int, day: dt.date, *, settled_by: dt.date, limit: int = 60
) -> dict[str, list[StandingRow]]:
    """The 亿元以上 projects that stand still (``STALLED_BIG``) or have little money (``SLOW_BIG``). One query.

    Longest waiting first; ``settled_by`` as in ``warning_sums``.
    """
    query, standing, arrived = standing_rows(zone_id, day)
    conditions = warning_conditions(standing, arrived, settled_by)
    stalled, slow = conditions[STALLED_BIG], conditions[SLOW_BIG]
    query = (
        query.add_columns(stalled.label("is_stalled"))
        .where(or_(stalled, slow), standing.c.total_fen >= BIG_FEN)
        .order_by(None)
        .order_by(standing.c.signed_on, standing.c.project_id)
        .limit(limit)
    )
    found: dict[str, list[StandingRow]] = {STALLED_BIG: [], SLOW_BIG: []}
    for row in session.execute(query):
        values = dict(row._mapping)
        name = STALLED_BIG if values.pop("is_stalled") else SLOW_BIG
        found[name].append(StandingRow(**values))
    return found
