"""The projects of one company, with the money recognised for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.db.types import whole_sum
from app.directory.models import ResponsibleUnit
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.pipeline.models import Project
from app.pipeline.rules import Stage


@dataclass(frozen=True)
class CompanyProject:
    """One project of a company; ``total_fen`` None: no amount yet."""

    id: int
    number: str
    name: str
    stage: Stage
    unit: str
    officer: str
    signed_on: dt.date | None
    total_fen: int | None
    recognised_fen: int


def list_for_company(session: Session, zone_id: int, ids: Collection[int]) -> list[CompanyProject]:
    """The projects of the companies, the newest contract first, those without one last. One query."""
    recognised = (
        select(whole_sum(FundArrival.amount_fen))
        .where(
            FundArrival.zone_id == zone_id,
            FundArrival.project_id == Project.id,
            FundArrival.state == ReviewState.recognised,
        )
        .scalar_subquery()
    )
    query = (
        select(
            Project.id,
            Project.number,
            Project.name,
            Project.stage,
            ResponsibleUnit.name.label("unit"),
            Project.officer,
            Project.signed_on,
            Project.total_fen,
            recognised.label("recognised_fen"),
        )
        .join(
            ResponsibleUnit, and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == Project.unit_id)
        )
        .where(Project.zone_id == zone_id, Project.investor_id.in_(ids))
        .order_by(Project.signed_on.desc().nulls_last(), Project.id.desc())
    )
    return [CompanyProject(**row._mapping) for row in session.execute(query)]
