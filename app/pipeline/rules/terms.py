"""What hangs on a contract: opinions of review, commitments of both sides, a change of investor."""

from __future__ import annotations

from enum import StrEnum


class ReviewKind(StrEnum):
    """What a contract is examined for before it is signed (domain.md §0.6, §7.4)."""

    legality = "legality"
    fair_competition = "fair_competition"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"legality": "合法性审查", "fair_competition": "公平竞争审查"}[self.value]


class ReviewResult(StrEnum):
    """What the examining body said."""

    passed = "passed"
    conditional = "conditional"
    failed = "failed"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"passed": "通过", "conditional": "有条件通过", "failed": "未通过"}[self.value]


class Side(StrEnum):
    """Who promised."""

    zone = "zone"
    investor = "investor"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"zone": "园区", "investor": "企业"}[self.value]


class CommitmentState(StrEnum):
    """What became of a promise."""

    open = "open"
    kept = "kept"
    broken = "broken"
    waived = "waived"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"open": "待兑现", "kept": "已兑现", "broken": "未兑现", "waived": "停止执行"}[self.value]
