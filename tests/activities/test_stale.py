"""久未更新 on both engines: what counts as progress, and what does not."""

from __future__ import annotations

import datetime as dt

import pytest

from app.activities.models import Activity
from app.activities.operations import ActivityData, log_activity, set_limits, withdraw_activity
from app.activities.queries import list_stale, stage_limits
from app.activities.rules import About, AboutKind, ActivityKind
from app.funds.rules import ReviewState
from app.pipeline.rules import MilestoneKind, Stage
from tests.factories import (
    actor_of,
    make_arrival,
    make_contract,
    make_project,
    make_unit,
    make_user,
    make_zone,
)

TODAY = dt.date(2026, 11, 21)
LONG_AGO = dt.datetime(2026, 1, 5, 4, 0, tzinfo=dt.UTC)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


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
def stale(session, zone, unit):
    def find() -> dict[str, int]:
        limits = stage_limits(session, zone.id)
        return {p.name: p.days for p in list_stale(session, zone.id, unit.id, today=TODAY, limits=limits)}

    return find


@pytest.fixture
def signed(session, zone, unit):
    """Signed 100 days ago, limit 20."""
    return make_project(session, zone, unit=unit, signed_on=ago(100), name="签约项目", created_at=LONG_AGO)


def logged(session, officer, project, day) -> Activity:
    return log_activity(
        session,
        actor_of(officer),
        ActivityData(ActivityKind.call, day, "电话回访"),
        about=About(AboutKind.project, project.id),
        unit_id=project.unit_id,
        today=TODAY,
    )


def test_the_last_progress_decides(session, stale, officer, signed):
    assert stale() == {"签约项目": 100}
    logged(session, officer, signed, ago(21))
    assert stale() == {"签约项目": 21}
    logged(session, officer, signed, ago(20))
    assert stale() == {}


def test_what_was_taken_back_is_no_progress(session, stale, officer, signed):
    activity = logged(session, officer, signed, ago(1))
    assert stale() == {}
    withdraw_activity(session, actor_of(officer), activity, reason="记错", version=1)
    assert stale() == {"签约项目": 100}


def test_money_is_progress(session, zone, stale, signed, officer):
    make_arrival(session, zone, signed, arrived_on=ago(50))
    assert stale() == {"签约项目": 50}
    at = dt.datetime.combine(ago(30), dt.time(3), dt.UTC)
    make_arrival(session, zone, signed, arrived_on=ago(90), recorded_by=officer.id, recorded_at=at)
    assert stale() == {"签约项目": 30}
    make_arrival(
        session,
        zone,
        signed,
        arrived_on=ago(90),
        state=ReviewState.returned,
        reviewed_at=dt.datetime.combine(ago(5), dt.time(3), dt.UTC),
    )
    assert stale() == {}


def test_an_import_or_a_save_without_change_is_none(session, zone, stale, signed):
    now = dt.datetime.combine(TODAY, dt.time(3), dt.UTC)
    make_arrival(session, zone, signed, arrived_on=ago(60), recorded_by=None, recorded_at=now)
    signed.updated_at = now
    session.flush()
    assert stale() == {"签约项目": 60}


def test_a_stage_reached_is_progress_and_its_own_limit_holds(session, zone, unit, stale):
    make_project(
        session,
        zone,
        unit=unit,
        signed_on=ago(100),
        reached={MilestoneKind.landed: ago(16)},
        name="落地项目",
        created_at=LONG_AGO,
    )
    assert stale() == {"落地项目": 16}


def test_a_supplement_is_progress(session, zone, stale, signed):
    make_contract(session, zone, signed, kind="supplement", signed_on=ago(3))
    assert stale() == {}


def test_without_any_progress_the_day_of_registration_counts(session, zone, unit, stale):
    make_project(session, zone, unit=unit, signed_on=None, name="在谈项目", created_at=LONG_AGO)
    assert stale() == {"在谈项目": (TODAY - dt.date(2026, 1, 5)).days}


def test_only_the_own_unit_and_stages_under_watch(session, zone, unit, stale):
    other = make_unit(session, zone)
    make_project(session, zone, unit=other, signed_on=ago(100), created_at=LONG_AGO)
    for stage in (Stage.full, Stage.suspended, Stage.terminated, Stage.started):
        make_project(session, zone, unit=unit, signed_on=ago(400), stage=stage, created_at=LONG_AGO)
    assert stale() == {}


def test_the_zone_sets_its_own_limits(session, zone, unit, stale, officer, signed):
    limits = stage_limits(session, zone.id)
    assert limits[Stage.signed] == 20
    assert set_limits(session, actor_of(officer), {Stage.signed: 120})
    assert not set_limits(session, actor_of(officer), {Stage.signed: 120})
    assert stale() == {}
    set_limits(session, actor_of(officer), {Stage.signed: 0})
    assert stage_limits(session, make_zone(session).id)[Stage.signed] == 20
    assert stale() == {}
