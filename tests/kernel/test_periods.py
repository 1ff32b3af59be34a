"""Statistical months: their windows fit together without gap or overlap."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import DomainError
from app.kernel.periods import Month, parse_day

months = st.builds(Month, st.integers(1991, 2099), st.integers(1, 12), st.integers(0, 28))


@given(months)
def test_twelve_months_make_exactly_one_year(month: Month) -> None:
    year = [Month(month.year, number, month.cutoff) for number in range(1, 13)]
    assert year[0].window.start == dt.date(month.year, 1, 1)
    assert year[-1].window.end == dt.date(month.year, 12, 31)
    for earlier, later in itertools.pairwise(year):
        assert later.window.start == earlier.window.end + dt.timedelta(days=1)


@given(months)
def test_the_year_so_far_ends_with_the_month(month: Month) -> None:
    assert month.ytd.start == dt.date(month.year, 1, 1)
    assert month.ytd.end == month.window.end == month.so_far()[-1].last_day
    assert month.next().previous() == month


@given(st.dates(dt.date(1991, 1, 1), dt.date(2099, 12, 31)), st.integers(0, 28))
def test_every_day_belongs_to_the_month_that_holds_it(day: dt.date, cutoff: int) -> None:
    assert Month.of(day, cutoff).window.holds(day)


def test_last_year_ends_on_the_last_day_of_february() -> None:
    assert Month(2024, 2).last_year.ytd.end == dt.date(2023, 2, 28)
    assert Month(2025, 2).last_year.ytd.end == dt.date(2024, 2, 29)


def test_a_cutoff_day_moves_the_borders() -> None:
    june = Month(2024, 6, 25)
    assert (june.window.start, june.window.end) == (dt.date(2024, 5, 26), dt.date(2024, 6, 25))
    assert Month.of(dt.date(2024, 6, 26), 25) == Month(2024, 7, 25)
    assert Month.of(dt.date(2024, 12, 31), 25) == Month(2024, 12, 25)


@pytest.mark.parametrize(
    ("month", "label"),
    [
        (1, "1月"),
        (2, "1—2月"),
        (3, "一季度"),
        (4, "1—4月"),
        (6, "上半年"),
        (9, "前三季度"),
        (11, "1—11月"),
        (12, "全年"),
    ],
)
def test_periods_are_named_as_in_a_brief(month: int, label: str) -> None:
    assert Month(2024, month).period_label == label


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-00", "2024-6", "2024", "24-06", "", "2024-06-01", "1889-01", "２０２４-06"]
)
def test_an_unknown_month_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(DomainError, match="月份"):
        Month.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "2024-06-28",
        "2024/6/28",
        "2024.6.28",
        "2024年6月28日",
        "20240628",
        "２０２４年６月２８日",
        " 2024 年 6 月 28 日 ",
    ],
)
def test_days_are_read_in_every_common_form(text: str) -> None:
    assert parse_day(text) == dt.date(2024, 6, 28)


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2023-02-29", "2024-13-01", "0001-01-01", "9999-01-01", "6月28日", "昨天", ""]
)
def test_impossible_days_are_refused(text: str) -> None:
    with pytest.raises(DomainError, match="日期"):
        parse_day(text)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)))
def test_a_day_written_is_read_back(day: dt.date) -> None:
    assert parse_day(f"{day.year}年{day.month}月{day.day}日") == day == parse_day(f"{day:%Y%m%d}")
