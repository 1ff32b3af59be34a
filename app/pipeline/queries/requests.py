"""Requests to move a project against the rules of the road, and consents to items of gates."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.directory.models import ResponsibleUnit
from app.kernel.errors import NotFoundError
from app.pipeline.models import Approval, Project, StageRequest
from app.pipeline.rules import RequestState


@dataclass(frozen=True)
class RequestRow:
    """One request of the reviewers' queue with its project."""

    request: StageRequest
    project_id: int
    number: str
    name: str
    unit: str


def waiting_request(session: Session, zone_id: int, project_id: int) -> StageRequest | None:
    """The project's request that waits for a decision."""
    query = select(StageRequest).where(
        StageRequest.zone_id == zone_id,
        StageRequest.project_id == project_id,
        StageRequest.state == RequestState.waiting,
    )
    return session.scalars(query).one_or_none()


def get_request(session: Session, zone_id: int, request_id: int, *, lock: bool = False) -> StageRequest:
    """The request. Raises ``NotFoundError``, also for one of another zone."""
    query = select(StageRequest).where(StageRequest.zone_id == zone_id, StageRequest.id == request_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFoundError("没有这份申请，可能不属于本区")
    return found


def list_requests(
    session: Session, zone_id: int, *, waiting: bool = True, limit: int = 100
) -> list[RequestRow]:
    """Requests that wait, oldest first; or those decided, newest first."""
    state = StageRequest.state == RequestState.waiting
    order = StageRequest.asked_at if waiting else StageRequest.decided_at.desc()
    query = (
        select(StageRequest, Project.id, Project.number, Project.name, ResponsibleUnit.name)
        .join(Project, and_(Project.zone_id == StageRequest.zone_id, Project.id == StageRequest.project_id))
        .join(
            ResponsibleUnit,
            and_(ResponsibleUnit.zone_id == Project.zone_id, ResponsibleUnit.id == Project.unit_id),
        )
        .where(StageRequest.zone_id == zone_id, state if waiting else ~state)
        .order_by(order, StageRequest.id)
        .limit(limit)
    )
    return [RequestRow(*row) for row in session.execute(query)]


def count_requests(session: Session, zone_id: int) -> int:
    """How many requests wait for a decision."""
    query = select(func.count()).where(
        StageRequest.zone_id == zone_id, StageRequest.state == RequestState.waiting
    )
    return session.scalars(query).one()


def find_approval(session: Session, zone_id: int, project_id: int, code: str) -> Approval | None:
    """The consent to that item for the project."""
    query = select(Approval).where(
        Approval.zone_id == zone_id, Approval.project_id == project_id, Approval.code == code
    )
    return session.scalars(query).one_or_none()


def list_approvals(session: Session, zone_id: int, project_id: int) -> dict[str, Approval]:
    """The project's consents by item."""
    query = select(Approval).where(Approval.zone_id == zone_id, Approval.project_id == project_id)
    return {approval.code: approval for approval in session.scalars(query)}
