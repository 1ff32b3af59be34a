"""A person's day, gathered from the domains: overdue, due, without progress, done today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.rules import Permission, Scope
from app.activities.queries import StaleProject, TaskRow, list_stale, list_tasks, stage_limits
from app.activities.rules import Due, due_of
from app.kernel import clock

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Day:
    """What is to be done, and what was done today; ``stale`` are the own unit's projects."""

    today: dt.date
    tasks: list[tuple[Due, TaskRow]]
    done: list[TaskRow]
    stale: list[StaleProject]

    @property
    def label(self) -> str:
        """11月21日 周六"""
        return f"{self.today.month}月{self.today.day}日 周{WEEKDAYS[self.today.weekday()]}"

    def of(self, *dues: Due) -> list[TaskRow]:
        """The tasks that are due then."""
        return [task for due, task in self.tasks if due in dues]

    @property
    def overdue(self) -> list[TaskRow]:
        """Their day has passed."""
        return self.of(Due.overdue)

    @property
    def week(self) -> list[TaskRow]:
        """Today or to the end of the week."""
        return self.of(Due.today, Due.week)

    @property
    def later(self) -> list[TaskRow]:
        """After this week."""
        return self.of(Due.later)


def my_day(session: Session, scope: Scope, user_id: int, today: dt.date) -> Day | None:
    """The day of somebody who works on projects; None for others. Three queries, one without a unit."""
    if not scope.may(Permission.enter):
        return None
    since = dt.datetime.combine(today, dt.time(), clock.BEIJING)
    rows = list_tasks(session, scope.zone_id, user_id, done_since=since)
    stale: list[StaleProject] = []
    if scope.unit_id is not None:
        limits = stage_limits(session, scope.zone_id)
        stale = list_stale(session, scope.zone_id, scope.unit_id, today=today, limits=limits)
    done = [row for row in rows if row.done_at is not None]
    return Day(
        today=today,
        tasks=[(due_of(row.due_on, today), row) for row in rows if row.done_at is None],
        done=sorted(done, key=lambda row: str(row.done_at), reverse=True),
        stale=stale,
    )
