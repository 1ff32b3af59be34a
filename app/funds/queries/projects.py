"""The project ledger: projects with the money recognised for them, and sums over all that match a filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, func, select, true, type_coerce
from sqlalchemy.orm import Session

from app.db.types import whole_sum
from app.directory.models import Area, Chain, ResponsibleUnit
from app.funds.models import FundArrival
from app.funds.queries.columns import SUMMED, extra_columns, extras_of
from app.funds.rules import ReviewState
from app.investors.models import Investor
from app.kernel.money import BIG_FEN
from app.pipeline.models import Milestone, Project
from app.pipeline.queries import ProjectFilter, Standpoint, matches, stage_since, standpoint
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
    unit_id: int
    officer: str
    signed_on: dt.date | None
    total_fen: int | None
    recognised_fen: int
    stage_on: dt.date | None
    version: int
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Values of the columns asked for besides, see ``funds.queries.columns``."""

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
    extra: Mapping[str, int] = field(default_factory=dict)
    """Sums of the columns asked for besides."""


def list_projects(
    session: Session,
    zone_id: int,
    wanted: ProjectFilter,
    *,
    order: ProjectOrder = ProjectOrder.signed,
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
    extra: Collection[str] = (),
) -> list[ProjectRow]:
    """The projects that match, in order, from ``offset`` on. One query; only the rows shown are looked up fully."""
    return list(
        iter_projects(
            session,
            zone_id,
            wanted,
            order=order,
            descending=descending,
            offset=offset,
            limit=limit,
            extra=extra,
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
    extra: Collection[str] = (),
) -> Iterator[ProjectRow]:
    """The same, a thousand at a time, for an export."""
    at = standpoint(zone_id, wanted.as_of)
    key = _key(zone_id, order, at)
    picked = select(Project.id, key.label("key")).where(*matches(zone_id, wanted))
    picked = _ordered(picked, key, Project.id, descending).offset(offset)
    page = (picked if limit is None else picked.limit(limit)).subquery("page")
    query = _ordered(readable(zone_id, page, at, extra), page.c.key, page.c.id, descending)
    for row in session.execute(query, execution_options={"yield_per": 1000}):
        yield row_of(row._asdict())


def row_of(values: Mapping[str, Any]) -> ProjectRow:
    """A row of ``readable_columns``."""
    plain = {name: value for name, value in values.items() if not name.startswith("extra_")}
    return ProjectRow(**plain, extra=extras_of(values))


def project_sums(
    session: Session,
    zone_id: int,
    wanted: ProjectFilter,
    others: Mapping[str, ProjectFilter] | None = None,
    *,
    extra: Collection[str] = (),
) -> tuple[ProjectSums, dict[str, int]]:
    """Sums over all projects that match ``wanted``; and how many match each of ``others``. One query."""
    at = standpoint(zone_id, wanted.as_of)
    summed_extras = [key for key in extra if key in SUMMED]
    picked = (
        select(
            at.total_fen.label("total_fen"),
            recognised(zone_id, Project.id, at.day).label("recognised_fen"),
            *extra_columns(zone_id, summed_extras),
        )
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
        *(whole_sum(picked.c[f"extra_{key}"]).label(f"extra_{key}") for key in summed_extras),
    ).select_from(picked)
    if not others:
        return _sums(session.execute(sums).one()._asdict()), {}
    counts = [
        whole_sum(case((and_(*matches(zone_id, other)), 1), else_=0)).label(f"other_{name}")
        for name, other in others.items()
    ]
    counted = select(*counts).select_from(Project).where(Project.zone_id == zone_id).subquery("counted")
    summed = sums.subquery("summed")
    row = session.execute(select(summed, counted).join(counted, true())).one()._mapping
    return (
        _sums({column.name: row[column.name] for column in summed.c}),
        {name: row[f"other_{name}"] for name in others},
    )


def _sums(values: Mapping[str, Any]) -> ProjectSums:
    plain = {name: value for name, value in values.items() if not name.startswith("extra_")}
    return ProjectSums(**plain, extra=extras_of(values))


def _key(zone_id: int, order: ProjectOrder, at: Standpoint) -> ColumnElement[Any]:
    if order is ProjectOrder.recognised:
        return recognised(zone_id, Project.id, at.day)
    if order is ProjectOrder.stage:
        return case({stage: place for place, stage in enumerate(Stage)}, value=at.stage)
    columns: dict[ProjectOrder, ColumnElement[Any]] = {
        ProjectOrder.name: Project.name_pinyin.expression,
        ProjectOrder.signed: at.signed_on,
        ProjectOrder.total: at.total_fen,
    }
    return columns[order]


def _ordered(query: Select[Any], key: Any, identity: Any, descending: bool) -> Select[Any]:
    """Rows without a value come last in both directions; equal ones by identity, so that pages never overlap."""
    if descending:
        return query.order_by(key.desc().nulls_last(), identity.desc())
    return query.order_by(key.asc().nulls_last(), identity)


def recognised(zone_id: int, project_id: Any, day: dt.date | None = None) -> ColumnElement[int]:
    """已认定 of a project; with ``day`` only what had arrived by then."""
    query = select(whole_sum(FundArrival.amount_fen)).where(
        FundArrival.zone_id == zone_id,
        FundArrival.project_id == project_id,
        FundArrival.state == ReviewState.recognised,
    )
    return (query if day is None else query.where(FundArrival.arrived_on <= day)).scalar_subquery()


def since(zone_id: int, at: Standpoint) -> ColumnElement[dt.date]:
    """The day the stage began: by the stage's own date (contract, milestone), else by the history of stages."""
    if at.day is not None:
        return stage_since(zone_id, at)
    first = case((at.stage.in_((Stage.lead, Stage.talks)), MilestoneKind.first_contact.value))
    # type_coerce, not CAST: a cast column is not looked up in its index.
    kind = func.coalesce(first, type_coerce(at.stage, String))
    reached = (
        select(Milestone.reached_on)
        .where(
            Milestone.zone_id == zone_id,
            Milestone.project_id == Project.id,
            type_coerce(Milestone.kind, String) == kind,
        )
        .scalar_subquery()
    )
    dated = case((at.stage == Stage.signed, at.signed_on), else_=reached)
    return func.coalesce(dated, stage_since(zone_id, at))


def readable(zone_id: int, page: Any, at: Standpoint, extra: Collection[str] = ()) -> Select[Any]:
    """What a row shows, of the projects in ``page`` (a subquery with their ``id``)."""
    columns: Sequence[Any] = (
        Project.id,
        Project.number,
        Project.name,
        Investor.name.label("investor"),
        at.stage.label("stage"),
        Area.name.label("area"),
        Chain.name.label("chain"),
        ResponsibleUnit.name.label("unit"),
        Project.unit_id.label("unit_id"),
        Project.officer,
        at.signed_on.label("signed_on"),
        at.total_fen.label("total_fen"),
        recognised(zone_id, Project.id, at.day).label("recognised_fen"),
        since(zone_id, at).label("stage_on"),
        Project.version,
        *extra_columns(zone_id, extra),
    )
    return (
        select(*columns)
        .select_from(page)
        .join(Project, and_(Project.zone_id == zone_id, Project.id == page.c.id))
        .join(Investor, and_(Investor.zone_id == zone_id, Investor.id == Project.investor_id))
        .join(ResponsibleUnit, and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == at.unit_id))
        .outerjoin(Area, and_(Area.zone_id == zone_id, Area.id == Project.area_id))
        .outerjoin(Chain, and_(Chain.zone_id == zone_id, Chain.id == Project.chain_id))
    )
