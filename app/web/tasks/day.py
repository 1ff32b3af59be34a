"""A person's day, gathered from the domains: overdue, due, warned about, sent back, done today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.rules import Permission, Scope
from app.activities.queries import TaskRow, list_tasks
from app.activities.rules import Due, due_of
from app.figures.queries.fired import Fired, Wanted, list_fired
from app.kernel import clock
from app.pipeline.queries import DueCommitment, due_commitments
from app.warnings.rules import IDLE, Level, Subject
from app.web.warnings.sight import look_among

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Day:
    """What is to be done, and what was done today; ``warnings`` are the own unit's, looked at on ``day``."""

    today: dt.date
    day: dt.date
    tasks: list[tuple[Due, TaskRow]]
    done: list[TaskRow]
    warnings: list[Fired]
    promises: list[DueCommitment]
    """Commitments of the own unit's projects, overdue or due within 30 days."""

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

    @property
    def lines(self) -> list[tuple[Fired, int]]:
        """One line for each project and lead, its worst warning, and how many more it has."""
        found: dict[tuple[int | None, int | None], list[Fired]] = {}
        for one in self.warnings:
            if one.subject is not Subject.arrival:
                found.setdefault((one.project_id, one.lead_id), []).append(one)
        return [(some[0], len(some) - 1) for some in found.values()]

    @property
    def red(self) -> list[tuple[Fired, int]]:
        """Those that are red."""
        return [line for line in self.lines if line[0].level is Level.red]

    @property
    def yellow(self) -> list[tuple[Fired, int]]:
        """Those that are only yellow."""
        return [line for line in self.lines if line[0].level is Level.yellow]

    @property
    def stale(self) -> list[Fired]:
        """久未更新."""
        return [one for one in self.warnings if one.kind in IDLE]


def my_day(session: Session, scope: Scope, user_id: int, today: dt.date) -> Day | None:
    """The day of somebody who works on projects; None for others. Four queries, one without a unit."""
    if not scope.may(Permission.enter):
        return None
    since = clock.midnight(today)
    rows = list_tasks(session, scope.zone_id, user_id, done_since=since)
    warnings: list[Fired] = []
    among = None
    if scope.unit_id is not None:
        among = look_among(unit_id=scope.unit_id)
        warnings = list_fired(session, among, Wanted(excused=False))
    done = [row for row in rows if row.done_at is not None]
    return Day(
        today=today,
        day=among.day if among else today,
        tasks=[(due_of(row.due_on, today), row) for row in rows if row.done_at is None],
        done=sorted(done, key=lambda row: str(row.done_at), reverse=True),
        warnings=warnings,
        promises=due_commitments(session, scope.zone_id, today, unit_id=scope.unit_id)
        if scope.unit_id is not None
        else [],
    )
