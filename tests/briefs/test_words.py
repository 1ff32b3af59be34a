"""How amounts, rates, growth and periods are said."""

import datetime as dt
from decimal import Decimal

import pytest

from app.briefs.rules.ranking import movement, ranks
from app.briefs.rules.words import (
    each_growth,
    end_label,
    growth,
    halves,
    joined,
    percent,
    points,
    rate,
    spoken,
    table_amount,
    table_growth,
    title_period,
)
from app.figures.rules import settled_by
from app.kernel.periods import Month, months_later

YI, WAN = 10_000_000_000, 1_000_000


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (58_80 * YI // 100, "58.8亿元"),
        (YI, "1亿元"),
        (9_999_60 * WAN // 100, "9999.6万元"),
        (4_465_60 * WAN // 100, "4465.6万元"),
        (0, "0万元"),
        (5_832 * YI // 100, "58.32亿元"),
        (-3 * YI, "−3亿元"),
    ],
)
def test_amounts_from_one_yi_in_yi_below_in_wan(fen, words):
    assert spoken(fen) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("7", "7.0%"),
        ("30", "30%"),
        ("7.04", "7.0%"),
        ("9.96", "10%"),
        ("122.22", "122.2%"),
        ("0", "0%"),
        ("0.05", "0.1%"),
    ],
)
def test_rates_have_one_decimal_and_whole_ones_from_ten_none(value, words):
    assert percent(Decimal(value)) == words


@pytest.mark.parametrize(
    ("now", "base", "words"),
    [
        (130, 100, "增长30%"),
        (107, 100, "增长7.0%"),
        (957, 1000, "下降4.3%"),
        (100, 100, "持平"),
        (0, 100, "下降100%"),
        (10_001, 10_000, "基本持平"),
        (5, 0, None),
        (0, 0, None),
    ],
)
def test_growth_never_has_a_minus(now, base, words):
    assert growth(now, base) == words


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("增长1.0%", "增长2.0%", "up"),
        ("下降1.0%", "下降2.0%", "down"),
        ("增长1.0%", "下降2.0%", "differ"),
        ("增长1.0%", "持平", None),
        ("增长1.0%", None, None),
        (None, None, None),
    ],
)
def test_two_growths_in_one_clause(first, second, words):
    assert each_growth(first, second) == words


def test_tables_keep_points_in_line_and_never_print_zero_for_something():
    assert table_amount(80 * YI) == ("80", "z3")
    assert table_amount(221 * YI // 10) == ("22.1", "z1")
    assert table_amount(2005 * YI // 100) == ("20.05", "")
    assert table_amount(0) == ("0", "z3")
    assert table_amount(30 * WAN) == ("0.00", "")
    assert table_growth(766, 1000) == "−23.4%"
    assert table_growth(1, 0) == "—"
    assert rate(None) == "—"


def test_points_are_said_without_sign():
    assert points(Decimal("-2.38")) == "2.38"
    assert points(Decimal("50.00")) == "50"


def test_an_average_is_rounded_once():
    assert halves(100, 3) == 33
    assert halves(200, 3) == 67
    assert halves(5, 0) == 0


@pytest.mark.parametrize(
    ("month", "title", "end"),
    [
        ("2024-01", "2024年1月", "1月底"),
        ("2024-02", "2024年1—2月", "2月底"),
        ("2024-03", "2024年一季度", "3月底"),
        ("2024-06", "2024年上半年", "6月底"),
        ("2024-09", "2024年前三季度", "9月底"),
        ("2024-12", "2024年", "12月底"),
    ],
)
def test_periods(month, title, end):
    assert title_period(Month.parse(month)) == title
    assert end_label(Month.parse(month)) == end


def test_a_cut_off_day_is_said():
    assert end_label(Month.parse("2024-06", 25)) == "6月25日"
    assert end_label(Month.parse("2024-12", 25)) == "12月底"


def test_names_in_a_row():
    assert joined(["甲", "乙"]) == "甲、乙"
    assert joined(["甲", "乙", "丙"], 2) == "甲、乙等3个"


def test_ties_share_a_rank():
    assert ranks({"甲": (50, 100), "乙": (1, 2), "丙": (9, 10), "丁": (0, 7)}) == {
        "甲": 2,
        "乙": 2,
        "丙": 1,
        "丁": 4,
    }
    assert ranks({}) == {}
    assert [movement(1, 2), movement(3, 1), movement(2, 2), movement(1, None)] == ["升1", "降2", "持平", "—"]


def test_ranks_are_exact_where_percentages_round_alike():
    assert ranks({"甲": (333_333, 1_000_000), "乙": (1, 3)}) == {"甲": 2, "乙": 1}


@pytest.mark.parametrize(
    ("day", "since"),
    [
        ((2024, 6, 30), (2023, 12, 31)),
        ((2024, 8, 31), (2024, 2, 29)),
        ((2023, 8, 31), (2023, 2, 28)),
        ((2024, 6, 25), (2023, 12, 25)),
        ((2024, 8, 30), (2024, 2, 29)),
    ],
)
def test_half_a_year_before(day, since):
    assert settled_by(dt.date(*day)) == dt.date(*since)


def test_months_later_stays_in_the_month():
    assert months_later(dt.date(2024, 1, 31), 1) == dt.date(2024, 2, 29)
    assert months_later(dt.date(2024, 11, 30), 3) == dt.date(2025, 2, 28)
