"""Thresholds: time only makes it worse, red is yellow too, month ends answer to month ends; excuses and bounds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import DomainError
from app.warnings.rules import (
    DEFAULTS,
    KINDS,
    ExcuseState,
    Level,
    Measure,
    Threshold,
    WarningKind,
    badge,
    check_decider,
    check_excuse,
    check_thresholds,
    covers,
    edge_day,
    fired_since,
    level_of,
    points_level,
    why,
)

DAY = dt.date(2024, 6, 30)
days = st.dates(dt.date(2019, 1, 1), dt.date(2030, 12, 31))
by_days = st.sampled_from([kind for kind, rule in KINDS.items() if rule.measure is not Measure.points])
WORSE = {None: 0, Level.yellow: 1, Level.red: 2}


@st.composite
def thresholds(draw) -> Threshold:
    yellow = draw(st.integers(0, 40))
    return Threshold(True, yellow, yellow + draw(st.integers(0, 40)))


@given(by_days, thresholds(), days, days, days)
def test_time_only_makes_it_worse(kind, threshold, since, one, other):
    sooner, later = sorted((one, other))
    before, after = (WORSE[level_of(kind, threshold, since, day)] for day in (sooner, later))
    assert before <= after


@given(by_days, thresholds(), days, days)
def test_what_is_red_fulfils_yellows_condition(kind, threshold, since, day):
    if level_of(kind, threshold, since, day) is Level.red:
        only_yellow = Threshold(
            True, threshold.yellow, 10_000 if KINDS[kind].measure is Measure.days else 400
        )
        assert level_of(kind, only_yellow, since, day) is Level.yellow


@given(st.sampled_from([Measure.days, Measure.months]), st.integers(0, 36), days)
def test_the_first_day_is_the_first(measure, amount, since):
    first = fired_since(measure, amount, since)
    assert since <= edge_day(measure, amount, first)
    assert since > edge_day(measure, amount, first - dt.timedelta(days=1))


@given(thresholds(), st.decimals(-100, 100, places=2), st.decimals(0, 50, places=2))
def test_further_behind_is_never_better(threshold, points, more):
    assert WORSE[points_level(threshold, points)] <= WORSE[points_level(threshold, points - more)]


def test_half_a_year_from_a_month_end_to_a_month_end():
    assert edge_day(Measure.months, 6, DAY) == dt.date(2023, 12, 31)
    assert level_of(WarningKind.unstarted, DEFAULTS[WarningKind.unstarted], dt.date(2023, 12, 31), DAY)
    assert not level_of(WarningKind.unstarted, DEFAULTS[WarningKind.unstarted], dt.date(2024, 1, 1), DAY)


def test_a_limit_of_days_is_still_in_time_on_its_last_day():
    limit = DEFAULTS[WarningKind.idle_talks]
    assert limit.yellow == 30
    assert level_of(WarningKind.idle_talks, limit, DAY - dt.timedelta(days=30), DAY) is None
    assert level_of(WarningKind.idle_talks, limit, DAY - dt.timedelta(days=31), DAY) is Level.yellow


def test_ten_points_behind_are_yellow_and_thirty_red():
    rule = DEFAULTS[WarningKind.behind]
    assert points_level(rule, Decimal("-9.99")) is None
    assert points_level(rule, Decimal("-10.00")) is Level.yellow
    assert points_level(rule, Decimal("-30.00")) is Level.red
    assert points_level(Threshold(False, 10, 30), Decimal(-50)) is None


def test_a_rule_that_is_off_never_fires():
    assert level_of(WarningKind.unstarted, Threshold(False, 0, 0), dt.date(2000, 1, 1), DAY) is None


def test_the_usual_thresholds_keep_their_own_bounds():
    check_thresholds(DEFAULTS)


@pytest.mark.parametrize(
    ("kind", "threshold", "field"),
    [
        (WarningKind.idle_lead, Threshold(True, 0, 5), "idle_lead-yellow"),
        (WarningKind.idle_lead, Threshold(True, 5, 366), "idle_lead-red"),
        (WarningKind.unstarted, Threshold(True, 6, 5), "unstarted-red"),
        (WarningKind.behind, Threshold(True, 10, 101), "behind-red"),
        (WarningKind.unstarted, Threshold(False, 12, 6), "unstarted-red"),
    ],
)
def test_thresholds_that_are_none(kind, threshold, field):
    with pytest.raises(DomainError) as refused:
        check_thresholds({kind: threshold})
    assert refused.value.field == field


@given(st.sampled_from(list(Level)), st.sampled_from(list(Level)), days, days)
def test_an_excuse_holds_to_its_day_and_not_for_worse(excused, level, until, day):
    held = covers(excused, until, level, day)
    assert held == (day <= until and not (excused is Level.yellow and level is Level.red))


@pytest.mark.parametrize(
    ("kind", "reason", "until"),
    [
        (WarningKind.unstarted, " ", DAY + dt.timedelta(days=30)),
        (WarningKind.unstarted, "等环评", DAY),
        (WarningKind.unstarted, "等环评", DAY + dt.timedelta(days=367)),
        (WarningKind.lead_report, "等环评", DAY + dt.timedelta(days=30)),
        (WarningKind.unstarted, "等\u202e环评", DAY + dt.timedelta(days=30)),
        (WarningKind.unstarted, "等" * 301, DAY + dt.timedelta(days=30)),
    ],
)
def test_excuses_that_are_none(kind, reason, until):
    with pytest.raises(DomainError):
        check_excuse(kind, reason, until, DAY)


def test_nobody_acknowledges_the_own_excuse_or_twice_or_refuses_without_a_word():
    check_decider(ExcuseState.asked, 1, 2, grants=True, answer="")
    for state, decider, grants in (
        (ExcuseState.asked, 1, True),
        (ExcuseState.granted, 2, True),
        (ExcuseState.asked, 2, False),
        (ExcuseState.asked, None, True),
    ):
        with pytest.raises(DomainError):
            check_decider(state, 1, decider, grants=grants, answer="")


@pytest.mark.parametrize("kind", [kind for kind in WarningKind if kind is not WarningKind.behind])
def test_every_warning_says_since_when_and_how_long(kind):
    since = dt.date(2024, 3, 1)
    said = why(kind, since, DAY, fen=500_000_000, whole_fen=10_000_000_000, many=3)
    assert "121 天" in said
    assert "2024-03-01" in said
    assert "天" in badge(kind, 121, 3)
    assert KINDS[kind].cure
