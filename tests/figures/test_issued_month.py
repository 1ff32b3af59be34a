"""本月数 of a closed month (figures.md §4.4): the year so far minus the year so far as issued with the month before."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import breakdown, headline, list_rows
from app.figures.queries.year import left_out, list_dissolved, month_by_month
from app.figures.rules import CATALOGUE, Measure, WindowName, total_of
from app.journal.operations import post_close, post_reopening
from app.journal.queries import corrected_facts, find_reading, list_corrections, read_books
from app.journal.rules import Basis, Dimension, FactKind, Reading, Why
from app.kernel.periods import Month
from app.pipeline.rules import MilestoneKind
from tests.factories import WAN, YI, make_arrival, make_milestone, make_project, make_zone
from tests.figures.world import ProjectFacts, store, worlds
from tests.journal.history import actor_in, edit

APRIL, MAY, JUNE = Month(2024, 4), Month(2024, 5), Month(2024, 6)
D = dt.date


def close(session: Session, zone: Zone, month: Month) -> None:
    session.flush()
    post_close(session, actor_in(zone), zone=zone, month=month, checks=[])


def issued(session: Session, zone: Zone, month: Month) -> Reading:
    return find_reading(session, zone.id, month, Basis.closed)


def check_month(session: Session, zone: Zone, month: Month, before: Month | None) -> None:
    """The rule, for every figure; its rows, its parts and the months of the year agree."""
    reading = issued(session, zone, month)
    now = headline(session, zone, month, reading=reading)
    gone = left_out(session, zone, month, reading=reading)
    if before is not None:
        then = headline(session, zone, before, reading=issued(session, zone, before))
        for code, figure in CATALOGUE.items():
            if not figure.big_only:
                count, fen = gone.get(figure.kind, (0, 0))
                left = count if figure.measure is Measure.count else fen
                assert now[code].month == now[code].ytd - then[code].ytd + left, code
    for code, figure in CATALOGUE.items():
        rows, number, total = list_rows(session, zone, month, figure, WindowName.month, reading=reading)
        assert total == sum(row.value for row in rows) == now[code].month, code
        assert number == len(rows)
        months = month_by_month(session, zone, month, figure, reading=reading)
        assert months[-1] == now[code].month
        if before is not None:
            own = month_by_month(session, zone, before, figure, reading=issued(session, zone, before))
            assert months[:-1] == own, "months stay"
    for dimension in (Dimension.unit, Dimension.chain, Dimension.origin):
        for code, parts in breakdown(session, zone, month, dimension, reading=reading).items():
            assert total_of(parts.values()) == now[code], (dimension, code)


@pytest.fixture
def zone(session: Session) -> Zone:
    """Closed in April and May, then corrected in every way."""
    zone = make_zone(session)
    one = make_project(session, zone, name="甲项目", total_fen=2 * YI, signed_on=D(2024, 3, 3))
    two = make_project(session, zone, name="乙项目", total_fen=3 * YI, signed_on=D(2024, 4, 4))
    arrivals = [make_arrival(session, zone, one, n * WAN, arrived_on=D(2024, 3, n)) for n in (1, 2, 3)]
    close(session, zone, APRIL)
    close(session, zone, MAY)
    arrivals[0].amount_fen = arrivals[0].claimed_fen = arrivals[0].original_minor = 500 * WAN
    arrivals[1].arrived_on = D(2024, 2, 2)
    session.delete(arrivals[2])
    make_arrival(session, zone, one, 70 * WAN, arrived_on=D(2024, 4, 9))
    make_arrival(session, zone, one, 11 * WAN, arrived_on=D(2024, 6, 9))
    make_milestone(session, zone, two, MilestoneKind.terminated, D(2024, 6, 5))
    make_project(session, zone, name="丙项目", total_fen=YI, signed_on=D(2024, 6, 1))
    close(session, zone, JUNE)
    return zone


def test_the_month_holds_what_its_close_corrected_of_earlier_months(session: Session, zone: Zone) -> None:
    check_month(session, zone, JUNE, MAY)
    reading = issued(session, zone, JUNE)
    now = headline(session, zone, JUNE, reading=reading)
    assert now["funds.amount"].month == (499 - 3 + 70 + 11) * WAN
    assert (now["signed.count"].month, now["signed.count"].ytd) == (1, 2)
    rows = list_rows(session, zone, JUNE, CATALOGUE["funds.amount"], WindowName.month, reading=reading)[0]
    assert sorted(row.value for row in rows if row.corrects) == sorted(
        n * WAN for n in (-1, 500, -2, 2, -3, 70)
    )
    restated = find_reading(session, zone.id, JUNE, Basis.restated)
    assert headline(session, zone, JUNE, reading=restated)["funds.amount"].month == 11 * WAN
    assert [(row.name, row.signed_on, row.ended_on) for row in list_dissolved(session, zone, JUNE, reading=reading)] == [
        ("乙项目", D(2024, 4, 4), D(2024, 6, 5))
    ]  # fmt: skip


def test_corrections_are_listed_one_by_one(session: Session, zone: Zone) -> None:
    step = read_books(session, zone.id).get(JUNE)
    found = corrected_facts(session, zone.id, step)
    assert len(found) == sum(c.facts for c in list_corrections(session, zone.id, step)) == 4
    said = {(c.why, c.changed, c.day_before, c.day, c.fen_before, c.fen) for c in found}
    assert said == {
        (Why.changed, ("amount_fen",), D(2024, 3, 1), D(2024, 3, 1), WAN, 500 * WAN),
        (Why.changed, ("on_day",), D(2024, 3, 2), D(2024, 2, 2), 2 * WAN, 2 * WAN),
        (Why.removed, (), D(2024, 3, 3), None, 3 * WAN, None),
        (Why.new, (), None, D(2024, 4, 9), None, 70 * WAN),
    }
    assert {c.kind for c in found} == {FactKind.funds}


def test_a_month_closed_twice_shows_no_row_that_came_and_went(session: Session, zone: Zone) -> None:
    before = list_rows(
        session, zone, JUNE, CATALOGUE["funds.amount"], WindowName.month, reading=issued(session, zone, JUNE)
    )
    extra = make_arrival(session, zone, make_project(session, zone), 9 * WAN, arrived_on=D(2024, 2, 9))
    post_reopening(session, actor_in(zone), zone=zone, month=JUNE, reason="补记")
    close(session, zone, JUNE)
    post_reopening(session, actor_in(zone), zone=zone, month=JUNE, reason="撤销")
    session.delete(extra)
    close(session, zone, JUNE)
    check_month(session, zone, JUNE, MAY)
    again = list_rows(
        session, zone, JUNE, CATALOGUE["funds.amount"], WindowName.month, reading=issued(session, zone, JUNE)
    )
    assert [asdict(row) for row in again[0]] == [asdict(row) for row in before[0]]


@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=worlds, seed=st.integers(0, 10**6), edits=st.integers(2, 8), cutoff=st.sampled_from([0, 25]))
def test_whatever_is_edited_the_rule_holds(
    session: Session, world: list[ProjectFacts], seed: int, edits: int, cutoff: int
) -> None:
    savepoint = session.begin_nested()
    zone = store(session, world, cutoff_day=cutoff, by_recognition="")
    dice = random.Random(seed)  # noqa: S311
    before: Any = None
    for number in (3, 4, 5):
        month = Month(2024, number, cutoff)
        close(session, zone, month)
        check_month(session, zone, month, before)
        before = month
        for _ in range(edits):
            edit(session, zone, dice)
    savepoint.rollback()
    session.expunge_all()
