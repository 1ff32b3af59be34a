"""What does not move on a day: contracts without a start, starts without money, the reserve."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.db.types import whole_sum
from app.directory.models import Area, Chain, ResponsibleUnit
from app.figures.queries.standing import StandingRow, list_where, register_in
from app.investors.models import Investor
from app.journal.rules import LIVE, Reading
from app.kernel.money import BIG_FEN
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.rules import ContractKind, MilestoneKind, Stage

STALLED, STALLED_BIG, UNFUNDED, SLOW_BIG = "stalled", "stalled_big", "unfunded", "slow_big"
BIG = "big"
SLOW_PERCENT = 20
"""Below this share of the total, money is called slow."""


@dataclass(frozen=True)
class Warned:
    """How many projects a warning names, and their totals in fen."""

    projects: int
    total_fen: int


@dataclass(frozen=True)
class ReserveRow:
    """One project of the reserve; ``stage`` is lead or talks, ``on_day`` the first contact."""

    project_id: int
    number: str
    name: str
    investor: str
    unit: str
    area: str | None
    chain: str | None
    stage: str
    on_day: dt.date | None
    intended_fen: int


@dataclass(frozen=True)
class Reserve:
    """储备项目: projects without a formal contract on the day; ``intended_fen`` is their planned total."""

    leads: int
    talks: int
    intended_fen: int


def waits_for_start(standing: Any) -> ColumnElement[bool]:
    """Signed, and neither started nor beyond."""
    return and_(standing.c.started.is_(None), standing.c.produced.is_(None), standing.c.full.is_(None))


def has_no_money(money: Any) -> ColumnElement[bool]:
    """Nothing recognised so far."""
    none: ColumnElement[bool] = money == 0
    return none


def has_slow_money(standing: Any, money: Any) -> ColumnElement[bool]:
    """Something has come, but less than ``SLOW_PERCENT`` of the total."""
    return and_(money > 0, money * 100 < standing.c.total_fen * SLOW_PERCENT)


def warning_conditions(standing: Any, arrived: Any, settled_by: dt.date) -> dict[str, ColumnElement[bool]]:
    """When a standing project is warned about; ``settled_by`` is the day half a year before."""
    money = func.coalesce(arrived.c.arrived_fen, 0)
    big = standing.c.total_fen >= BIG_FEN
    stalled = and_(waits_for_start(standing), standing.c.signed_on <= settled_by)
    slow = and_(has_slow_money(standing, money), standing.c.started <= settled_by)
    return {
        STALLED: stalled,
        STALLED_BIG: and_(stalled, big),
        UNFUNDED: and_(standing.c.started.is_not(None), has_no_money(money)),
        SLOW_BIG: and_(slow, big),
    }


def warning_sums(
    session: Session, zone_id: int, day: dt.date, *, settled_by: dt.date, reading: Reading = LIVE
) -> dict[str, Warned]:
    """Each warning's projects and totals over the register on ``day``. One query.

    stalled: signed up to ``settled_by`` and not started; unfunded: started, nothing arrived;
    slow_big: 亿元以上, started up to ``settled_by``, less than 20 % arrived; big: 亿元以上 in the register.
    """
    standing, arrived = register_in(zone_id, day, reading)
    columns = []
    conditions = warning_conditions(standing, arrived, settled_by) | {BIG: standing.c.total_fen >= BIG_FEN}
    for name, condition in conditions.items():
        columns.append(whole_sum(case((condition, 1), else_=0)).label(f"{name}_projects"))
        columns.append(whole_sum(case((condition, standing.c.total_fen), else_=0)).label(f"{name}_total"))
    query = (
        select(*columns)
        .select_from(standing)
        .outerjoin(arrived, arrived.c.project_id == standing.c.project_id)
    )
    row = session.execute(query).one()._mapping
    return {name: Warned(row[f"{name}_projects"], row[f"{name}_total"]) for name in conditions}


def list_warned(
    session: Session,
    zone_id: int,
    day: dt.date,
    warning: str,
    *,
    settled_by: dt.date,
    reading: Reading = LIVE,
) -> list[StandingRow]:
    """The projects behind one warning, largest total first."""
    return list_where(
        session,
        zone_id,
        day,
        lambda standing, arrived: warning_conditions(standing, arrived, settled_by)[warning],
        reading,
    )


def reserve_on(session: Session, zone_id: int, day: dt.date) -> Reserve:
    """线索 and 在谈 on ``day``: those of today known by then, and what was signed later but talked about by then."""
    lead, talks = _reserve_kinds(day)
    query = _reserve_query(
        select(
            whole_sum(case((lead, 1), else_=0)),
            whole_sum(case((talks, 1), else_=0)),
            whole_sum(Project.investment_fen),
        ),
        zone_id,
        day,
    )
    return Reserve(*session.execute(query).one())


def list_reserve(session: Session, zone_id: int, day: dt.date) -> list[ReserveRow]:
    """The projects behind ``reserve_on``, largest intended total first."""
    lead, _talks = _reserve_kinds(day)
    query = _reserve_query(
        select(
            Project.id.label("project_id"),
            Project.number,
            Project.name,
            Investor.name.label("investor"),
            ResponsibleUnit.name.label("unit"),
            Area.name.label("area"),
            Chain.name.label("chain"),
            case((lead, Stage.lead.value), else_=Stage.talks.value).label("stage"),
            _CONTACT.reached_on.label("on_day"),
            func.coalesce(Project.investment_fen, 0).label("intended_fen"),
        ),
        zone_id,
        day,
    )
    query = (
        query.join(Investor, and_(Investor.zone_id == zone_id, Investor.id == Project.investor_id))
        .join(
            ResponsibleUnit, and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == Project.unit_id)
        )
        .outerjoin(Area, and_(Area.zone_id == zone_id, Area.id == Project.area_id))
        .outerjoin(Chain, and_(Chain.zone_id == zone_id, Chain.id == Project.chain_id))
        .order_by(func.coalesce(Project.investment_fen, 0).desc(), Project.number)
    )
    return [ReserveRow(**row._mapping) for row in session.execute(query)]


_FORMAL, _CONTACT = aliased(Contract), aliased(Milestone)


def _reserve_kinds(day: dt.date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    lead = and_(Project.stage == Stage.lead, _FORMAL.id.is_(None))
    return lead, or_(and_(Project.stage == Stage.talks, _FORMAL.id.is_(None)), _FORMAL.signed_on > day)


def _reserve_query(columns: Any, zone_id: int, day: dt.date) -> Any:
    """``columns`` of the reserve's projects on ``day``, with their contract and first contact."""
    known = or_(_CONTACT.reached_on <= day, and_(_CONTACT.id.is_(None), _FORMAL.id.is_(None)))
    return (
        columns.select_from(Project)
        .outerjoin(_FORMAL, _of_project(_FORMAL, _FORMAL.kind == ContractKind.formal))
        .outerjoin(_CONTACT, _of_project(_CONTACT, _CONTACT.kind == MilestoneKind.first_contact))
        .where(Project.zone_id == zone_id, or_(*_reserve_kinds(day)), known)
    )


def _of_project(record: Any, kind: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(record.zone_id == Project.zone_id, record.project_id == Project.id, kind)
