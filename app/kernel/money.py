"""Money: whole fen (1/100 yuan) as ``int`` inside, 元/万元/亿元 at the edges; never a float."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from app.kernel.errors import DomainError
from app.kernel.text import narrow

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
FEN_PER_YI = 10_000_000_000
UNITS = {"元": FEN_PER_YUAN, "万元": FEN_PER_WAN, "亿元": FEN_PER_YI}
MAX_FEN = 10**15
"""10 万亿元, the largest amount the database takes (stack.md §2)."""
BIG_FEN = FEN_PER_YI
"""亿元以上 starts here, 1亿元 included (figures.md §1)."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,20})(?:\.\d{1,12})?", re.ASCII)
_CELL = re.compile(rf"(?:[¥￥])?({_NUMBER.pattern})(元|万元|万|亿元|亿)?", re.ASCII)


def parse_number(text: str) -> Decimal:
    """The plain decimal number in ``text``; full-width digits and thousands separators are read.

    Raises ``DomainError`` for anything else, such as ``1E+5``, ``NaN``, ``1_000`` or words.
    """
    flat = narrow(text).replace("−", "-")
    if not _NUMBER.fullmatch(flat):
        raise DomainError(f"“{text[:30]}”不是数字，请只填数字，如 1200 或 1,200.50")
    return Decimal(flat.replace(",", ""))


def parse_fen(text: str, unit: str) -> int:
    """The amount in ``text`` as whole fen; a unit in the text (1.5亿, 300万元) wins over ``unit``.

    Raises ``DomainError`` when it is no number, negative, finer than a fen or above 10 万亿元.
    """
    flat = narrow(text).replace("−", "-").replace(" ", "")
    match = _CELL.fullmatch(flat)
    if not match:
        raise DomainError(f"“{text[:30]}”不是金额，请填数字，如 1200 或 1,200.50")
    number, own = match.groups()
    if own:
        unit = own if own.endswith("元") else own + "元"
    return to_fen(Decimal(number.replace(",", "")), unit)


def to_fen(number: Decimal, unit: str) -> int:
    """``number`` of ``unit`` (元, 万元 or 亿元) as whole fen.

    Raises ``DomainError`` when it is negative, not finite, finer than a fen or too large.
    """
    if not number.is_finite():
        raise DomainError("金额必须是有限的数字，请重新填写")
    if number < 0:
        raise DomainError(f"金额不能为负数（{number}），请核对")
    fen = number * UNITS[unit]
    if fen > MAX_FEN:
        raise DomainError(f"金额 {number} {unit}超过 10 万亿元，请核对单位")
    if fen != fen.to_integral_value():
        raise DomainError(f"金额 {number} {unit}不足一分的部分无法入账，请核对单位和小数位")
    return int(fen)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """``value`` rounded half up to ``places`` decimals, the only rounding that is ever printed."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def in_unit(fen: int, unit: str) -> Decimal:
    """The exact amount in 元, 万元 or 亿元."""
    return Decimal(fen) / UNITS[unit]


def amount_text(fen: int, unit: str = "万元", places: int = 2) -> str:
    """For screens: thousands separators and fixed decimals (65,070.00); minus is U+2212."""
    text = f"{round_half_up(in_unit(fen, unit), places):,}"
    return text.replace("-", "−")


def plain_text(fen: int, unit: str, places: int = 2) -> str:
    """For briefs: at most ``places`` decimals, trailing zeros cut (58.8)."""
    return cut_zeros(round_half_up(in_unit(fen, unit), places))


def cut_zeros(value: Decimal) -> str:
    """``value`` without trailing zeros and without exponent; minus is U+2212."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).replace("-", "−")


def spoken(fen: int) -> str:
    """As a brief says it: from 1亿元 in 亿元, below in 万元, two decimals, zeros cut (brief.md §2)."""
    unit = "亿元" if abs(fen) >= BIG_FEN else "万元"
    return plain_text(fen, unit) + unit
