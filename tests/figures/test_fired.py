"""Warnings on both engines: each rule on its first day and not the day before; excuses; whose they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from app.accounts.rules import Role
from app.activities.models import Activity
from app.activities.operations import ActivityData, log_activity, withdraw_activity
from app.activities.rules import About, AboutKind, ActivityKind
from app.figures.queries import list_standing
from app.figures.queries.among import Among, rules_in_force
from app.figures.queries.fired import Fired, Wanted, list_fired, tally
from app.figures.queries.warnings import STALLED, warning_sums
from app.figures.rules import settled_by
from app.funds.rules import ReviewState
from app.leads.queries import Sight
from app.leads.rules import Clocks, LeadState
from app.pipeline.rules import MilestoneKind, Stage
from app.warnings.operations import ask_excuse, decide_excuse, set_thresholds
from app.warnings.rules import DEFAULTS, KINDS, Level, Threshold, WarningKind, fired_since
from tests.factories import (
    WAN,
    YI,
    actor_of,
    make_arrival,
    make_commitment,
    make_contract,
    make_lead,
    make_milestone,
    make_project,
    make_unit,
    make_user,
    make_zone,
)

TODAY = dt.date(2026, 11, 21)
LONG_AGO = dt.datetime(2026, 1, 5, 4, 0, tzinfo=dt.UTC)
K = WarningKind


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(3), dt.UTC)


@pytest.fixture
def zone(session):
    return make_zone(session)


@pytest.fixture
def unit(session, zone):
    return make_unit(session, zone)


@pytest.fixture
def officer(session, zone, unit):
    return make_user(session, zone, unit_id=unit.id)


@pytest.fixture
def look(session, zone):
    """Everything of the zone on a day, all leads included, under the zone's rules."""

    def among(day: dt.date = TODAY, **changes) -> Among:
        thresholds, clocks, _owes = rules_in_force(session, zone.id)
        return replace(Among(zone.id, day, day, thresholds, Sight(zone.id, None, clocks, day)), **changes)

    return among


@pytest.fixture
def find(session, look):
    def of(*kinds: WarningKind, day: dt.date = TODAY, **changes) -> list[Fired]:
        return list_fired(session, look(day, **changes), Wanted(kinds=kinds))

    return of


def check_first_days(find, kind: WarningKind, since: dt.date, *, clock: int = 0) -> None:
    """Yellow and red fire on their first days, in words with numbers, and not the day before."""
    rule, wait = DEFAULTS[kind], dt.timedelta(days=clock)
    measure = KINDS[kind].measure
    yellow, red = (fired_since(measure, amount, since + wait) for amount in (rule.yellow, rule.red))
    assert find(kind, day=yellow - dt.timedelta(days=1)) == []
    [one] = find(kind, day=yellow)
    assert (one.level, one.since, one.fired_on) == (Level.yellow, since, yellow)
    assert str(since) in one.why
    assert find(kind, day=red - dt.timedelta(days=1))[0].level is Level.yellow
    assert find(kind, day=red)[0].level is Level.red


def test_signed_and_nothing_happens(session, zone, unit, find):
    since = dt.date(2026, 1, 31)
    make_project(session, zone, unit=unit, signed_on=since, created_at=LONG_AGO)
    for kind in (K.unlanded, K.unstarted, K.unpaid, K.idle_signed):
        check_first_days(find, kind, since)


def test_beside_a_red_missing_start_the_missing_landing_is_not_said(session, zone, unit, find):
    make_project(session, zone, unit=unit, signed_on=ago(400), created_at=LONG_AGO)
    assert [one.kind for one in find(K.unlanded, K.unstarted)] == [K.unstarted]


def test_started_without_money_or_with_little(session, zone, unit, find):
    since = dt.date(2026, 1, 31)
    project = make_project(
        session, zone, unit=unit, total_fen=2 * YI, signed_on=since, reached={MilestoneKind.started: since}
    )
    [one] = find(K.unfunded, day=since)
    assert one.level is Level.yellow
    assert find(K.unfunded, day=dt.date(2026, 4, 30))[0].level is Level.red
    make_arrival(session, zone, project, 1000 * WAN, arrived_on=since)
    assert find(K.unfunded) == []
    check_first_days(find, K.slow_money, since)
    assert "5.0%" in find(K.slow_money)[0].why
    make_arrival(session, zone, project, 3000 * WAN, arrived_on=since)
    assert find(K.slow_money) == []


@pytest.mark.parametrize("kind", [MilestoneKind.landed, MilestoneKind.started, MilestoneKind.produced])
def test_a_planned_day_passes(session, zone, unit, find, kind):
    project = make_project(session, zone, unit=unit, signed_on=ago(300), stage=Stage.signed)
    milestone = make_milestone(session, zone, project, kind, None, planned_on=ago(200))
    check_first_days(find, K(f"late_{kind}"), ago(200))
    milestone.reached_on = ago(150)
    session.flush()
    assert find(K(f"late_{kind}")) == []


def test_an_open_promise_passes_its_day(session, zone, unit, find):
    project = make_project(session, zone, unit=unit)
    make_commitment(session, zone, project, due_on=ago(100))
    make_commitment(session, zone, project, due_on=ago(50))
    [one] = find(K.commitment)
    assert (one.since, one.many) == (ago(100), 2)
    make_commitment(session, zone, make_project(session, zone, stage=Stage.terminated), due_on=ago(50))
    assert len(find(K.commitment)) == 1


def test_money_waits_for_people(session, zone, unit, find):
    project = make_project(session, zone, unit=unit)
    make_arrival(session, zone, project, state=ReviewState.returned, reviewed_at=at(ago(60)))
    check_first_days(find, K.returned, ago(60))
    make_arrival(session, zone, project, state=ReviewState.pending, recorded_at=at(ago(60)))
    check_first_days(find, K.unreviewed, ago(60))


def test_the_clocks_of_leads(session, zone, unit, find, look):
    make_lead(session, zone, unit, reported_at=at(ago(60)))
    check_first_days(find, K.lead_answer, ago(60), clock=Clocks().answer_days)
    check_first_days(find, K.lead_assess, ago(60), clock=Clocks().assess_days)
    make_lead(session, zone, unit, state=LeadState.followed, reported_at=at(ago(60)))
    check_first_days(find, K.lead_report, ago(60), clock=Clocks().report_days)
    assert list_fired(session, look(leads=None)) == []
    other = make_unit(session, zone)
    assert list_fired(session, look(leads=Sight(zone.id, other.id, Clocks(), TODAY))) == []


def test_what_is_progress_and_what_is_none(session, zone, unit, find, officer):
    project = make_project(session, zone, unit=unit, signed_on=ago(100), created_at=LONG_AGO)

    def days() -> list[int]:
        return [one.days for one in find(K.idle_signed)]

    assert days() == [100]
    make_arrival(session, zone, project, arrived_on=ago(60), recorded_by=None, recorded_at=at(TODAY))
    project.updated_at = at(TODAY)
    session.flush()
    assert days() == [60]
    data = ActivityData(ActivityKind.call, ago(21), "电话回访")
    about = About(AboutKind.project, project.id)
    made: Activity = log_activity(session, actor_of(officer), data, about=about, unit_id=unit.id, today=TODAY)
    assert days() == [21]
    withdraw_activity(session, actor_of(officer), made, reason="记错", version=1)
    assert days() == [60]
    make_contract(session, zone, project, kind="supplement", signed_on=ago(20))
    assert days() == []


def test_without_any_progress_the_day_of_registration_counts(session, zone, unit, find):
    make_project(session, zone, unit=unit, signed_on=None, created_at=LONG_AGO)
    assert [one.since for one in find(K.idle_talks)] == [dt.date(2026, 1, 5)]


def test_an_excuse_stands_apart_until_its_day_or_until_it_is_worse(session, zone, unit, find, look, officer):
    since = dt.date(2026, 1, 31)
    project = make_project(session, zone, unit=unit, signed_on=since)
    reviewer = make_user(session, zone, Role.reviewer)
    day = dt.date(2026, 8, 1)
    until = dt.date(2026, 10, 1)

    def state(on: dt.date) -> tuple[Level, bool, bool]:
        [one] = find(K.unstarted, day=on)
        return one.level, one.excused_until is not None, one.excuse_id is not None

    assert state(day) == (Level.yellow, False, False)
    excuse = ask_excuse(
        session,
        actor_of(officer),
        project,
        K.unstarted,
        level=Level.yellow,
        reason="等环评批复",
        until_on=until,
        day=day,
    )
    assert state(day) == (Level.yellow, False, True)
    decide_excuse(session, actor_of(reviewer), excuse, grants=True)
    assert state(day) == (Level.yellow, True, False)
    assert state(until) == (Level.yellow, True, False)
    assert state(until + dt.timedelta(days=1)) == (Level.yellow, False, False)
    set_thresholds(session, actor_of(reviewer), {K.unstarted: Threshold(True, 3, 6)})
    assert state(day) == (Level.red, False, False)
    assert len(list_fired(session, look(day), Wanted(kinds=(K.unstarted,), excused=False))) == 1


def test_what_is_counted_is_what_is_listed(session, zone, unit, look, officer):
    other = make_unit(session, zone)
    for number in range(6):
        owner = unit if number % 2 else other
        project = make_project(
            session,
            zone,
            unit=owner,
            signed_on=ago(40 + 80 * number),
            officer=officer.name if number == 1 else "",
        )
        make_commitment(session, zone, project, due_on=ago(number))
    make_lead(session, zone, unit, reported_at=at(ago(60)), officer_id=officer.id)
    mine = (officer.id, officer.name)
    found = tally(session, look(), mine=mine)
    rows = list_fired(session, look())
    assert sum(one.number for one in found) == len(rows) > 10
    for kind in WarningKind:
        for level in Level:
            counted = sum(one.number for one in found if (one.kind, one.level) == (kind, level))
            assert counted == len([row for row in rows if (row.kind, row.level) == (kind, level)])
    own = list_fired(session, look(), Wanted(mine=mine))
    assert sum(one.number for one in found if one.mine) == len(own)
    assert {row.officer for row in own if row.project_id} == {officer.name}
    narrow = list_fired(session, look(unit_id=unit.id))
    assert narrow == [row for row in rows if row.unit_id == unit.id]
    assert [row.level for row in rows] == sorted(
        (row.level for row in rows), key=lambda level: level is Level.yellow
    )
    chosen = rows[0].project_id
    assert {row.project_id for row in list_fired(session, look(project_id=chosen))} == {chosen}


def test_the_same_projects_as_the_figure(session, zone, unit, look, find):
    """签约未开工 of the rules with half a year is the figure's own 停滞."""
    for days in (30, 150, 200, 500):
        make_project(session, zone, unit=unit, signed_on=ago(days))
    make_project(session, zone, unit=unit, signed_on=ago(500), reached={MilestoneKind.started: ago(10)})
    sums = warning_sums(session, zone.id, TODAY, settled_by=settled_by(TODAY))
    assert sums[STALLED].projects == len(find(K.unstarted)) == 2
    assert len(list_standing(session, zone.id, TODAY)) == 5


def test_another_zone_is_not_seen(session, zone, find, look):
    far = make_zone(session)
    project = make_project(session, far, signed_on=ago(500))
    make_commitment(session, far, project, due_on=ago(5))
    make_lead(session, far, make_unit(session, far), reported_at=at(ago(60)))
    assert list_fired(session, look()) == []
    assert tally(session, look()) == []


def test_a_rule_that_is_off_is_silent(session, zone, unit, find, look, officer):
    make_project(session, zone, unit=unit, signed_on=ago(500))
    off = {kind: Threshold(False, rule.yellow, rule.red) for kind, rule in DEFAULTS.items()}
    assert find()
    assert set_thresholds(session, actor_of(officer), off)
    assert not set_thresholds(session, actor_of(officer), off)
    assert list_fired(session, look()) == []
