"""动态 of a project: activities and what the audit log says, in one order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.activities.queries import ActivityRow
from app.kernel import clock
from app.pipeline.models import StageChange
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
    activities: Sequence[ActivityRow],
    happenings: Iterable[Happening],
    changes: Iterable[StageChange],
    *,
    view: str,
    limit: int,
) -> list[News]:
    """The newest of all; ``view`` is ``activity`` or ``system`` for activities, or the rest, alone."""
    told = [] if view == "system" else [_of_activity(row) for row in activities]
    if view != "activity":
        told += [_of_happening(one) for one in happenings]
        told += [_of_change(change) for change in changes]
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


def _of_change(change: StageChange) -> News:
    """A stage stands at the day it took effect; recorded on that day, at that time."""
    recorded = change.recorded_at.astimezone(clock.BEIJING)
    at = recorded if recorded.date() == change.effective_on else _evening(change.effective_on)
    moved = (
        f"{change.from_stage.label} → {change.to_stage.label}" if change.from_stage else change.to_stage.label
    )
    words = [moved, change.reason, change.went_to and f"流向 {change.went_to}", change.remark]
    owed = "、".join(one["label"] for one in change.owed)
    text = "，".join(word for word in words if word) + (f"；欠 {owed}" if owed else "")
    mark = "w" if change.to_stage.step == 0 else "k"
    return News(at, change.effective_on.isoformat(), change.person_name, "阶段", text, mark)


def _of_happening(one: Happening) -> News:
    at = one.at.astimezone(clock.BEIJING)
    return News(
        at, f"{at:%Y-%m-%d %H:%M}", one.who, one.what, one.summary, one.mark if one.mark == "w" else ""
    )


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(18), clock.BEIJING)
