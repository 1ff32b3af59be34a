"""Single activities, their open tasks, and who can take a task."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount
from app.accounts.rules import PERMISSIONS, Permission, Scope
from app.activities.models import Activity, Task
from app.activities.queries.filters import sees
from app.kernel.errors import NotFoundError

WORKING = tuple(role for role, held in PERMISSIONS.items() if Permission.enter in held)


def get_activity(session: Session, scope: Scope, activity_id: int, *, lock: bool = False) -> Activity:
    """The activity, for somebody who may see it. Raises ``NotFoundError`` else, also for one of another zone."""
    query = select(Activity).where(Activity.zone_id == scope.zone_id, Activity.id == activity_id)
    visible = sees(scope)
    if visible is not None:
        query = query.where(visible)
    activity = session.scalars(query.with_for_update(of=Activity) if lock else query).one_or_none()
    if activity is None:
        raise NotFoundError("没有这条活动，或不属于您可以查看的单位")
    return activity


def open_tasks_of(session: Session, zone_id: int, activity_id: int) -> list[Task]:
    """What is still to be done after an activity."""
    query = select(Task).where(
        Task.zone_id == zone_id,
        Task.activity_id == activity_id,
        Task.done_at.is_(None),
        Task.withdrawn_at.is_(None),
    )
    return list(session.scalars(query.order_by(Task.due_on, Task.id)))


def list_colleagues(session: Session, scope: Scope) -> dict[int, str]:
    """Who can take a task of this person: active people of the unit, of the zone for who has no unit."""
    query = select(UserAccount.id, UserAccount.name).where(
        UserAccount.zone_id == scope.zone_id, UserAccount.active, UserAccount.role.in_(WORKING)
    )
    if scope.unit_id is not None:
        query = query.where(UserAccount.unit_id == scope.unit_id)
    return {row.id: row.name for row in session.execute(query.order_by(UserAccount.name, UserAccount.id))}
