"""When something is due, when a project counts as 久未更新, what a form may name."""

from __future__ import annotations

import datetime as dt

import pytest

from app.activities.rules import (
    AboutKind,
    ActivityKind,
    Due,
    check_activity,
    check_postponed,
    due_of,
    is_stale,
    parse_about,
    week_end,
)
from app.kernel.errors import DomainError

FRIDAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("due_on", "when"),
    [
        (dt.date(2026, 11, 19), Due.overdue),
        (FRIDAY, Due.today),
        (dt.date(2026, 11, 22), Due.week),
        (dt.date(2026, 11, 23), Due.later),
    ],
)
def test_a_week_ends_on_sunday(due_on, when):
    assert due_of(due_on, FRIDAY) is when
    assert week_end(dt.date(2026, 11, 22)) == dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("days", "limit", "stale"), [(30, 30, False), (31, 30, True), (400, 0, False), (0, 1, False)]
)
def test_the_limit_itself_is_still_in_time(days, limit, stale):
    assert is_stale(FRIDAY - dt.timedelta(days=days), FRIDAY, limit) is stale


def test_a_day_to_come_is_no_delay():
    assert not is_stale(FRIDAY + dt.timedelta(days=5), FRIDAY, 1)


def test_what_a_form_names():
    assert parse_about("") is None
    about = parse_about("project:12")
    assert about is not None
    assert (about.kind, about.id, str(about)) == (AboutKind.project, 12, "project:12")


@pytest.mark.parametrize(
    "text", ["project", "project:", "unit:1", "project:-1", "project:0", "project:１", "project:" + "9" * 19]
)
def test_what_a_form_cannot_name(text):
    with pytest.raises(DomainError):
        parse_about(text)


def test_people_and_days_are_of_outings():
    def check(kind, people=None, days=None):
        check_activity(kind=kind, on_day=FRIDAY, text="谈", people=people, days=days, today=FRIDAY)

    check(ActivityKind.visit_out, 3, 2)
    check(ActivityKind.call)
    with pytest.raises(DomainError, match="不统计外出人数"):
        check(ActivityKind.call, 3)
    with pytest.raises(DomainError, match="天数"):
        check(ActivityKind.fair, 3, 401)


def test_a_task_is_put_off_to_a_later_day():
    check_postponed(dt.date(2026, 11, 25), dt.date(2026, 11, 24), FRIDAY)
    check_postponed(FRIDAY, dt.date(2026, 11, 1), FRIDAY)
    with pytest.raises(DomainError, match="晚于原定"):
        check_postponed(dt.date(2026, 11, 24), dt.date(2026, 11, 24), FRIDAY)
    with pytest.raises(DomainError, match="已过"):
        check_postponed(dt.date(2026, 11, 19), dt.date(2026, 11, 1), FRIDAY)
