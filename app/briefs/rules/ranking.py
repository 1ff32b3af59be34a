"""Ranking of the responsible units by 完成率 (brief.md §2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction


def ranks(values: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """The rank of each unit from ``{unit: (ytd, target)}``, by exact ytd ÷ target; ties share a rank (1, 2, 2, 4)."""
    rates = {unit: Fraction(ytd, target) for unit, (ytd, target) in values.items()}
    return {unit: 1 + sum(other > rate for other in rates.values()) for unit, rate in rates.items()}


def tied(rank: int, all_ranks: Sequence[int]) -> bool:
    """Whether more than one unit holds ``rank``."""
    return all_ranks.count(rank) > 1


def movement(now: int, before: int | None) -> str:
    """较上月位次: 升1, 降2, 持平; — when there is none to compare with."""
    if before is None:
        return "—"
    if now == before:
        return "持平"
    return f"升{before - now}" if now < before else f"降{now - before}"
