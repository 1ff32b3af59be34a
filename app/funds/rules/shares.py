"""Dividing an arrival between units."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.kernel.errors import DomainError
from app.kernel.money import cut_zeros

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
