"""大写金额."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.capitals import in_capitals
from app.kernel.money import MAX_FEN

DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (1005, "壹拾元零伍分"),
        (1050, "壹拾元伍角整"),
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (65070 * 1_000_000, "陆亿伍仟零柒拾万元整"),
        (10_001_000_000, "壹亿零壹万元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (123456789012345, "壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角伍分"),
        (MAX_FEN, "壹拾万亿元整"),
    ],
)
def test_as_vouchers_spell_it(fen, text):
    assert in_capitals(fen) == text


@given(st.integers(min_value=0, max_value=MAX_FEN))
def test_it_can_be_read_back(fen):
    assert read(in_capitals(fen)) == fen


def read(text: str) -> int:
    """The slow way back."""
    text = text.removesuffix("整")
    yuan, fen = 0, 0
    if "元" in text:
        whole, text = text.split("元")
        yuan = read_whole(whole)
    for sign, worth in (("角", 10), ("分", 1)):
        if sign in text:
            fen += DIGITS[text[text.index(sign) - 1]] * worth
    return yuan * 100 + fen


def read_whole(text: str) -> int:
    for sign, worth in (("亿", 10**8), ("万", 10**4)):
        if sign in text:
            before, after = text.rsplit(sign, 1)
            return read_whole(before) * worth + read_whole(after)
    total = digit = 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
        else:
            total += digit * {"拾": 10, "佰": 100, "仟": 1000}[sign]
            digit = 0
    return total + digit
