"""Money is exact: read from what people type, kept as whole fen, printed half up."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import DomainError
from app.kernel.money import (
    BIG_FEN,
    MAX_FEN,
    UNITS,
    amount_text,
    in_unit,
    parse_fen,
    parse_number,
    plain_text,
    round_half_up,
    spoken,
)

fens = st.integers(min_value=0, max_value=MAX_FEN)


@pytest.mark.parametrize(
    ("text", "unit", "fen"),
    [
        ("1200", "万元", 1_200_000_000),
        ("1,200.50", "万元", 1_200_500_000),
        ("１２００．５", "万元", 1_200_500_000),
        ("1.5亿", "万元", 15_000_000_000),
        ("1.5 亿元", "元", 15_000_000_000),
        ("300万", "亿元", 300_000_000),
        ("￥12.34", "元", 1234),
        ("0", "万元", 0),
        ("0.000001", "万元", 1),
        ("9999.6", "万元", 9_999_600_000),
    ],
)
def test_reads_what_officials_type(text: str, unit: str, fen: int) -> None:
    assert parse_fen(text, unit) == fen


@pytest.mark.parametrize(
    "text",
    ["", "abc", "三点二亿", "1E+5", "1e5", "NaN", "sNaN", "inf", "1_000", "٣", "1,2,3", "12,34", "-1", "−1", "1.2.3",
     "=1+1", "0x10", "1 元 2", "1" * 21, "100000000001", "0.0000001", "0.0000000000001"],
)  # fmt: skip
def test_refuses_what_is_no_amount_in_chinese(text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        parse_fen(text, "万元")
    assert any("一" <= character <= "鿿" for character in refusal.value.message)


@given(fens, st.sampled_from(list(UNITS)))
def test_an_amount_written_exactly_is_read_back_exactly(fen: int, unit: str) -> None:
    assert parse_fen(f"{in_unit(fen, unit):f}", unit) == fen


@given(fens, st.sampled_from(list(UNITS)))
def test_printed_text_is_within_half_of_the_last_place(fen: int, unit: str) -> None:
    printed = Decimal(amount_text(fen, unit).replace(",", ""))
    assert abs(printed - in_unit(fen, unit)) <= Decimal("0.005")


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_but_never_breaks(text: str) -> None:
    for read in (lambda: parse_fen(text, "万元"), lambda: parse_number(text)):
        with contextlib.suppress(DomainError):
            assert read() >= 0 or text.strip().startswith(("-", "−", "－"))


def test_rounding_is_half_up_not_to_even() -> None:
    assert round_half_up(Decimal("0.125"), 2) == Decimal("0.13")
    assert round_half_up(Decimal("-0.125"), 2) == Decimal("-0.13")


def test_below_100_million_prints_as_1_00_but_is_not_big() -> None:
    fen = parse_fen("9999.60", "万元")
    assert amount_text(fen, "亿元") == "1.00"
    assert fen < BIG_FEN


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (583_200_000_000, "58.32亿元"),
        (588_000_000_000, "58.8亿元"),
        (BIG_FEN, "1亿元"),
        (BIG_FEN - 1, "10000万元"),
        (4_465_600_000, "4465.6万元"),
        (0, "0万元"),
    ],
)
def test_a_brief_says_amounts_from_100_million_in_yi(fen: int, text: str) -> None:
    assert spoken(fen) == text


def test_negative_amounts_print_with_a_minus_sign() -> None:
    assert plain_text(-150_000_000, "万元") == "−150"
    assert amount_text(-150_000_000) == "−150.00"
