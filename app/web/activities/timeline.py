"""动态 of a project: activities and what the audit log says, in one order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.activities.queries import ActivityRow
from app.kernel import clock
from app.web.pipeline.history import Happening

VIEWS = (("", "全部"), ("activity", "活动"), ("system", "系统"))


@dataclass(frozen=True)
class News:
    """One entry: when, who, what, a line of text; ``activity_id`` where it is an activity."""

    at: dt.datetime
    time: str
    who: str
    what: str
    text: str
    mark: str
    activity_id: int | None = None
    files: int = 0


def news_of(
    activities: Sequence[ActivityRow], happenings: Iterable[Happening], *, view: str, limit: int
) -> list[News]:
    """The newest of both; ``view`` is ``activity`` or ``system`` for one of them alone."""
    told = [] if view == "system" else [_of_activity(row) for row in activities]
    if view != "activity":
        told += [_of_happening(one) for one in happenings]
    return sorted(told, key=lambda one: one.at, reverse=True)[:limit]


def _of_activity(row: ActivityRow) -> News:
    """An activity stands at its own day; on the day it was logged, at that time."""
    logged = row.logged_at.astimezone(clock.BEIJING)
    at = logged if logged.date() == row.on_day else _evening(row.on_day)
    return News(
        at=at,
        time=row.on_day.isoformat(),
        who=row.logged_name,
        what=row.kind.label,
        text=row.text,
        mark="k",
        activity_id=row.id,
        files=row.files,
    )


def _of_happening(one: Happening) -> News:
    at = one.at.astimezone(clock.BEIJING)
    return News(
        at, f"{at:%Y-%m-%d %H:%M}", one.who, one.what, one.summary, one.mark if one.mark == "w" else ""
    )


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(18), clock.BEIJING)
