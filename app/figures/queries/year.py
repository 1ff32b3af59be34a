"""How a year's figures come about: month by month, and what a dissolved contract takes away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, select, true, union_all
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Zone
from app.db.types import whole_sum
from app.figures.queries.basis import facts_to_list, facts_to_sum
from app.figures.queries.windows import in_month
from app.figures.rules import Figure, Measure
from app.journal.rules import LIVE, FactKind, Reading
from app.kernel.periods import FIRST_YEAR, Month, Window
from app.pipeline.models import Contract, Project
from app.pipeline.rules import ContractKind


@dataclass(frozen=True)
class DissolvedRow:
    """A project whose contract was dissolved; ``total_fen`` is its total on that day."""

    project_id: int
    number: str
    name: str
    signed_on: dt.date
    ended_on: dt.date
    total_fen: int


def month_by_month(
    session: Session, zone: Zone, month: Month, figure: Figure, *, reading: Reading = LIVE
) -> list[int]:
    """``figure`` of each month from January to ``month``, each as that month's own window has it. One query.

    On the basis closed each earlier month is as it was issued with its own close. For contracts their sum
    can exceed the ytd: a project dissolved since has left the ytd only.
    """
    month = reading.of(month)
    facts = facts_to_sum(reading, zone, month.ytd, {figure.kind})[figure.kind].subquery("fact")
    value = facts.c.counts if figure.measure is Measure.count else facts.c.amount_fen
    big = facts.c.big == 1 if figure.big_only else true()
    sums = [
        whole_sum(case((and_(_in_month(facts.c, each, reading), big), value), else_=0)).label(
            f"m{each.month}"
        )
        for each in month.so_far()
    ]
    return list(session.execute(select(*sums)).one())


def _in_month(columns: Any, month: Month, reading: Reading) -> Any:
    """As ``in_month``, without what was posted after the month was issued."""
    counted = in_month(columns, month, reading)
    return and_(counted, columns.seq <= reading.issued_by(month)) if reading.issued else counted


def left_out(
    session: Session, zone: Zone, month: Month, *, reading: Reading = LIVE
) -> dict[FactKind, tuple[int, int]]:
    """Facts of this year before ``month`` that left the ytd in it: ``{kind: (count, fen)}``.

    So ytd = ytd of the month before + the month − this, for every kind of fact.
    """
    if month.month == 1:
        return {}
    month = reading.of(month)
    before = Window(month.ytd.start, month.previous().last_day)
    arms = facts_to_sum(reading, zone, before, {FactKind.signed, FactKind.started, FactKind.produced})
    facts = union_all(*arms.values()).subquery("fact")
    query = (
        select(facts.c.kind, whole_sum(facts.c.counts), whole_sum(facts.c.amount_fen))
        .where(facts.c.ended_on.between(month.window.start, month.last_day))
        .group_by(facts.c.kind)
    )
    return {FactKind(kind): (counts, fen) for kind, counts, fen in session.execute(query)}


def list_dissolved(
    session: Session, zone: Zone, month: Month, *, reading: Reading = LIVE
) -> list[DissolvedRow]:
    """The contracts dissolved from 1 January to the end of ``month``, oldest first."""
    month = reading.of(month)
    facts = facts_to_list(reading, zone, month.ytd, {FactKind.terminated})
    if reading.seq is not None:
        return _posted_dissolved(session, zone, month, facts, reading)
    formal = aliased(Contract)
    query = (
        select(
            facts.c.project_id,
            Project.number,
            Project.name,
            formal.signed_on,
            facts.c.on_day.label("ended_on"),
            facts.c.amount_fen.label("total_fen"),
        )
        .join(Project, and_(Project.zone_id == zone.id, Project.id == facts.c.project_id))
        .join(
            formal,
            and_(
                formal.zone_id == zone.id,
                formal.project_id == facts.c.project_id,
                formal.kind == ContractKind.formal,
            ),
        )
        .order_by(facts.c.on_day, facts.c.record_id)
    )
    return [DissolvedRow(**row._mapping) for row in session.execute(query)]


def _posted_dissolved(
    session: Session, zone: Zone, month: Month, facts: Any, reading: Reading
) -> list[DissolvedRow]:
    """From the books: the contract's day and the names are those that were posted."""
    ever = Window(dt.date(FIRST_YEAR, 1, 1), month.last_day)
    signed = facts_to_list(reading, zone, ever, {FactKind.signed}).alias("signed")
    query = (
        select(
            facts.c.project_id,
            facts.c.number,
            facts.c.project.label("name"),
            signed.c.on_day.label("signed_on"),
            facts.c.on_day.label("ended_on"),
            facts.c.amount_fen.label("total_fen"),
        )
        .join(signed, and_(signed.c.project_id == facts.c.project_id, signed.c.counts == 1))
        .order_by(facts.c.on_day, facts.c.record_id)
    )
    return [DissolvedRow(**row._mapping) for row in session.execute(query)]
