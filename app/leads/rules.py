"""States, sources and clocks of a lead (domain.md §1.3, §7.2)."""

from __future__ import annotations

from enum import StrEnum


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
