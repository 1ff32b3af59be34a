"""Projects in the register on a day (在册): formally contracted and not dissolved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, String, and_, case, cast, func, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.db.types import whole_sum
from app.directory.models import Area, Chain, ResponsibleUnit, Segment
from app.figures.queries.posted import posted_money, posted_register
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.investors.models import Investor
from app.journal.rules import LIVE, Reading
from app.kernel.money import BIG_FEN
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.rules import AFTER_SIGNING, ContractKind, MilestoneKind


@dataclass(frozen=True)
class StandingSums:
    """Number of projects, their totals, expected annual output and money so far, in fen; one group."""

    member: Any
    projects: int
    total_fen: int
    output_fen: int
    arrived_fen: int
    investors: int = 0
    """Different companies behind the projects."""


@dataclass(frozen=True)
class StandingRow:
    """One project in the register as it stood on the day; ``stage`` is a key of ``Stage``, ``stage_on`` its day."""

    project_id: int
    number: str
    name: str
    investor: str
    chain: str | None
    segment: str | None
    area: str | None
    unit: str
    signed_on: dt.date
    total_fen: int
    arrived_fen: int
    started_on: dt.date | None
    stage: str
    stage_on: dt.date
    output_fen: int | None = None
    """预计年产值."""
    origin: str | None = None


def register_on(zone_id: int, day: dt.date, *, among: Select[Any] | None = None) -> Any:
    """A subquery of the register on ``day``: project_id, signed_on, total_fen, and the day of each stage.

    ``among`` selects the ids of the projects to look at; None is the whole zone.
    """
    supplement, ended = aliased(Contract), aliased(Milestone)
    added = (
        select(func.coalesce(func.sum(supplement.amount_fen), 0))
        .where(
            supplement.zone_id == Contract.zone_id,
            supplement.project_id == Contract.project_id,
            supplement.kind == ContractKind.supplement,
            supplement.signed_on <= day,
        )
        .scalar_subquery()
    )
    reached = {kind: aliased(Milestone) for kind in AFTER_SIGNING}
    query = select(
        Contract.project_id.label("project_id"),
        Contract.signed_on.label("signed_on"),
        (Contract.amount_fen + cast(added, BigInteger)).label("total_fen"),
        *(alias.reached_on.label(kind.value) for kind, alias in reached.items()),
        case(
            *((alias.reached_on.is_not(None), kind.value) for kind, alias in reversed(reached.items())),
            else_="signed",
        ).label("stage"),
        func.coalesce(*(alias.reached_on for alias in reversed(reached.values())), Contract.signed_on).label(
            "stage_on"
        ),
    )
    for kind, alias in reached.items():
        query = query.outerjoin(
            alias,
            and_(
                alias.zone_id == Contract.zone_id,
                alias.project_id == Contract.project_id,
                alias.kind == kind,
                alias.reached_on <= day,
            ),
        )
    query = query.outerjoin(
        ended,
        and_(
            ended.zone_id == Contract.zone_id,
            ended.project_id == Contract.project_id,
            ended.kind == MilestoneKind.terminated,
        ),
    )
    if among is not None:
        query = query.where(Contract.project_id.in_(among))
    return query.where(
        Contract.zone_id == zone_id,
        Contract.kind == ContractKind.formal,
        Contract.signed_on <= day,
        or_(ended.reached_on.is_(None), ended.reached_on > day),
    ).subquery("standing")


def arrived_until(zone_id: int, day: dt.date, *, among: Select[Any] | None = None) -> Any:
    """A subquery of the money recognised for each project up to ``day``: project_id, arrived_fen."""
    query = (
        select(FundArrival.project_id, whole_sum(FundArrival.amount_fen).label("arrived_fen"))
        .where(
            FundArrival.zone_id == zone_id,
            FundArrival.state == ReviewState.recognised,
            FundArrival.arrived_on <= day,
        )
        .group_by(FundArrival.project_id)
    )
    if among is not None:
        query = query.where(FundArrival.project_id.in_(among))
    return query.subquery("arrived")


_GROUPS: dict[str, Any] = {
    "chain": Project.chain_id,
    "segment": Project.segment_id,
    "area": Project.area_id,
    "origin": Investor.origin,
}
_POSTED = {"chain": "chain_id", "segment": "segment_id", "area": "area_id", "origin": "origin"}


def register_in(zone_id: int, day: dt.date, reading: Reading) -> tuple[Any, Any]:
    """The register and the money of its projects on ``day``, of today's records or as the books hold them."""
    if reading.seq is None:
        return register_on(zone_id, day), arrived_until(zone_id, day)
    return posted_register(zone_id, reading.seq, day), posted_money(zone_id, reading.seq, day)


def standing_sums(
    session: Session,
    zone_id: int,
    day: dt.date,
    group: str | None = None,
    *,
    big_only: bool = False,
    reading: Reading = LIVE,
) -> list[StandingSums]:
    """Sums over the register on ``day`` by ``group`` (chain, segment, area, origin, stage; None: one group).

    Members are keys, an origin is its name.
    """
    standing, arrived = register_in(zone_id, day, reading)
    live = reading.seq is None
    groups = _GROUPS if live else {name: standing.c[column] for name, column in _POSTED.items()}
    key = standing.c.stage if group == "stage" else groups[group] if group else cast(None, String)
    query = select(
        key.label("member"),
        func.count().label("projects"),
        whole_sum(standing.c.total_fen).label("total_fen"),
        whole_sum(Project.output_fen if live else standing.c.output_fen).label("output_fen"),
        whole_sum(arrived.c.arrived_fen).label("arrived_fen"),
        func.count((Project.investor_id if live else standing.c.investor).distinct()).label("investors"),
    ).select_from(standing)
    if live:
        own = and_(Project.zone_id == zone_id, Project.id == standing.c.project_id)
        company = and_(Investor.zone_id == zone_id, Investor.id == Project.investor_id)
        query = query.join(Project, own).join(Investor, company)
    query = query.outerjoin(arrived, arrived.c.project_id == standing.c.project_id)
    if big_only:
        query = query.where(standing.c.total_fen >= BIG_FEN)
    if group:
        query = query.group_by(key)
    return [StandingSums(**row._mapping) for row in session.execute(query)]


def list_standing(
    session: Session, zone_id: int, day: dt.date, *, big_only: bool = False, reading: Reading = LIVE
) -> list[StandingRow]:
    """The register on ``day``, largest total first."""
    return list_where(
        session,
        zone_id,
        day,
        lambda standing, _arrived: standing.c.total_fen >= BIG_FEN if big_only else true(),
        reading,
    )


def list_where(
    session: Session,
    zone_id: int,
    day: dt.date,
    condition: Callable[[Any, Any], Any],
    reading: Reading,
) -> list[StandingRow]:
    """The projects of the register whose standing and money fulfil ``condition``, largest total first.

    From the books with the names as they were posted, and the unit that answered for them at the close.
    """
    if reading.seq is None:
        query, standing, arrived = standing_rows(zone_id, day)
        rows = session.execute(query.where(condition(standing, arrived)))
        return [StandingRow(**row._mapping) for row in rows]
    standing, arrived = register_in(zone_id, day, reading)
    query = (
        select(standing, func.coalesce(arrived.c.arrived_fen, literal(0)).label("arrived_fen"))
        .outerjoin(arrived, arrived.c.project_id == standing.c.project_id)
        .where(condition(standing, arrived))
        .order_by(standing.c.total_fen.desc(), standing.c.number)
    )
    names = {name: reading.labels(name) for name in ("area", "unit", "chain")}
    handed = dict(reading.lists.get("handed", ()))
    # The own names of segments: figures write those of a chain with its name.
    segments = {entry[0]: entry[3] for entry in reading.lists.get("segment", ())}
    return [
        StandingRow(
            project_id=row.project_id,
            number=row.number,
            name=row.name,
            investor=row.investor,
            chain=names["chain"].get(row.chain_id),
            segment=segments.get(row.segment_id),
            area=names["area"].get(row.area_id),
            unit=names["unit"].get(handed.get(row.project_id, row.unit_id), ""),
            signed_on=row.signed_on,
            total_fen=int(row.total_fen),
            arrived_fen=int(row.arrived_fen),
            started_on=row.started,
            stage=row.stage,
            stage_on=row.stage_on,
            output_fen=row.output_fen,
            origin=row.origin,
        )
        for row in session.execute(query)
    ]


def standing_rows(zone_id: int, day: dt.date) -> tuple[Select[Any], Any, Any]:
    """The select behind ``list_where`` for today's records, with the register and the money in it."""
    standing, arrived = register_on(zone_id, day), arrived_until(zone_id, day)
    query: Select[Any] = (
        select(
            Project.id.label("project_id"),
            Project.number,
            Project.name,
            Investor.name.label("investor"),
            Chain.name.label("chain"),
            Segment.name.label("segment"),
            Area.name.label("area"),
            ResponsibleUnit.name.label("unit"),
            standing.c.signed_on,
            standing.c.total_fen,
            func.coalesce(arrived.c.arrived_fen, 0).label("arrived_fen"),
            standing.c.started.label("started_on"),
            standing.c.stage,
            standing.c.stage_on,
            Project.output_fen,
            Investor.origin,
        )
        .select_from(standing)
        .join(Project, and_(Project.zone_id == zone_id, Project.id == standing.c.project_id))
        .join(Investor, and_(Investor.zone_id == zone_id, Investor.id == Project.investor_id))
        .join(
            ResponsibleUnit, and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == Project.unit_id)
        )
        .outerjoin(Chain, and_(Chain.zone_id == zone_id, Chain.id == Project.chain_id))
        .outerjoin(Segment, and_(Segment.zone_id == zone_id, Segment.id == Project.segment_id))
        .outerjoin(Area, and_(Area.zone_id == zone_id, Area.id == Project.area_id))
        .outerjoin(arrived, arrived.c.project_id == standing.c.project_id)
        .order_by(standing.c.total_fen.desc(), Project.number)
    )
    return query, standing, arrived
