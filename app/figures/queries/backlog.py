"""Arrivals that are not recognised: how many of each unit, and one by one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.db.types import whole_sum
from app.directory.models import Area, Chain, ResponsibleUnit
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.investors.models import Investor
from app.pipeline.models import Project


@dataclass(frozen=True)
class Backlog:
    """Arrivals of one unit that are not recognised: ``state`` pending or returned, amount in fen."""

    state: str
    unit: str
    arrivals: int
    amount_fen: int


@dataclass(frozen=True)
class BacklogRow:
    """One arrival that is not recognised."""

    state: str
    project_id: int
    number: str
    name: str
    investor: str
    unit: str
    area: str | None
    chain: str | None
    on_day: dt.date
    amount_fen: int
    voucher: str


def review_backlog(session: Session, zone_id: int, day: dt.date) -> list[Backlog]:
    """Arrivals up to ``day`` that are pending or returned today, by state and unit, largest amount first."""
    amount = whole_sum(FundArrival.amount_fen)
    query = (
        _waiting(select(FundArrival.state, ResponsibleUnit.name, func.count(), amount), zone_id, day)
        .group_by(FundArrival.state, ResponsibleUnit.name, ResponsibleUnit.position)
        .order_by(FundArrival.state, amount.desc(), ResponsibleUnit.position)
    )
    return [Backlog(state.value, unit, number, fen) for state, unit, number, fen in session.execute(query)]


def list_backlog(session: Session, zone_id: int, day: dt.date) -> list[BacklogRow]:
    """The arrivals behind ``review_backlog``, by state and day."""
    columns = select(
        FundArrival.state,
        FundArrival.project_id,
        Project.number,
        Project.name,
        Investor.name.label("investor"),
        ResponsibleUnit.name.label("unit"),
        Area.name.label("area"),
        Chain.name.label("chain"),
        FundArrival.arrived_on.label("on_day"),
        FundArrival.amount_fen,
        FundArrival.voucher,
    )
    query = (
        _waiting(columns, zone_id, day)
        .join(Project, and_(Project.zone_id == zone_id, Project.id == FundArrival.project_id))
        .join(Investor, and_(Investor.zone_id == zone_id, Investor.id == Project.investor_id))
        .outerjoin(Area, and_(Area.zone_id == zone_id, Area.id == Project.area_id))
        .outerjoin(Chain, and_(Chain.zone_id == zone_id, Chain.id == Project.chain_id))
        .order_by(FundArrival.state, FundArrival.arrived_on, FundArrival.id)
    )
    rows = (row._mapping for row in session.execute(query))
    return [BacklogRow(**{**row, "state": row["state"].value}) for row in rows]


def _waiting(columns: Any, zone_id: int, day: dt.date) -> Any:
    return (
        columns.select_from(FundArrival)
        .join(
            ResponsibleUnit,
            and_(ResponsibleUnit.zone_id == FundArrival.zone_id, ResponsibleUnit.id == FundArrival.unit_id),
        )
        .where(
            FundArrival.zone_id == zone_id,
            FundArrival.state.in_((ReviewState.pending, ReviewState.returned)),
            FundArrival.arrived_on <= day,
        )
    )
