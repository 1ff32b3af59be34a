"""What an arrival can be, and what proves it."""

from __future__ import annotations

from enum import StrEnum


class ReviewState(StrEnum):
    """审核状态; only recognised arrivals are facts."""

    pending = "pending"
    recognised = "recognised"
    returned = "returned"
    withdrawn = "withdrawn"
    """The officer took it back before its review; put right, it waits again."""
    voided = "voided"
    """作废: entered wrongly; stays on record, out of every figure and list."""

    @property
    def label(self) -> str:
        """The Chinese name."""
        return STATE_LABELS[self]


STATE_LABELS = {
    ReviewState.pending: "待审核",
    ReviewState.recognised: "已审核",
    ReviewState.returned: "退回",
    ReviewState.withdrawn: "已撤回",
    ReviewState.voided: "已作废",
}
REVIEWED = (ReviewState.pending, ReviewState.recognised, ReviewState.returned)
"""The states that a ledger may give."""
CLAIMING = (ReviewState.pending, ReviewState.recognised)
"""The states that take their part of the contract's total."""
STATE_BY_LABEL = {STATE_LABELS[state]: state for state in REVIEWED} | {"已认定": ReviewState.recognised}


class RevocationKind(StrEnum):
    """What was taken back: a reviewer's decision, or an officer's entry."""

    recognition = "recognition"
    returning = "returning"
    withdrawal = "withdrawal"
    void = "void"
    restore = "restore"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "recognition": "撤销认定",
            "returning": "撤销退回",
            "withdrawal": "撤回",
            "void": "作废",
            "restore": "恢复",
        }[self.value]


class EvidenceKind(StrEnum):
    """凭证种类: what proves an arrival (domain.md §2.2)."""

    bank = "bank"
    capital = "capital"
    equipment = "equipment"
    invoice = "invoice"
    exchange = "exchange"
    other = "other"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return EVIDENCE_LABELS[self]


EVIDENCE_LABELS = {
    EvidenceKind.bank: "银行进账单、转账凭证",
    EvidenceKind.capital: "验资报告",
    EvidenceKind.equipment: "设备清单",
    EvidenceKind.invoice: "有效发票",
    EvidenceKind.exchange: "外汇登记",
    EvidenceKind.other: "其他",
}
