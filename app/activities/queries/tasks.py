"""What a person has to do, and how much waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount
from app.accounts.rules import Permission, Scope
from app.activities.models import Task
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.kernel.errors import NotFoundError
from app.leads.models import Lead
from app.pipeline.models import Project, StageRequest
from app.pipeline.rules import RequestState


@dataclass(frozen=True)
class TaskRow:
    """One thing to do, or done."""

    id: int
    text: str
    due_on: dt.date
    activity_id: int | None
    project_id: int | None
    project: str | None
    lead_id: int | None
    lead: str | None
    done_at: dt.datetime | None
    version: int


@dataclass(frozen=True)
class Waiting:
    """How much waits for a person: tasks to the end of the week, own unit's returned arrivals, reviews.

    ``stages``: requests to move a project, for reviewers.
    """

    tasks: int
    returned: int
    reviews: int
    stages: int = 0


def list_tasks(session: Session, zone_id: int, owner_id: int, *, done_since: dt.datetime) -> list[TaskRow]:
    """What the person has to do, by day, and what was done since that instant. One query."""
    query = (
        select(
            Task.id,
            Task.text,
            Task.due_on,
            Task.activity_id,
            Task.project_id,
            Project.name.label("project"),
            Task.lead_id,
            Lead.name.label("lead"),
            Task.done_at,
            Task.version,
        )
        .outerjoin(Project, and_(Project.zone_id == Task.zone_id, Project.id == Task.project_id))
        .outerjoin(Lead, and_(Lead.zone_id == Task.zone_id, Lead.id == Task.lead_id))
        .where(
            Task.zone_id == zone_id,
            Task.owner_id == owner_id,
            Task.withdrawn_at.is_(None),
            or_(Task.done_at.is_(None), Task.done_at >= done_since),
        )
        .order_by(Task.due_on, Task.id)
    )
    return [TaskRow(**row._mapping) for row in session.execute(query)]


def list_tasks_after(session: Session, zone_id: int, activity_id: int) -> list[tuple[Task, str]]:
    """The next steps of an activity, open or done, each with its owner's name. One query."""
    query = (
        select(Task, UserAccount.name)
        .join(UserAccount, and_(UserAccount.zone_id == Task.zone_id, UserAccount.id == Task.owner_id))
        .where(Task.zone_id == zone_id, Task.activity_id == activity_id)
        .order_by(Task.due_on, Task.id)
    )
    return [(task, name) for task, name in session.execute(query)]


def get_task(session: Session, zone_id: int, owner_id: int, task_id: int) -> Task:
    """The person's own task, locked. Raises ``NotFoundError`` for one of somebody else."""
    query = select(Task).where(Task.zone_id == zone_id, Task.id == task_id, Task.owner_id == owner_id)
    task = session.scalars(query.with_for_update(of=Task)).one_or_none()
    if task is None:
        raise NotFoundError("没有这件待办，可能已交给别人")
    return task


def waiting_counts(session: Session, scope: Scope, user_id: int, *, until: dt.date) -> Waiting:
    """The counts for the navigation; what a role has nothing to do with is not counted. One query."""
    tasks = select(func.count(Task.id)).where(
        Task.zone_id == scope.zone_id,
        Task.owner_id == user_id,
        Task.done_at.is_(None),
        Task.withdrawn_at.is_(None),
        Task.due_on <= until,
    )
    arrivals = select(func.count(FundArrival.id)).where(FundArrival.zone_id == scope.zone_id)
    returned = arrivals.where(FundArrival.state == ReviewState.returned, FundArrival.unit_id == scope.unit_id)
    pending = arrivals.where(FundArrival.state == ReviewState.pending)
    asked = select(func.count(StageRequest.id)).where(
        StageRequest.zone_id == scope.zone_id, StageRequest.state == RequestState.waiting
    )
    reviews = scope.may(Permission.review)
    nothing = literal(0)
    row = session.execute(
        select(
            tasks.scalar_subquery(),
            nothing if scope.unit_id is None or reviews else returned.scalar_subquery(),
            pending.scalar_subquery() if reviews else nothing,
            asked.scalar_subquery() if reviews else nothing,
        )
    ).one()
    return Waiting(*row)
