"""Kinds of activities (domain.md §7.6), next steps, and when a project counts as 久未更新 (domain.md §1.3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.errors import DomainError
from app.kernel.text import clean, has_control
from app.pipeline.rules import check_day

LONGEST_TEXT = 2000
MOST_PEOPLE = 10_000
MOST_DAYS = 400
FURTHEST_DAYS = 3 * 366
"""A next step lies at most three years ahead; a later day is a slip of the pen."""


class ActivityKind(StrEnum):
    """What was done."""

    visit_out = "visit_out"
    visit_in = "visit_in"
    site = "site"
    talk = "talk"
    call = "call"
    meeting = "meeting"
    fair = "fair"
    note = "note"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "visit_out": "外出考察",
            "visit_in": "来访接待",
            "site": "现场走访",
            "talk": "洽谈",
            "call": "电话回访",
            "meeting": "会议调度",
            "fair": "展会推介",
            "note": "进展记录",
        }[self.value]


AWAY = (ActivityKind.visit_out, ActivityKind.fair)
"""Kinds for which zones report how many people went for how many days."""


class AboutKind(StrEnum):
    """What an activity can hang on."""

    project = "project"
    lead = "lead"
    investor = "investor"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"project": "项目", "lead": "线索", "investor": "企业"}[self.value]


@dataclass(frozen=True)
class About:
    """One record that an activity hangs on; written ``project:123`` in forms."""

    kind: AboutKind
    id: int

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}"


class Due(StrEnum):
    """When something has to be done, seen from today."""

    overdue = "overdue"
    today = "today"
    week = "week"
    later = "later"


CLEARED_BY = "写一句进展、登记到账或进入下一阶段后自动消除；只打开保存、没有变化的不算"


def parse_about(text: str) -> About | None:
    """The record written ``project:123``; None for nothing. Raises ``DomainError`` for anything else."""
    if not text:
        return None
    kind, _colon, number = text.partition(":")
    if kind not in AboutKind.__members__ or not (
        number.isascii() and number.isdigit() and len(number) < 19 and int(number)
    ):
        raise DomainError("关联对象无法识别，请重新查找并选择", "about")
    return About(AboutKind(kind), int(number))


def check_text(text: str, field: str = "text") -> None:
    """Refuse an empty or hidden sentence."""
    if not clean(text):
        raise DomainError("请写一句做了什么、进展到哪一步", field)
    if has_control(text):
        raise DomainError("内容含有看不见的字符，请手工重新输入", field)
    if len(text) > LONGEST_TEXT:
        raise DomainError(f"内容最多 {LONGEST_TEXT} 个字，请精简", field)


def check_activity(
    *, kind: ActivityKind, on_day: dt.date, text: str, people: int | None, days: int | None, today: dt.date
) -> None:
    """Refuse what no activity can be: no text, a day to come, people and days beside an outing."""
    check_text(text)
    check_day(on_day, "活动日期", "on_day")
    if on_day > today:
        raise DomainError(f"活动日期 {on_day} 晚于今天；还没有做的请填在“下一步”", "on_day")
    if kind not in AWAY and (people or days):
        raise DomainError(f"“{kind.label}”不统计外出人数和天数，请改选外出考察、展会推介，或清空", "people")
    if people is not None and not 1 <= people <= MOST_PEOPLE:
        raise DomainError(f"外出人数请填 1 至 {MOST_PEOPLE}", "people")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise DomainError(f"外出天数请填 1 至 {MOST_DAYS}", "days")


def check_next(text: str, due_on: dt.date | None, today: dt.date) -> None:
    """Refuse a next step without its day, a day without a step, and days that make no sense."""
    if text and due_on is None:
        raise DomainError("请填写下一步的日期，到期会出现在待办里", "next_on")
    if due_on is not None and not text:
        raise DomainError("请写明下一步要做什么", "next_text")
    if due_on is not None:
        check_due(due_on, today, "next_on")


def check_due(due_on: dt.date, today: dt.date, field: str) -> None:
    """Refuse a day that has passed or lies years ahead."""
    if due_on < today:
        raise DomainError(f"日期 {due_on} 已过，请填今天或以后", field)
    if due_on > today + dt.timedelta(days=FURTHEST_DAYS):
        raise DomainError(f"日期 {due_on} 超过三年，请核对年份", field)


def check_own(logged_by: int | None, user_id: int | None) -> None:
    """Only who logged an activity corrects or withdraws it."""
    if user_id is None or logged_by != user_id:
        raise DomainError("只有登记人本人可以更正或撤回，请联系登记人")


def check_stands(withdrawn_at: dt.datetime | None) -> None:
    """A withdrawn activity stays as it was."""
    if withdrawn_at is not None:
        raise DomainError("这条活动已经撤回，不能再修改；需要的请重新登记")


def check_reason(reason: str) -> None:
    """Whoever takes back or puts off says why."""
    if not clean(reason):
        raise DomainError("请写明原因，供以后查阅", "reason")


def check_open(done_at: dt.datetime | None, withdrawn_at: dt.datetime | None) -> None:
    """Only what is still to be done can be done, put off or handed on."""
    if done_at is not None:
        raise DomainError("这件事已经办结，请刷新页面")
    if withdrawn_at is not None:
        raise DomainError("这件事已随活动撤回，请刷新页面")


def check_postponed(due_on: dt.date, before: dt.date, today: dt.date) -> None:
    """A task is put off to a later day."""
    check_due(due_on, today, "due_on")
    if due_on <= before:
        raise DomainError(f"延期后的日期应晚于原定的 {before}", "due_on")


def check_owner(*, active: bool, may_enter: bool, unit_id: int | None, of_unit: int | None) -> None:
    """A task belongs to somebody who works: a colleague of the own unit, or anybody for who has no unit."""
    if not active or not may_enter:
        raise DomainError("承办人已停用或不能登记，请另选一位", "owner_id")
    if of_unit is not None and unit_id != of_unit:
        raise DomainError("只能交给本单位的同事，请从列表中选择", "owner_id")


def due_of(due_on: dt.date, today: dt.date) -> Due:
    """Overdue, today, this week (to Sunday) or later."""
    if due_on < today:
        return Due.overdue
    if due_on == today:
        return Due.today
    return Due.week if due_on <= week_end(today) else Due.later


def week_end(today: dt.date) -> dt.date:
    """The Sunday of the week."""
    return today + dt.timedelta(days=6 - today.weekday())


def days_without_progress(last: dt.date, today: dt.date) -> int:
    """Days since the last activity, stage or money change; none before today."""
    return max(0, (today - last).days)


def is_stale(last: dt.date, today: dt.date, limit_days: int) -> bool:
    """久未更新: longer without progress than the stage bears; never where the limit is 0."""
    return limit_days > 0 and days_without_progress(last, today) > limit_days
