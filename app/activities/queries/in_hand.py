"""What a person has in hand, to be handed over to somebody else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import UserAccount
from app.accounts.rules import Permission, Role, Scope, may
from app.activities.models import Task
from app.audit.models import AuditEntry
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.leads.models import Lead
from app.leads.rules import ALIVE
from app.pipeline.models import Project
from app.pipeline.rules import ENDED


@dataclass(frozen=True)
class InHand:
    """The projects whose 责任人 the person is, the leads worked on, the open tasks, the arrivals sent back."""

    projects: tuple[Project, ...]
    leads: tuple[Lead, ...]
    tasks: tuple[Task, ...]
    returned: tuple[FundArrival, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to hand over."""
        return not (self.projects or self.leads or self.tasks or self.returned)

    @property
    def mark(self) -> str:
        """Changes as soon as anything is added, finished or changed; a preview is confirmed with it."""
        parts = (self.projects, self.leads, self.tasks, self.returned)
        said = ";".join(",".join(f"{one.id}:{one.version}" for one in part) for part in parts)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def in_hand(session: Session, user: UserAccount, *, lock: bool = False) -> InHand:
    """Everything of a person; projects are known by the 责任人's name within the person's unit."""
    zone_id = user.zone_id
    projects = select(Project).where(
        Project.zone_id == zone_id, Project.officer == user.name, Project.stage.not_in(ENDED)
    )
    if user.unit_id is not None:
        projects = projects.where(Project.unit_id == user.unit_id)
    leads = select(Lead).where(Lead.zone_id == zone_id, Lead.officer_id == user.id, Lead.state.in_(ALIVE))
    tasks = select(Task).where(
        Task.zone_id == zone_id, Task.owner_id == user.id, Task.done_at.is_(None), Task.withdrawn_at.is_(None)
    )
    returned = (
        select(FundArrival)
        .options(joinedload(FundArrival.project))
        .where(
            FundArrival.zone_id == zone_id,
            FundArrival.recorded_by == user.id,
            FundArrival.state == ReviewState.returned,
            ~_handed_over(),
        )
    )
    if lock:
        projects, leads = projects.with_for_update(), leads.with_for_update()
        tasks, returned = tasks.with_for_update(), returned.with_for_update(of=FundArrival)
    return InHand(
        tuple(session.scalars(projects.order_by(Project.id))),
        tuple(session.scalars(leads.order_by(Lead.id))),
        tuple(session.scalars(tasks.order_by(Task.id))),
        tuple(session.scalars(returned.order_by(FundArrival.id))),
    )


def _handed_over() -> ColumnElement[bool]:
    """Whether somebody was asked to correct the arrival since it was sent back; its recorder stays on record."""
    return exists().where(
        AuditEntry.zone_id == FundArrival.zone_id,
        AuditEntry.entity == "fund_arrival",
        AuditEntry.entity_id == FundArrival.id,
        AuditEntry.action == "hand_over",
        or_(FundArrival.reviewed_at.is_(None), AuditEntry.at >= FundArrival.reviewed_at),
    )


def can_take_over(giver: UserAccount, taker: UserAccount) -> bool:
    """Whether ``taker`` may work on what ``giver`` has: active, in the zone, and not of another unit."""
    if taker.id == giver.id or taker.zone_id != giver.zone_id or not taker.active:
        return False
    if not may(taker.role, Permission.enter):
        return False
    scope = Scope(taker.zone_id, taker.unit_id, taker.role)
    if giver.unit_id is None:
        return taker.unit_id is None or taker.role is Role.reviewer
    return scope.may_edit_unit(giver.unit_id)


def list_takers(session: Session, giver: UserAccount) -> list[UserAccount]:
    """Everybody who can take over from ``giver``, by name."""
    query = select(UserAccount).where(UserAccount.zone_id == giver.zone_id, UserAccount.active)
    found = session.scalars(query.order_by(UserAccount.name, UserAccount.id))
    return [user for user in found if can_take_over(giver, user)]
