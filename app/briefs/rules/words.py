"""How a brief says things: amounts, rates, growth, names in a row (brief.md §2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.figures.rules import growth_percent, ratio
from app.kernel.money import cut_zeros, in_unit, plain_text, round_half_up, spoken
from app.kernel.periods import Month

DASH = "—"
"""Printed where there is no target or no base; 0 means counted, none."""
ORDINALS = "一二三四五六七八九十"

__all__ = [
    "DASH",
    "ORDINALS",
    "change",
    "day_label",
    "each_growth",
    "end_label",
    "growth",
    "halves",
    "joined",
    "percent",
    "points",
    "rate",
    "spoken",
    "table_amount",
    "table_growth",
    "title_period",
]


def percent(value: Decimal) -> str:
    """A rate in a sentence: one decimal; whole ones from 10 % on, and 0, without (30%, but 7.0%)."""
    rounded = round_half_up(value, 1)
    if rounded == rounded.to_integral_value() and (abs(rounded) >= 10 or not rounded):
        rounded = rounded.to_integral_value()
    return f"{rounded}%".replace("-", "−")


def points(value: Decimal) -> str:
    """完成率 and points in a sentence: two decimals, zeros cut, without sign (2.38)."""
    return cut_zeros(round_half_up(abs(value), 2))


def rate(value: Decimal | None, places: int = 1) -> str:
    """A rate in a table: fixed decimals, minus as U+2212, — without a base."""
    return DASH if value is None else f"{round_half_up(value, places)}%".replace("-", "−")


def growth(now: int, base: int) -> str | None:
    """增长x%, 下降x%, 持平 or 基本持平 (a change that rounds to nothing); None without a base."""
    value = growth_percent(now, base)
    if value is None:
        return None
    if now == base:
        return "持平"
    if not value:
        return "基本持平"
    return ("增长" if value > 0 else "下降") + percent(abs(value))


def each_growth(first: str | None, second: str | None) -> str | None:
    """How two growths are said in one clause: ``up``, ``down``, ``differ``; None when they must be said apart."""
    if not first or not second or first.endswith("持平") or second.endswith("持平"):
        return None
    if first[:2] != second[:2]:
        return "differ"
    return "up" if first.startswith("增长") else "down"


def table_growth(now: int, base: int) -> str:
    """同比 in a table: one decimal; — without a base."""
    return rate(growth_percent(now, base))


def table_amount(fen: int) -> tuple[str, str]:
    """An amount in 亿元 for a column, and the class of the empty block that keeps the points in line.

    Two decimals, zeros cut; what is not 0 but rounds to it is printed as 0.00, since 0 means none.
    """
    text = plain_text(fen, "亿元")
    if fen and text == "0":
        return "0.00", ""
    decimals = len(text.partition(".")[2])
    return text, {0: "z3", 1: "z1"}.get(decimals, "")


def change(fen: int) -> tuple[str, str]:
    """A difference as (增加 or 减少, the amount)."""
    return ("增加" if fen > 0 else "减少"), spoken(abs(fen))


def halves(total_fen: int, number: int) -> int:
    """total ÷ number in whole fen, half up; an average is rounded once."""
    value = ratio(total_fen, number, 0)
    return int(value) if value is not None else 0


def joined(names: Sequence[str], limit: int | None = None, unit: str = "个") -> str:
    """A、B、C; beyond ``limit`` 等n个."""
    if limit is None or len(names) <= limit:
        return "、".join(names)
    return "、".join(names[:limit]) + f"等{len(names)}{unit}"


def end_label(month: Month) -> str:
    """Up to when a month counts: 6月底, or 6月25日 in a zone with a cut-off day."""
    whole = (month.last_day + dt.timedelta(days=1)).day == 1
    return f"{month.month}月底" if whole else f"{month.month}月{month.last_day.day}日"


def title_period(month: Month) -> str:
    """The period in the title: 2024年上半年; the whole year is 2024年."""
    return f"{month.year}年" if month.month == 12 else f"{month.year}年{month.period_label}"


def day_label(day: dt.date, year: int | None = None) -> str:
    """2月8日, with the year in front when it is not ``year``."""
    return f"{day.month}月{day.day}日" if day.year == year else f"{day.year}年{day.month}月{day.day}日"


def in_yi(fen: int) -> Decimal:
    """The amount in 亿元, exact."""
    return in_unit(fen, "亿元")


def any_of(values: Iterable[int]) -> bool:
    """Whether something was counted at all."""
    return any(values)
