"""Single arrivals, and what a project has received."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from app.db.types import whole_sum
from app.directory.models import ResponsibleUnit
from app.funds.models import ArrivalRevocation, ArrivalShare, FundArrival
from app.funds.rules import CLAIMING, ReviewState, RevocationKind, percent_text
from app.kernel.errors import NotFoundError
from app.pipeline.models import Project


@dataclass(frozen=True)
class Share:
    """One unit's part of an arrival."""

    unit_id: int
    unit: str
    percent_hundredths: int
    amount_fen: int

    @property
    def percent(self) -> str:
        """60%, 33.33%"""
        return percent_text(self.percent_hundredths)


def list_shares(session: Session, zone_id: int, arrival_id: int) -> list[Share]:
    """The parts of an arrival in the order of the zone's units; none when it is one unit's."""
    query = (
        select(
            ArrivalShare.unit_id,
            ResponsibleUnit.name.label("unit"),
            ArrivalShare.percent_hundredths,
            ArrivalShare.amount_fen,
        )
        .join(
            ResponsibleUnit,
            and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == ArrivalShare.unit_id),
        )
        .where(ArrivalShare.zone_id == zone_id, ArrivalShare.arrival_id == arrival_id)
        .order_by(ResponsibleUnit.position, ResponsibleUnit.id)
    )
    return [Share(**row._mapping) for row in session.execute(query)]


def get_arrival(session: Session, zone_id: int, arrival_id: int, *, lock: bool = False) -> FundArrival:
    """The arrival with its project and unit. Raises ``NotFoundError``, also for one of another zone.

    ``lock`` keeps other writers away from it until the transaction ends.
    """
    query = (
        select(FundArrival)
        .where(FundArrival.zone_id == zone_id, FundArrival.id == arrival_id)
        .options(joinedload(FundArrival.project).joinedload(Project.investor), joinedload(FundArrival.unit))
    )
    arrival = session.scalars(query.with_for_update(of=FundArrival) if lock else query).one_or_none()
    if arrival is None:
        raise NotFoundError("没有这笔到账，可能已被删除或不属于本区")
    return arrival


def find_by_voucher(session: Session, zone_id: int, voucher: str) -> FundArrival | None:
    """The arrival with that evidence number; void ones do not keep theirs."""
    query = select(FundArrival).where(
        FundArrival.zone_id == zone_id, FundArrival.voucher == voucher, *has_voucher()
    )
    return session.scalars(query).one_or_none()


def has_voucher() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions of the index over evidence numbers, word for word, so that SQLite uses it."""
    return (
        FundArrival.voucher != bindparam("no_voucher", "", literal_execute=True),
        FundArrival.state
        != bindparam("void", ReviewState.voided, FundArrival.state.type, literal_execute=True),
    )


def find_look_alike(
    session: Session,
    zone_id: int,
    project_id: int,
    *,
    arrived_on: dt.date,
    amount_fen: int,
    without: int | None = None,
) -> FundArrival | None:
    """Another arrival of the same amount on the same day for the project: perhaps the same money entered twice."""
    query = select(FundArrival).where(
        FundArrival.zone_id == zone_id,
        FundArrival.project_id == project_id,
        FundArrival.arrived_on == arrived_on,
        FundArrival.amount_fen == amount_fen,
        FundArrival.state.in_(CLAIMING),
    )
    query = query if without is None else query.where(FundArrival.id != without)
    return session.scalars(query.order_by(FundArrival.id).limit(1)).first()


def list_for_project(session: Session, zone_id: int, project_id: int) -> list[FundArrival]:
    """The project's arrivals without the void ones, newest first."""
    query = select(FundArrival).where(
        FundArrival.zone_id == zone_id,
        FundArrival.project_id == project_id,
        FundArrival.state != ReviewState.voided,
    )
    return list(session.scalars(query.order_by(FundArrival.arrived_on.desc(), FundArrival.id.desc())))


def recorded_total(session: Session, zone_id: int, project_id: int, *, without: int | None = None) -> int:
    """Fen recorded for the project, waiting or recognised, leaving out the arrival ``without``."""
    query = select(whole_sum(FundArrival.amount_fen)).where(
        FundArrival.zone_id == zone_id,
        FundArrival.project_id == project_id,
        FundArrival.state.in_(CLAIMING),
    )
    return session.scalars(query if without is None else query.where(FundArrival.id != without)).one()


def recorded_span(session: Session, zone_id: int, project_id: int) -> tuple[dt.date | None, int]:
    """The day of the project's first arrival and the fen of all of them, of those that wait or are recognised."""
    query = select(func.min(FundArrival.arrived_on), whole_sum(FundArrival.amount_fen)).where(
        FundArrival.zone_id == zone_id,
        FundArrival.project_id == project_id,
        FundArrival.state.in_(CLAIMING),
    )
    first, total = session.execute(query).one()
    return first, total


def states_total(session: Session, zone_id: int, project_id: int) -> dict[ReviewState, int]:
    """Fen of the project's arrivals by review state."""
    query = (
        select(FundArrival.state, whole_sum(FundArrival.amount_fen).label("fen"))
        .where(FundArrival.zone_id == zone_id, FundArrival.project_id == project_id)
        .group_by(FundArrival.state)
    )
    return {row.state: row.fen for row in session.execute(query)}


def list_reviewed(
    session: Session, zone_id: int, reviewer: int, *, since: dt.datetime, limit: int
) -> list[FundArrival]:
    """What a person has reviewed from ``since`` on, with the projects, the last one first."""
    query = (
        select(FundArrival)
        .where(
            FundArrival.zone_id == zone_id,
            FundArrival.reviewed_by == reviewer,
            FundArrival.reviewed_at >= since,
        )
        .options(joinedload(FundArrival.project))
        .order_by(FundArrival.reviewed_at.desc(), FundArrival.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def list_revocations(session: Session, zone_id: int, arrival_id: int) -> list[ArrivalRevocation]:
    """The steps of an arrival that were taken back, the last one first."""
    query = select(ArrivalRevocation).where(
        ArrivalRevocation.zone_id == zone_id, ArrivalRevocation.arrival_id == arrival_id
    )
    return list(session.scalars(query.order_by(ArrivalRevocation.id.desc())))


def revocation_reasons(session: Session, zone_id: int, arrival_ids: Collection[int]) -> dict[int, str]:
    """Why the last step of each arrival was taken back, where somebody said it. One query."""
    query = select(ArrivalRevocation.arrival_id, ArrivalRevocation.reason).where(
        ArrivalRevocation.zone_id == zone_id,
        ArrivalRevocation.arrival_id.in_(arrival_ids),
        ArrivalRevocation.reason != "",
    )
    return dict(session.execute(query.order_by(ArrivalRevocation.id)).all())


def last_revocation(
    session: Session, zone_id: int, arrival_id: int, kind: RevocationKind
) -> ArrivalRevocation | None:
    """The last step of that kind."""
    found = list_revocations(session, zone_id, arrival_id)
    return next((step for step in found if step.kind is kind), None)
