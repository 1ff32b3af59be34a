"""Stages and milestones: what may be, on fixed cases and on random dates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import DomainError
from app.pipeline.rules import (
    AFTER_SIGNING,
    MilestoneKind,
    Stage,
    check_fixed_asset,
    check_handover,
    check_happened,
    check_investment,
    check_milestones,
    check_stage,
    check_supplements,
    is_big,
    stage_from_dates,
)

DAY = dt.date(2024, 6, 28)
EARLIER = dt.date(2024, 6, 27)
days = st.dates(dt.date(2023, 1, 1), dt.date(2025, 12, 31))
reached = st.dictionaries(st.sampled_from(list(MilestoneKind)), days)


def refused(rule, *args) -> bool:
    try:
        rule(*args)
    except DomainError:
        return True
    return False


@given(reached, st.none() | days)
def test_dates_are_refused_exactly_when_they_contradict_one_another(dates, signed_on):
    road = [dates[kind] for kind in AFTER_SIGNING if kind in dates]
    without_contract = bool(road) and signed_on is None
    first = [signed_on, *road] if signed_on else road
    disordered = first != sorted(first)
    ended = dates.get(MilestoneKind.terminated)
    ended_before = bool(ended and signed_on and ended < signed_on)
    assert refused(check_milestones, dates, signed_on) is (without_contract or disordered or ended_before)


@given(reached, st.none() | days)
def test_the_stage_that_dates_prove_is_the_furthest_of_them(dates, signed_on):
    stage = stage_from_dates(dates, signed_on)
    if MilestoneKind.terminated in dates:
        assert stage is Stage.terminated
    elif any(kind in dates for kind in AFTER_SIGNING):
        assert stage is not None
        assert all(Stage(kind.value).step <= stage.step for kind in dates if kind in AFTER_SIGNING)
    else:
        assert stage is (Stage.signed if signed_on else None)


@given(st.sampled_from(list(Stage)), reached, st.none() | days)
def test_a_stage_on_the_road_beyond_talks_is_accepted_only_when_dates_prove_it(stage, dates, signed_on):
    if not refused(check_stage, stage, dates, signed_on) and stage.step >= Stage.signed.step:
        assert stage is stage_from_dates(dates, signed_on)


@pytest.mark.parametrize(
    ("stage", "dates", "signed_on", "accepted"),
    [
        (Stage.talks, {}, None, True),
        (Stage.lead, {}, None, True),
        (Stage.signed, {}, None, False),
        (Stage.signed, {}, DAY, True),
        (Stage.talks, {}, DAY, False),
        (Stage.suspended, {MilestoneKind.started: DAY}, EARLIER, True),
        (Stage.suspended, {MilestoneKind.terminated: DAY}, EARLIER, False),
        (Stage.lost, {}, None, True),
        (Stage.lost, {}, DAY, False),
        (Stage.terminated, {}, None, True),
        (Stage.terminated, {}, DAY, False),
    ],
)
def test_stage_against_dates(stage, dates, signed_on, accepted):
    assert refused(check_stage, stage, dates, signed_on) is not accepted


def test_big_includes_the_threshold_itself_and_is_not_rounded():
    assert is_big(10_000_000_000)
    assert not is_big(9_999_600_000)


def test_small_rules():
    with pytest.raises(DomainError, match="单位"):
        check_investment(999_999)
    with pytest.raises(DomainError, match="计划日期"):
        check_happened(DAY, EARLIER, "开工日期", "started")
    with pytest.raises(DomainError, match="固定资产"):
        check_fixed_asset(2, 1, "fixed_asset")
    check_fixed_asset(None, 1, "fixed_asset")
    check_fixed_asset(1, 1, "fixed_asset")
    with pytest.raises(DomainError, match="晚于今天"):
        check_handover(DAY, EARLIER)


@given(st.none() | days, st.lists(days, max_size=3))
def test_a_contract_stays_in_front_of_its_supplements(signed_on, supplements):
    contradicts = bool(supplements) and (signed_on is None or min(supplements) < signed_on)
    assert refused(check_supplements, signed_on, supplements) is contradicts
