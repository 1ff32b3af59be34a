"""When an arrival of money may be recorded and recognised."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.directory.rules import OriginGroup, origin_group
from app.kernel.errors import DomainError
from app.kernel.money import FEN_PER_YUAN, MAX_FEN, amount_text

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


def source_of(origin: str | None, zone_province: str) -> FundSource:
    """Where money of an investor from ``origin`` most likely comes from: what a form proposes."""
    group = origin_group(origin, zone_province)
    return {OriginGroup.inside: FundSource.inside, OriginGroup.abroad: FundSource.abroad}.get(
        group, FundSource.outside
    )


class ReviewState(StrEnum):
    """审核状态; only recognised arrivals are facts."""

    pending = "pending"
    recognised = "recognised"
    returned = "returned"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return STATE_LABELS[self]


STATE_LABELS = {ReviewState.pending: "待审核", ReviewState.recognised: "已审核", ReviewState.returned: "退回"}
STATE_BY_LABEL = {label: state for state, label in STATE_LABELS.items()} | {"已认定": ReviewState.recognised}


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
