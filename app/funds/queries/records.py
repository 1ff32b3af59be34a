"""Reading arrivals."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.types import whole_sum
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.kernel.errors import NotFoundError


def get_arrival(session: Session, zone_id: int, arrival_id: int) -> FundArrival:
    """The arrival with its project and unit. Raises ``NotFoundError``, also for one of another zone."""
    query = (
        select(FundArrival)
        .where(FundArrival.zone_id == zone_id, FundArrival.id == arrival_id)
        .options(joinedload(FundArrival.project), joinedload(FundArrival.unit))
    )
    arrival = session.scalars(query).one_or_none()
    if arrival is None:
        raise NotFoundError("没有这笔到账，可能已被删除或不属于本区")
    return arrival


def find_by_voucher(session: Session, zone_id: int, voucher: str) -> FundArrival | None:
    """The arrival with that evidence number."""
    query = select(FundArrival).where(FundArrival.zone_id == zone_id, FundArrival.voucher == voucher)
    return session.scalars(query).one_or_none()


def list_for_project(session: Session, zone_id: int, project_id: int) -> list[FundArrival]:
    """The project's arrivals, newest first."""
    query = select(FundArrival).where(FundArrival.zone_id == zone_id, FundArrival.project_id == project_id)
    return list(session.scalars(query.order_by(FundArrival.arrived_on.desc(), FundArrival.id.desc())))


def recorded_total(session: Session, zone_id: int, project_id: int, *, without: int | None = None) -> int:
    """Fen recorded for the project and not returned, leaving out the arrival ``without``."""
    query = select(whole_sum(FundArrival.amount_fen)).where(
        FundArrival.zone_id == zone_id,
        FundArrival.project_id == project_id,
        FundArrival.state != ReviewState.returned,
    )
    return session.scalars(query if without is None else query.where(FundArrival.id != without)).one()
