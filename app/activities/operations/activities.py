"""Logging an activity, correcting it, taking it back, and hanging it on a record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activities.models import Activity
from app.activities.queries import open_tasks_of
from app.activities.rules import (
    About,
    AboutKind,
    ActivityKind,
    check_activity,
    check_own,
    check_reason,
    check_stands,
    check_text,
)
from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.leads.operations import follow_activity

FIELDS = ("kind", "on_day", "text", "place", "participants", "people", "days")
LINKS = ("project_id", "lead_id", "investor_id")


@dataclass(frozen=True)
class ActivityData:
    """What is said of an activity; ``people`` and ``days`` only of an outing."""

    kind: ActivityKind
    on_day: dt.date
    text: str
    place: str = ""
    participants: str = ""
    people: int | None = None
    days: int | None = None


def log_activity(
    session: Session,
    actor: Actor,
    data: ActivityData,
    *,
    about: About | None,
    unit_id: int | None,
    today: dt.date,
    author: str = "",
    logged_at: dt.datetime | None = None,
) -> Activity:
    """Put an activity on record, for ``unit_id``; ``about`` is what it hangs on, if anything yet.

    ``author`` and ``logged_at`` are those of an activity kept elsewhere before; without them, who acts, and now.
    Raises ``DomainError`` for all that ``check_activity`` refuses.
    """
    _check(data, today)
    activity = Activity(
        zone_id=actor.zone_id,
        unit_id=unit_id,
        logged_by=None if author else actor.user_id,
        logged_name=author or actor.name,
        logged_at=logged_at or clock.now(),
        **{name: getattr(data, name) for name in FIELDS},
        **_links(about),
    )
    session.add(activity)
    session.flush()
    if activity.lead_id is not None:
        follow_activity(session, actor.zone_id, activity.lead_id, now=activity.logged_at)
    note(
        session,
        actor,
        action="log",
        entity="activity",
        entity_id=activity.id,
        after={name: getattr(activity, name) for name in (*FIELDS, *LINKS)},
    )
    return activity


def correct_activity(
    session: Session, actor: Actor, activity: Activity, data: ActivityData, *, version: int, today: dt.date
) -> bool:
    """Correct one's own activity; whether anything changed.

    Raises ``ConflictError`` when it changed since it was read, ``DomainError`` for somebody else's, for one
    that was taken back and for all that ``check_activity`` refuses.
    """
    check_own(activity.logged_by, actor.user_id)
    check_stands(activity.withdrawn_at)
    _check_version(activity, version)
    _check(data, today)
    before = {name: getattr(activity, name) for name in FIELDS}
    old, new = difference(before, {name: getattr(data, name) for name in FIELDS})
    if not new:
        return False
    for name in new:
        setattr(activity, name, getattr(data, name))
    activity.version += 1
    session.flush()
    note(session, actor, action="correct", entity="activity", entity_id=activity.id, before=old, after=new)
    return True


def withdraw_activity(
    session: Session, actor: Actor, activity: Activity, *, reason: str, version: int
) -> None:
    """Take back one's own activity with what is still to be done after it; both stay readable.

    Raises ``ConflictError`` when it changed since it was read, ``DomainError`` without a reason.
    """
    check_own(activity.logged_by, actor.user_id)
    check_stands(activity.withdrawn_at)
    check_reason(reason)
    _check_version(activity, version)
    now = clock.now()
    activity.withdrawn_at, activity.withdrawn_name, activity.withdrawn_reason = now, actor.name, reason
    activity.version += 1
    for task in open_tasks_of(session, activity.zone_id, activity.id):
        task.withdrawn_at = now
        task.version += 1
    session.flush()
    note(
        session, actor, action="withdraw", entity="activity", entity_id=activity.id, after={"reason": reason}
    )


def link_activity(session: Session, actor: Actor, activity: Activity, about: About, *, version: int) -> None:
    """Hang an activity, and what is to be done after it, on a record. Raises ``DomainError`` if it hangs on one."""
    check_stands(activity.withdrawn_at)
    _check_version(activity, version)
    if any(getattr(activity, name) is not None for name in LINKS):
        raise DomainError("这条活动已有关联，请先解除再重新关联", "about")
    _relink(session, actor, activity, _links(about), "link")


def unlink_activity(session: Session, actor: Actor, activity: Activity, *, version: int) -> None:
    """Take an activity off its record; a project keeps a line about it in its history."""
    check_stands(activity.withdrawn_at)
    _check_version(activity, version)
    project_id = activity.project_id
    if all(getattr(activity, name) is None for name in LINKS):
        raise DomainError("这条活动没有关联，请刷新页面")
    _relink(session, actor, activity, _links(None), "unlink")
    if project_id is not None:
        note(
            session,
            actor,
            action="unlink_activity",
            entity="project",
            entity_id=project_id,
            after={"activity": activity.text[:200]},
        )


def carry_to_project(session: Session, actor: Actor, *, lead_id: int, project_id: int) -> int:
    """The activities of a lead, and what is still to be done for it, go along to the project it became.

    They stay with the lead as well. Returns how many activities went.
    """
    query = select(Activity).where(
        Activity.zone_id == actor.zone_id, Activity.lead_id == lead_id, Activity.project_id.is_(None)
    )
    carried = list(session.scalars(query))
    for activity in carried:
        activity.project_id = project_id
        activity.version += 1
        for task in open_tasks_of(session, activity.zone_id, activity.id):
            task.project_id = project_id
            task.version += 1
        note(
            session,
            actor,
            action="link",
            entity="activity",
            entity_id=activity.id,
            before={"project_id": None},
            after={"project_id": project_id},
        )
    session.flush()
    return len(carried)


def _relink(
    session: Session, actor: Actor, activity: Activity, links: dict[str, int | None], action: str
) -> None:
    before = {name: getattr(activity, name) for name in LINKS}
    for name, value in links.items():
        setattr(activity, name, value)
    activity.version += 1
    for task in open_tasks_of(session, activity.zone_id, activity.id):
        task.project_id, task.lead_id = activity.project_id, activity.lead_id
        task.version += 1
    session.flush()
    old, new = difference(before, dict(links))
    note(session, actor, action=action, entity="activity", entity_id=activity.id, before=old, after=new)


def _links(about: About | None) -> dict[str, Any]:
    return {
        f"{kind.value}_id": about.id if about is not None and about.kind is kind else None
        for kind in AboutKind
    }


def _check(data: ActivityData, today: dt.date) -> None:
    check_activity(
        kind=data.kind,
        on_day=data.on_day,
        text=data.text,
        people=data.people,
        days=data.days,
        today=today,
    )
    for field in ("place", "participants"):
        if getattr(data, field):
            check_text(getattr(data, field), field)


def _check_version(activity: Activity, version: int) -> None:
    if activity.version != version:
        raise ConflictError("这条活动刚刚被修改过，请返回刷新，核对后再提交")
