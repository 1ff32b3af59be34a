"""What a fact is (figures.md §1)."""

from __future__ import annotations

from enum import StrEnum


class FactKind(StrEnum):
    """Everything countable."""

    signed = "signed"
    landed = "landed"
    started = "started"
    produced = "produced"
    full = "full"
    funds = "funds"
    terminated = "terminated"


class Dimension(StrEnum):
    """What a fact can be broken down by."""

    unit = "unit"
    area = "area"
    chain = "chain"
    segment = "segment"
    industry = "industry"
    origin = "origin"
    source = "source"
    investor_type = "investor_type"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "unit": "责任单位",
            "area": "落地片区",
            "chain": "产业链",
            "segment": "链上环节",
            "industry": "行业",
            "origin": "来源地",
            "source": "资金来源",
            "investor_type": "企业性质",
        }[self.value]


class CloseAction(StrEnum):
    """What a step of the books did to its month."""

    close = "close"
    reopen = "reopen"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return "关账" if self is CloseAction.close else "重开"


class Why(StrEnum):
    """Why an entry was posted."""

    new = "new"
    changed = "changed"
    removed = "removed"


FUNDS_ONLY = frozenset({Dimension.source})
"""Attributes of money, not of projects."""
