"""The project ledger: projects with the money recognised for them, and sums over all that match a filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, func, select, true, type_coerce
from sqlalchemy.orm import Session

from app.db.types import whole_sum
from app.directory.models import Area, Chain, ResponsibleUnit
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.investors.models import Investor
from app.kernel.money import BIG_FEN
from app.pipeline.models import Milestone, Project
from app.pipeline.queries import ProjectFilter, matches
from app.pipeline.rules import MilestoneKind, Stage


class ProjectOrder(StrEnum):
    """What the ledger can be sorted by."""

    name = "name"
    signed = "signed"
    total = "total"
    recognised = "recognised"
    stage = "stage"


@dataclass(frozen=True)
class ProjectRow:
    """One line of the ledger; ``total_fen`` None: no amount yet, ``stage_on`` None: no date proves the stage."""

    id: int
    number: str
    name: str
    investor: str
    stage: Stage
    area: str | None
    chain: str | None
    unit: str
    officer: str
    signed_on: dt.date | None
    total_fen: int | None
    recognised_fen: int
    stage_on: dt.date | None

    def days_in_stage(self, day: dt.date) -> int | None:
        """停留: days in the present stage on ``day``; None where no date says since when, or it ended."""
        if self.stage_on is None or self.stage in (Stage.terminated, Stage.lost) or self.stage_on > day:
            return None
        return (day - self.stage_on).days


@dataclass(frozen=True)
class ProjectSums:
    """Sums over every project that matches a filter, in fen."""

    projects: int
    total_fen: int
    recognised_fen: int
    big: int
    big_fen: int


def list_projects(
    session: Session,
    zone_id: int,
    wanted: ProjectFilter,
    *,
    order: ProjectOrder = ProjectOrder.signed,
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
) -> list[ProjectRow]:
    """The projects that match, in order, from ``offset`` on. One query; only the rows shown are looked up fully."""
    return list(
        iter_projects(
            session, zone_id, wanted, order=order, descending=descending, offset=offset, limit=limit
        )
    )


def iter_projects(
    session: Session,
    zone_id: int,
    wanted: ProjectFilter,
    *,
    order: ProjectOrder = ProjectOrder.signed,
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
) -> Iterator[ProjectRow]:
    """The same, a thousand at a time, for an export."""
    key = _key(zone_id, order)
    picked = select(Project.id, key.label("key")).where(*matches(zone_id, wanted))
    picked = _ordered(picked, key, Project.id, descending).offset(offset)
    page = (picked if limit is None else picked.limit(limit)).subquery("page")
    query = _ordered(_readable(zone_id, page), page.c.key, page.c.id, descending)
    for row in session.execute(query, execution_options={"yield_per": 1000}):
        yield ProjectRow(**row._mapping)


def project_sums(
    session: Session, zone_id: int, wanted: ProjectFilter, others: Mapping[str, ProjectFilter] | None = None
) -> tuple[ProjectSums, dict[str, int]]:
    """Sums over all projects that match ``wanted``; and how many match each of ``others``. One query."""
    picked = (
        select(Project.total_fen, _recognised(zone_id, Project.id).label("recognised_fen"))
        .where(*matches(zone_id, wanted))
        .subquery("picked")
    )
    is_big = picked.c.total_fen >= BIG_FEN
    sums = select(
        func.count().label("projects"),
        whole_sum(picked.c.total_fen).label("total_fen"),
        whole_sum(picked.c.recognised_fen).label("recognised_fen"),
        whole_sum(case((is_big, 1), else_=0)).label("big"),
        whole_sum(case((is_big, picked.c.total_fen), else_=0)).label("big_fen"),
    ).select_from(picked)
    if not others:
        return ProjectSums(**session.execute(sums).one()._mapping), {}
    counts = [
        whole_sum(case((and_(*matches(zone_id, other)), 1), else_=0)).label(f"other_{name}")
        for name, other in others.items()
    ]
    counted = select(*counts).select_from(Project).where(Project.zone_id == zone_id).subquery("counted")
    summed = sums.subquery("summed")
    row = session.execute(select(summed, counted).join(counted, true())).one()._mapping
    return (
        ProjectSums(**{column.name: row[column.name] for column in summed.c}),
        {name: row[f"other_{name}"] for name in others},
    )


def _key(zone_id: int, order: ProjectOrder) -> ColumnElement[Any]:
    if order is ProjectOrder.recognised:
        return _recognised(zone_id, Project.id)
    if order is ProjectOrder.stage:
        return case({stage: place for place, stage in enumerate(Stage)}, value=Project.stage)
    columns: dict[ProjectOrder, ColumnElement[Any]] = {
        ProjectOrder.name: Project.name_pinyin.expression,
        ProjectOrder.signed: Project.signed_on.expression,
        ProjectOrder.total: Project.total_fen.expression,
    }
    return columns[order]


def _ordered(query: Select[Any], key: Any, identity: Any, descending: bool) -> Select[Any]:
    """Rows without a value come last in both directions; equal ones by identity, so that pages never overlap."""
    if descending:
        return query.order_by(key.desc().nulls_last(), identity.desc())
    return query.order_by(key.asc().nulls_last(), identity)


def _recognised(zone_id: int, project_id: Any) -> ColumnElement[int]:
    return (
        select(whole_sum(FundArrival.amount_fen))
        .where(
            FundArrival.zone_id == zone_id,
            FundArrival.project_id == project_id,
            FundArrival.state == ReviewState.recognised,
        )
        .scalar_subquery()
    )


def _since(zone_id: int) -> ColumnElement[dt.date]:
    """The day the present stage began: the contract's, else that of the stage's own milestone."""
    first = case((Project.stage.in_((Stage.lead, Stage.talks)), MilestoneKind.first_contact.value))
    # type_coerce, not CAST: a cast column is not looked up in its index.
    kind = func.coalesce(first, type_coerce(Project.stage, String))
    reached = (
        select(Milestone.reached_on)
        .where(
            Milestone.zone_id == zone_id,
            Milestone.project_id == Project.id,
            type_coerce(Milestone.kind, String) == kind,
        )
        .scalar_subquery()
    )
    return case((Project.stage == Stage.signed, Project.signed_on), else_=reached)


def _readable(zone_id: int, page: Any) -> Select[Any]:
    columns: Sequence[Any] = (
        Project.id,
        Project.number,
        Project.name,
        Investor.name.label("investor"),
        Project.stage,
        Area.name.label("area"),
        Chain.name.label("chain"),
        ResponsibleUnit.name.label("unit"),
        Project.officer,
        Project.signed_on,
        Project.total_fen,
        _recognised(zone_id, Project.id).label("recognised_fen"),
        _since(zone_id).label("stage_on"),
    )
    return (
        select(*columns)
        .select_from(page)
        .join(Project, and_(Project.zone_id == zone_id, Project.id == page.c.id))
        .join(Investor, and_(Investor.zone_id == zone_id, Investor.id == Project.investor_id))
        .join(
            ResponsibleUnit, and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == Project.unit_id)
        )
        .outerjoin(Area, and_(Area.zone_id == zone_id, Area.id == Project.area_id))
        .outerjoin(Chain, and_(Chain.zone_id == zone_id, Chain.id == Project.chain_id))
    )
