"""Amounts in capital Chinese numerals (大写金额), as vouchers spell them."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(fen: int) -> str:
    """壹亿伍仟万元整, 壹拾元零伍分: by the rules of 《支付结算办法》附一. ``fen`` is not negative."""
    yuan, rest = divmod(fen, 100)
    text = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{text or '零元'}整"
    jiao, single = divmod(rest, 10)
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif text:
        text += "零"
    return text + (f"{_DIGITS[single]}分" if single else "整")


def _whole(number: int) -> str:
    """A whole number above 0, in groups of four digits; zeros between digits are spoken once."""
    text, gap, place = "", False, 0
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append((group, place))
        place += 1
    for group, place in reversed(groups):
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _four(group) + _group_name(place, groups)
        gap = False
    return text


def _group_name(place: int, groups: list[tuple[int, int]]) -> str:
    """万亿 loses its 亿 when the group of 亿 follows: 壹万贰仟亿."""
    if place == 3 and groups[2][0]:
        return "万"
    return _GROUPS[place]


def _four(number: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text
