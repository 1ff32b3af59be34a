"""The clocks of a lead: first-report protection, and how soon something has to happen (domain.md §1.3, §7.2).

Days are calendar days in Beijing. A lead received on the 1st with one day to answer is late from the 3rd on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.kernel.clock import BEIJING
from app.kernel.errors import DomainError
from app.leads.rules.states import ALIVE, LeadState

BOUNDS = {"answer_days": 365, "assess_days": 365, "report_days": 365, "protect_days": 1095}
"""The longest a clock may run, in days; the shortest is one."""


@dataclass(frozen=True)
class Clocks:
    """What a zone has chosen, in days; ``shared``: units see each other's leads."""

    answer_days: int = 1
    assess_days: int = 3
    report_days: int = 14
    protect_days: int = 180
    shared: bool = False


@dataclass(frozen=True)
class Late:
    """Something overdue: what and by how many days, and what clears it."""

    what: str
    days: int
    clears: str

    @property
    def text(self) -> str:
        """For a badge."""
        return f"{self.what} {self.days} 天"


@dataclass(frozen=True)
class Course:
    """The dates of one lead that clocks look at."""

    state: LeadState
    received_at: dt.datetime
    answered_at: dt.datetime | None
    progressed_at: dt.datetime
    protected_until: dt.date


def day_of(at: dt.datetime) -> dt.date:
    """The day of an instant in Beijing."""
    return at.astimezone(BEIJING).date()


def late_before(today: dt.date, days: int) -> dt.datetime:
    """What began before this instant and had ``days`` days is overdue today."""
    return dt.datetime.combine(today - dt.timedelta(days=days), dt.time(), BEIJING)


def lates(course: Course, clocks: Clocks, today: dt.date) -> list[Late]:
    """What is overdue with a lead today, the oldest duty first."""
    found = []
    if course.state is LeadState.open:
        if course.answered_at is None:
            answer = _over(course.received_at, clocks.answer_days, today)
            found.append(Late("响应超时", answer, "记录与投资方的联系"))
        found.append(
            Late(
                "研判超时",
                _over(course.received_at, clocks.assess_days, today),
                "填写研判意见",
            )
        )
    if course.state is LeadState.followed:
        report = _over(course.progressed_at, clocks.report_days, today)
        found.append(Late("未报进展超时", report, "报一次进展，或转为项目"))
    return [late for late in found if late.days > 0]


def next_due(course: Course, clocks: Clocks) -> tuple[str, dt.date] | None:
    """What has to happen next, and its last day; None when nothing has."""
    if course.state is LeadState.open:
        if course.answered_at is None:
            return "响应", day_of(course.received_at) + dt.timedelta(days=clocks.answer_days)
        return "研判", day_of(course.received_at) + dt.timedelta(days=clocks.assess_days)
    if course.state is LeadState.followed:
        return "报进展", day_of(course.progressed_at) + dt.timedelta(days=clocks.report_days)
    return None


def protected_to(course: Course, clocks: Clocks) -> dt.date:
    """The last day of the first report's protection: as promised, or as long after the last progress."""
    return max(course.protected_until, day_of(course.progressed_at) + dt.timedelta(days=clocks.protect_days))


def is_protected(course: Course, clocks: Clocks, today: dt.date) -> bool:
    """Whether nobody else may report the same today; protection lapses by itself without progress."""
    return course.state in ALIVE and today <= protected_to(course, clocks)


def has_lapsed(course: Course, clocks: Clocks, today: dt.date) -> bool:
    """Whether protection ran out although the lead was never closed."""
    return course.state in ALIVE and today > protected_to(course, clocks)


def check_clocks(clocks: Clocks) -> None:
    """Refuse clocks that no office keeps."""
    for name, longest in BOUNDS.items():
        if not 1 <= getattr(clocks, name) <= longest:
            raise DomainError(f"请填 1 至 {longest} 天", name)
    if clocks.assess_days < clocks.answer_days:
        raise DomainError("研判时限不能短于响应时限", "assess_days")


def _over(since: dt.datetime, days: int, today: dt.date) -> int:
    return (today - day_of(since)).days - days
