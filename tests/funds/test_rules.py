"""When money may be recorded and recognised."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.funds.rules import (
    FundSource,
    ReviewState,
    check_covered,
    check_equivalent,
    check_rate,
    check_recordable,
    check_reviewable,
    cny_fen,
    source_of,
)
from app.kernel.errors import DomainError
from app.kernel.money import MAX_FEN

DAY = dt.date(2024, 6, 20)
ONE = dt.timedelta(1)
GOOD: dict[str, Any] = {
    "fen": 100,
    "arrived_on": DAY,
    "signed_on": DAY,
    "today": DAY,
    "total_fen": 1000,
    "already_fen": 900,
}


def test_the_last_fen_of_the_contract_may_arrive_on_the_day_of_signing():
    check_recordable(**GOOD)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"fen": 99}, "amount"),
        ({"fen": MAX_FEN + 1}, "amount"),
        ({"signed_on": None}, "project"),
        ({"total_fen": None}, "project"),
        ({"arrived_on": DAY + ONE}, "arrived_on"),
        ({"signed_on": DAY + ONE, "today": DAY + ONE}, "arrived_on"),
        ({"already_fen": 901}, "amount"),
    ],
)
def test_what_may_not_be_recorded(changed, field):
    with pytest.raises(DomainError) as refusal:
        check_recordable(**{**GOOD, **changed})
    assert refusal.value.field == field


@given(st.integers(1, 10**15), st.integers(1, 10**11).map(lambda n: Decimal(n) / 10**6))
def test_the_equivalent_is_rounded_half_up_to_the_fen_and_agrees_with_its_check(minor, rate):
    fen = cny_fen(minor, rate)
    exact = Decimal(minor) * rate
    assert abs(exact - fen) <= Decimal("0.5")
    assert fen - exact != Decimal("-0.5")
    check_equivalent(original_minor=minor, rate=rate, fen=fen)
    with pytest.raises(DomainError):
        check_equivalent(original_minor=minor, rate=rate, fen=fen + 100_001)


@pytest.mark.parametrize(
    ("currency", "rate", "accepted"),
    [
        ("CNY", "1", True),
        ("CNY", "1.000001", False),
        ("USD", "7.123456", True),
        ("USD", "7.1234567", False),
        ("USD", "0", False),
        ("USD", "0.00009", False),
        ("KZT", "0.0151", True),
        ("USD", "100000.1", False),
    ],
)
def test_rates(currency, rate, accepted):
    if accepted:
        check_rate(currency, Decimal(rate))
    else:
        with pytest.raises(DomainError) as refusal:
            check_rate(currency, Decimal(rate))
        assert refusal.value.field == "rate"


@pytest.mark.parametrize(
    ("state", "recorder", "reviewer", "accepted"),
    [
        (ReviewState.pending, 1, 2, True),
        (ReviewState.pending, None, 2, True),
        (ReviewState.pending, 1, 1, False),
        (ReviewState.recognised, 1, 2, False),
        (ReviewState.returned, 1, 2, False),
    ],
)
def test_nobody_reviews_twice_or_his_own_entry(state, recorder, reviewer, accepted):
    if accepted:
        check_reviewable(state=state, recorded_by=recorder, reviewer=reviewer)
    else:
        with pytest.raises(DomainError):
            check_reviewable(state=state, recorded_by=recorder, reviewer=reviewer)


@pytest.mark.parametrize(
    ("first", "already", "signed", "total", "field"),
    [
        (None, 0, None, None, None),
        (DAY, 10, DAY, 10, None),
        (DAY, 10, None, None, "contract_kind"),
        (DAY, 10, DAY + ONE, 10, "signed_on"),
        (DAY, 11, DAY, 10, "amount"),
    ],
)
def test_a_contract_covers_the_money_recorded_for_it(first, already, signed, total, field):
    values = {"first_on": first, "already_fen": already, "signed_on": signed, "total_fen": total}
    if field is None:
        check_covered(**values)
    else:
        with pytest.raises(DomainError) as refusal:
            check_covered(**values)
        assert refusal.value.field == field


@pytest.mark.parametrize(
    ("origin", "source"),
    [
        ("新疆维吾尔自治区", FundSource.inside),
        ("广东省", FundSource.outside),
        ("云南省", FundSource.outside),
        ("中国香港", FundSource.abroad),
        ("哈萨克斯坦", FundSource.abroad),
        (None, None),
    ],
)
def test_the_source_that_a_form_proposes(origin, source):
    assert source_of(origin, "新疆维吾尔自治区") is source
