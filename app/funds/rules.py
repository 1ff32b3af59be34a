"""When an arrival of money may be recorded and recognised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.directory.rules import OriginGroup, origin_group
from app.kernel.errors import DomainError
from app.kernel.money import FEN_PER_YUAN, MAX_FEN, amount_text, cut_zeros
from app.kernel.text import name_key

RATE_SCALE = 1_000_000
"""Rates are stored as whole millionths (stack.md §2)."""
CNY = "CNY"
CURRENCIES = {
    "CNY": "人民币",
    "USD": "美元",
    "EUR": "欧元",
    "HKD": "港元",
    "JPY": "日元",
    "GBP": "英镑",
    "RUB": "卢布",
    "KZT": "坚戈",
    "SGD": "新加坡元",
    "KRW": "韩元",
}
CURRENCY_BY_LABEL = {label: code for code, label in CURRENCIES.items()} | {code: code for code in CURRENCIES}
MIN_ARRIVAL_FEN = FEN_PER_YUAN
RATE_TOLERANCE_FEN = 100_000
"""CNY may differ from original × rate by 0.1 万元, the rounding of a ledger that keeps one decimal of 万元."""


class FundSource(StrEnum):
    """资金来源, seen from the zone's province (domain.md §2.1)."""

    outside = "outside"
    abroad = "abroad"
    inside = "inside"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return SOURCE_LABELS[self]


SOURCE_LABELS = {FundSource.outside: "区外境内", FundSource.abroad: "境外", FundSource.inside: "区内"}
SOURCE_BY_LABEL = {label: source for source, label in SOURCE_LABELS.items()}


def source_of(origin: str | None, zone_province: str) -> FundSource | None:
    """Where money of an investor from ``origin`` most likely comes from: what a form proposes; None: nobody knows."""
    if origin is None:
        return None
    group = origin_group(origin, zone_province)
    return {OriginGroup.inside: FundSource.inside, OriginGroup.abroad: FundSource.abroad}.get(
        group, FundSource.outside
    )


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
RETURN_REASONS = ("凭证不清", "金额不符", "付款方不符", "非本项目", "重复登记", "其他")
"""退回原因: one is chosen, and words may be added."""
WHOLE = 10_000
"""100% in hundredths of a percent."""
Percents = Sequence[tuple[int, int]]
"""Units (by id) and their shares in hundredths of a percent."""


def check_shares(percents: Percents) -> None:
    """Refuse shares that name a unit twice, are empty, or do not add up to 100% exactly; none at all is fine."""
    if not percents:
        return
    if len({unit for unit, _ in percents}) != len(percents):
        raise DomainError("同一单位只能填一行，请合并它的比例", "shares")
    if len(percents) < 2:
        raise DomainError("分割至少要有两个单位；只有一个单位的不用填", "shares")
    if any(percent < 1 for _, percent in percents):
        raise DomainError("每个单位的比例应大于 0", "shares")
    total = sum(percent for _, percent in percents)
    if total != WHOLE:
        raise DomainError(f"各单位比例合计 {Decimal(total) / 100:f}%，应正好是 100%", "shares")


def percent_text(hundredths: int) -> str:
    """60%, 33.33%"""
    return f"{cut_zeros(Decimal(hundredths) / 100)}%"


def split(fen: int, percents: Percents) -> dict[int, int]:
    """Fen for each unit, adding up to ``fen`` exactly: rounded down, the rest to the largest fractions."""
    exact = {unit: fen * percent for unit, percent in percents}
    parts = {unit: value // WHOLE for unit, value in exact.items()}
    by_fraction = sorted(exact, key=lambda unit: -(exact[unit] % WHOLE))
    for unit in by_fraction[: fen - sum(parts.values())]:
        parts[unit] += 1
    return parts


def check_cut(*, claimed_fen: int, fen: int, reason: str) -> None:
    """Refuse to recognise more than was claimed, nothing, or less without a reason."""
    if fen > claimed_fen:
        raise DomainError(
            f"认定金额 {amount_text(fen)} 万元不能超过登记金额 {amount_text(claimed_fen)} 万元；"
            "确有更多到账的，请退回补充登记",
            "amount",
        )
    if fen < MIN_ARRIVAL_FEN:
        raise DomainError("认定金额不足 1 元；全部不认定的，请退回", "amount")
    if fen < claimed_fen and not reason.strip():
        raise DomainError("认定金额少于登记金额，请写明原因", "cut_reason")


def cny_fen(original_minor: int, rate: Decimal) -> int:
    """Original money (hundredths) × rate as whole fen, half up."""
    return int((Decimal(original_minor) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def check_rate(currency: str, rate: Decimal) -> None:
    """Refuse a rate that cannot be: CNY has exactly 1, others between 0.0001 and 100000, six decimals."""
    if currency == CNY:
        if rate != 1:
            raise DomainError("人民币的折算汇率应为 1", "rate")
        return
    if not Decimal("0.0001") <= rate <= 100_000 or rate != rate.quantize(Decimal("0.000001")):
        raise DomainError(f"折算汇率 {rate} 有误，请填 1 单位外币折合人民币元数，最多 6 位小数", "rate")


def check_equivalent(*, original_minor: int, rate: Decimal, fen: int) -> None:
    """Refuse a CNY amount that is not original × rate, beyond a ledger's rounding."""
    expected = cny_fen(original_minor, rate)
    if abs(expected - fen) > RATE_TOLERANCE_FEN:
        raise DomainError(
            f"折人民币 {amount_text(fen)} 万元与原币×汇率 {amount_text(expected)} 万元不符，请核对", "amount"
        )


def check_recordable(
    *,
    fen: int,
    arrived_on: dt.date,
    signed_on: dt.date | None,
    today: dt.date,
    total_fen: int | None,
    already_fen: int,
) -> None:
    """Refuse an arrival without formal contract, before it, in the future, too small, or above the contract's total.

    ``already_fen`` is what is recorded for the project and not returned (figures.md §4.5, domain.md §2.2).
    """
    if not MIN_ARRIVAL_FEN <= fen <= MAX_FEN:
        raise DomainError("到账金额不足 1 元，请核对单位", "amount")
    if signed_on is None or total_fen is None:
        raise DomainError("该项目尚无正式合同，不能登记到账；请先登记合同", "project")
    if arrived_on > today:
        raise DomainError(f"到账日期 {arrived_on} 晚于今天，请核对", "arrived_on")
    if arrived_on < signed_on:
        raise DomainError(f"到账日期 {arrived_on} 早于合同签订日期 {signed_on}，请核对", "arrived_on")
    if already_fen + fen > total_fen:
        raise DomainError(
            f"累计到账 {amount_text(already_fen + fen)} 万元将超过合同总投资 {amount_text(total_fen)} 万元，"
            "请核对金额，或先登记补充协议",
            "amount",
        )


def check_covered(
    *, first_on: dt.date | None, already_fen: int, signed_on: dt.date | None, total_fen: int | None
) -> None:
    """Refuse a contract that arrivals recorded before contradict; ``first_on`` is the day of the earliest one."""
    if first_on is None:
        return
    if signed_on is None or total_fen is None:
        raise DomainError("该项目已登记到账，必须保留正式合同；合同终止请填终止日期", "contract_kind")
    if first_on < signed_on:
        raise DomainError(f"合同签订日期 {signed_on} 晚于已登记的到账 {first_on}，请核对", "signed_on")
    if already_fen > total_fen:
        raise DomainError(
            f"合同总投资 {amount_text(total_fen)} 万元低于已登记到账 {amount_text(already_fen)} 万元，请核对",
            "amount",
        )


def check_reviewable(*, state: ReviewState, recorded_by: int | None, reviewer: int | None) -> None:
    """Refuse a second review, and the review of one's own entry."""
    if state is not ReviewState.pending:
        raise DomainError(f"该笔到账{state.label}，不能重复审核")
    if recorded_by is not None and recorded_by == reviewer:
        raise DomainError("不能审核本人登记的到账，请由他人审核")


@dataclass(frozen=True)
class Check:
    """One thing a reviewer looks at; ``ok`` False: look twice."""

    ok: bool
    words: str


def review_checks(
    *,
    arrived_on: dt.date,
    signed_on: dt.date | None,
    recorded_fen: int,
    total_fen: int | None,
    voucher: str,
    twice: str,
    payer: str,
    investor: str,
    files: int,
) -> list[Check]:
    """What speaks for and against an entry; ``twice`` is the number of another one like it, or empty.

    ``recorded_fen`` is all that is recorded for the project and not returned, this entry included.
    """
    is_covered = total_fen is not None and recorded_fen <= total_fen
    checks = [
        Check(is_covered, "未超合同总投资" if is_covered else "累计到账超过合同总投资"),
        Check(not twice, "无同日同额到账" if not twice else f"同日有同样金额：{twice}"),
        Check(bool(voucher), "凭证号未重复" if voucher else "没有凭证号"),
        Check(files > 0, f"附件 {files} 件" if files else "没有附件"),
    ]
    if signed_on is None or arrived_on < signed_on:
        checks.append(Check(False, "到账早于合同签订" if signed_on else "项目没有正式合同"))
    else:
        checks.append(Check(True, "到账在合同签订后"))
    same = name_key(payer) == name_key(investor)
    checks.append(
        Check(
            bool(payer) and same, "付款方即投资方" if same else "付款方不是投资方" if payer else "未填付款方"
        )
    )
    return checks
