"""Currencies, rates, and where money comes from."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.directory.rules import OriginGroup, origin_group
from app.kernel.errors import DomainError
from app.kernel.money import FEN_PER_YUAN, amount_text

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
