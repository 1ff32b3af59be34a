"""States, sources and verdicts of a lead, and what may follow what (domain.md §1.2, §7.2)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from app.accounts.rules import Role, Scope
from app.kernel.errors import DomainError
from app.kernel.text import clean


class LeadState(StrEnum):
    """Where a lead stands."""

    open = "open"
    followed = "followed"
    passed_on = "passed_on"
    declined = "declined"
    lapsed = "lapsed"
    converted = "converted"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "open": "待研判",
            "followed": "跟进中",
            "passed_on": "已转出",
            "declined": "不跟进",
            "lapsed": "已失效",
            "converted": "已转项目",
        }[self.value]


ALIVE = (LeadState.open, LeadState.followed)
"""Somebody is at work on it: clocks run, and nobody else may report the same."""


class LeadSource(StrEnum):
    """How the lead came in."""

    visit_out = "visit_out"
    visit_in = "visit_in"
    referral = "referral"
    fair = "fair"
    aid = "aid"
    online = "online"
    other = "other"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "visit_out": "外出招商",
            "visit_in": "来访接待",
            "referral": "以商招商",
            "fair": "展会推介",
            "aid": "援疆渠道",
            "online": "网络电话",
            "other": "其他",
        }[self.value]


class Verdict(StrEnum):
    """研判意见: what the unit makes of a lead."""

    follow = "follow"
    refer = "refer"
    decline = "decline"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"follow": "跟进", "refer": "转出", "decline": "不跟进"}[self.value]

    @property
    def state(self) -> LeadState:
        """Where the lead stands after it."""
        return {
            Verdict.follow: LeadState.followed,
            Verdict.refer: LeadState.passed_on,
            Verdict.decline: LeadState.declined,
        }[self]


class DecisionKind(StrEnum):
    """What a reviewer decides about a lead, on record."""

    transfer = "transfer"
    dispute = "dispute"
    extend = "extend"
    lapse = "lapse"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"transfer": "转移", "dispute": "争议裁定", "extend": "延长保护", "lapse": "失效"}[self.value]


def unit_in_sight(scope: Scope, *, shared: bool) -> int | None:
    """The only unit whose leads a person sees; None: those of all units.

    Officers see their own unit's, unless the zone shares leads; officers of no unit, reviewers and leaders all.
    """
    return None if shared or scope.role is not Role.officer else scope.unit_id


def check_working(state: LeadState) -> None:
    """Refuse work on a lead that is no longer worked on."""
    if state not in ALIVE:
        raise DomainError(f"这条线索{state.label}，不能再记录进展；如需恢复，请重新研判或报审核岗裁定")


def check_assessable(state: LeadState) -> None:
    """Refuse an assessment of what is settled for good; what was declined or passed on can be taken up again."""
    if state in (LeadState.lapsed, LeadState.converted):
        raise DomainError(f"这条线索{state.label}，不能再研判", "verdict")


def check_convertible(state: LeadState) -> None:
    """Refuse to convert what the unit does not follow (the gate 线索 → 在谈 asks for 研判意见)."""
    if state is not LeadState.followed:
        raise DomainError(f"这条线索{state.label}，请先研判为“跟进”，再转为项目")


def check_reason(text: str, field: str, label: str) -> str:
    """``text`` trimmed. Refuses nothing said where a reason has to be on record."""
    said = clean(text)
    if len(said) < 2:
        raise DomainError(f"请填写{label}，写明依据，以备核查", field)
    return said


def check_extension(until: dt.date | None, *, today: dt.date, protected_to: dt.date) -> dt.date:
    """The new last day. Refuses one that shortens the protection or lies more than three years ahead."""
    if until is None:
        raise DomainError("请填写保护期延长到哪一天", "until_on")
    if until <= max(today, protected_to):
        raise DomainError(f"保护期现到 {protected_to}，延长后的日期应晚于这一天和今天", "until_on")
    if until > today + dt.timedelta(days=3 * 365):
        raise DomainError("保护期最多延长三年，请核对年份", "until_on")
    return until
