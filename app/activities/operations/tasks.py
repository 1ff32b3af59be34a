"""What has to be done by a day: made, done, done by mistake, put off, handed to a colleague."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.queries import get_user
from app.accounts.rules import Permission, may
from app.activities.models import Activity, Task
from app.activities.rules import check_next, check_open, check_owner, check_postponed, check_reason
from app.audit.operations import note
from app.audit.rules import Actor
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError


@dataclass(frozen=True)
class TaskData:
    """A next step: what, by when, by whom."""

    text: str
    due_on: dt.date | None
    owner_id: int


def make_task(
    session: Session, actor: Actor, data: TaskData, *, of_unit: int | None, today: dt.date, after: Activity
) -> Task:
    """The next step after an activity. ``of_unit`` is the unit of who asks; None for who has no unit.

    Raises ``DomainError`` for a step without a day, a day that has passed, and an owner of another unit.
    """
    check_next(data.text, data.due_on, today)
    if data.due_on is None:
        raise DomainError("请填写下一步的日期", "next_on")
    _check_owner(session, actor, data.owner_id, of_unit)
    task = Task(
        zone_id=actor.zone_id,
        text=data.text,
        due_on=data.due_on,
        owner_id=data.owner_id,
        activity_id=after.id,
        project_id=after.project_id,
        lead_id=after.lead_id,
        made_at=clock.now(),
        version=1,
    )
    session.add(task)
    session.flush()
    after_ = {"text": task.text, "due_on": task.due_on, "owner_id": task.owner_id, "activity_id": after.id}
    _note(session, actor, task, "make", after=after_)
    return task


def finish_task(session: Session, actor: Actor, task: Task, *, version: int) -> None:
    """Done. Raises ``DomainError`` for one that is done already."""
    _check(task, version)
    task.done_at, task.done_name = clock.now(), actor.name
    _changed(session, task)
    _note(session, actor, task, "finish")


def reopen_task(session: Session, actor: Actor, task: Task, *, version: int) -> None:
    """Not done after all. Raises ``DomainError`` for one that is open."""
    if task.done_at is None:
        raise DomainError("这件事还没有办结，请刷新页面")
    if task.version != version:
        raise ConflictError("这件事刚刚被修改过，请刷新页面")
    task.done_at, task.done_name = None, ""
    _changed(session, task)
    _note(session, actor, task, "reopen")


def postpone_task(
    session: Session, actor: Actor, task: Task, *, due_on: dt.date, reason: str, today: dt.date, version: int
) -> None:
    """Put off to a later day, with the reason on record."""
    _check(task, version)
    check_reason(reason)
    check_postponed(due_on, task.due_on, today)
    before = {"due_on": task.due_on}
    task.due_on = due_on
    _changed(session, task)
    _note(session, actor, task, "postpone", before=before, after={"due_on": due_on, "reason": reason})


def hand_task(
    session: Session, actor: Actor, task: Task, *, owner_id: int, of_unit: int | None, version: int
) -> None:
    """Give it to a colleague."""
    _check(task, version)
    if owner_id == task.owner_id:
        raise DomainError("这件事本来就由本人承办，请另选一位同事", "owner_id")
    _check_owner(session, actor, owner_id, of_unit)
    before = {"owner_id": task.owner_id}
    task.owner_id = owner_id
    _changed(session, task)
    _note(session, actor, task, "hand", before=before, after={"owner_id": owner_id})


def _check(task: Task, version: int) -> None:
    check_open(task.done_at, task.withdrawn_at)
    if task.version != version:
        raise ConflictError("这件事刚刚被修改过，请刷新页面")


def _check_owner(session: Session, actor: Actor, owner_id: int, of_unit: int | None) -> None:
    owner = get_user(session, actor.zone_id, owner_id)
    check_owner(
        active=owner.active,
        may_enter=may(owner.role, Permission.enter),
        unit_id=owner.unit_id,
        of_unit=of_unit,
    )


def _changed(session: Session, task: Task) -> None:
    task.version += 1
    session.flush()


def _note(
    session: Session,
    actor: Actor,
    task: Task,
    action: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    note(session, actor, action=action, entity="task", entity_id=task.id, before=before, after=after)
