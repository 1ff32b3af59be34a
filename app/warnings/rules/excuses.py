"""情况说明: an excuse that somebody else acknowledges, for a time."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from app.kernel.errors import DomainError
from app.kernel.text import clean, has_control
from app.warnings.rules.kinds import KINDS, Level, Subject, WarningKind

LONGEST_EXCUSE_DAYS = 366
LONGEST_REASON = 300


class ExcuseState(StrEnum):
    """What became of an excuse."""

    asked = "asked"
    granted = "granted"
    refused = "refused"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"asked": "待确认", "granted": "已确认", "refused": "未采纳"}[self.value]


def check_excuse(kind: WarningKind, reason: str, until_on: dt.date, day: dt.date) -> None:
    """Refuse an excuse without a reason, for what is no project's, for the past or for more than a year."""
    if KINDS[kind].subject is not Subject.project:
        raise DomainError("只有项目的预警可以写情况说明", "kind")
    if not clean(reason):
        raise DomainError("请写明原因：卡在哪里、等什么、谁在办", "reason")
    if has_control(reason):
        raise DomainError("原因中含有看不见的字符，请手工重新输入", "reason")
    if len(reason) > LONGEST_REASON:
        raise DomainError(f"原因最多 {LONGEST_REASON} 个字，请精简", "reason")
    if until_on <= day:
        raise DomainError(f"有效期至 {until_on} 已过，请填 {day} 以后的日期", "until_on")
    if until_on > day + dt.timedelta(days=LONGEST_EXCUSE_DAYS):
        raise DomainError("情况说明最长一年，到期仍未解决的请重新说明", "until_on")


def check_decider(
    state: ExcuseState, asked_by: int, decider_id: int | None, *, grants: bool, answer: str
) -> None:
    """Refuse to decide twice, about one's own excuse, and to turn one down without a word."""
    if state is not ExcuseState.asked:
        raise DomainError("这条情况说明已经处理过，请刷新页面")
    if decider_id is None or decider_id == asked_by:
        raise DomainError("不能确认自己写的情况说明，请由其他审核人员确认")
    if not grants and not clean(answer):
        raise DomainError("不采纳的请写明原因", "answer")
    if len(answer) > LONGEST_REASON or has_control(answer):
        raise DomainError(f"意见最多 {LONGEST_REASON} 个字，且不能含看不见的字符", "answer")


def covers(excused: Level, until_on: dt.date, level: Level, day: dt.date) -> bool:
    """Whether an acknowledged excuse still holds: until its day, and not for worse than what was excused."""
    return day <= until_on and (excused is Level.red or level is Level.yellow)
