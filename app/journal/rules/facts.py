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

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "signed": "签约",
            "landed": "落地",
            "started": "开工",
            "produced": "投产",
            "full": "达产",
            "funds": "到账",
            "terminated": "终止",
        }[self.value]


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


class Basis(StrEnum):
    """What a figure is read from (figures.md §4.3)."""

    live = "live"
    closed = "closed"
    restated = "restated"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"live": "实时", "closed": "关账", "restated": "重述"}[self.value]


COLUMN_OF = {
    Dimension.unit: "unit_id",
    Dimension.area: "area_id",
    Dimension.chain: "chain_id",
    Dimension.segment: "segment_id",
    Dimension.industry: "industry",
    Dimension.origin: "origin",
    Dimension.source: "source",
    Dimension.investor_type: "investor_type",
}
"""The column of an entry that holds a dimension."""
KEY = ("kind", "record_id", "part")
"""What makes a fact the same fact when it changes: its record, and the unit of a share."""
FACT = (
    *KEY,
    "project_id",
    "on_day",
    "counts",
    "amount_fen",
    "big",
    "ended_on",
    *COLUMN_OF.values(),
    "output_fen",
)
"""Everything of a fact that counts: a difference in one of these is posted."""
LABELS = ("number", "project", "investor", "voucher")
"""Names at the time of posting; a new name alone posts nothing."""
FUNDS_ONLY = frozenset({Dimension.source})
"""Attributes of money, not of projects."""
