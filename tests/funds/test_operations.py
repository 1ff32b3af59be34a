"""Recording, correcting and reviewing arrivals."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.rules import Role
from app.funds.operations import (
    ArrivalData,
    change_arrival,
    check_contract_covers,
    check_not_twice,
    follow_handover,
    recognise_arrival,
    record_arrival,
    return_arrival,
)
from app.funds.queries import get_arrival, list_for_project, recorded_total, states_total
from app.funds.rules import FundSource, ReviewState
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.pipeline.operations import hand_over
from tests.factories import SIGNED_ON, WAN, YI, actor_of, make_project, make_unit, make_user, make_zone

TODAY = dt.date(2024, 6, 30)
DATA = ArrivalData(dt.date(2024, 6, 20), 100 * WAN, FundSource.outside, purpose="土地款", voucher="PZ-1")


@pytest.fixture
def zone(session):
    return make_zone(session)


@pytest.fixture
def project(session, zone):
    return make_project(session, zone)


@pytest.fixture
def officer(session, zone):
    return actor_of(make_user(session, zone))


@pytest.fixture
def reviewer(session, zone):
    return actor_of(make_user(session, zone, Role.reviewer))


@pytest.fixture
def record(session, project, officer):
    def make(data=DATA, actor=None, **changes):
        return record_arrival(session, actor or officer, project, replace(data, **changes), today=TODAY)

    return make


def change(session, actor, arrival, project, data, **options):
    return change_arrival(
        session, actor, arrival, project, data, today=TODAY, state=ReviewState.pending, **options
    )


def test_a_recorded_arrival_waits_and_a_recognised_one_counts(session, zone, project, record, reviewer):
    arrival = record()
    assert (arrival.state, arrival.unit_id) == (ReviewState.pending, project.unit_id)
    recognise_arrival(session, reviewer, arrival, today=TODAY, version=1)
    assert (arrival.state, arrival.recognised_on, arrival.reviewed_name) == (
        ReviewState.recognised,
        TODAY,
        reviewer.name,
    )
    assert states_total(session, zone.id, project.id) == {ReviewState.recognised: 100 * WAN}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"arrived_on": SIGNED_ON - dt.timedelta(1)}, "arrived_on"),
        ({"arrived_on": TODAY + dt.timedelta(1)}, "arrived_on"),
        ({"amount_fen": YI + 1}, "amount"),
        ({"amount_fen": 99}, "amount"),
        ({"original_minor": 99 * WAN}, "amount"),
        ({"currency": "USD", "rate": Decimal(7)}, "amount"),
        ({"rate": Decimal(2)}, "rate"),
        ({"voucher": "PZ\u200e1"}, "voucher"),
    ],
)
def test_what_may_not_be_recorded(record, changes, field):
    with pytest.raises(DomainError) as refusal:
        record(**changes)
    assert refusal.value.field == field


def test_one_evidence_number_is_one_arrival(record):
    record()
    with pytest.raises(DomainError) as refusal:
        record(amount_fen=WAN)
    assert refusal.value.field == "voucher"
    record(voucher="", amount_fen=WAN)
    record(voucher="", amount_fen=WAN)


def test_the_same_amount_on_the_same_day_asks_first(session, project, record, reviewer):
    first = record()
    again = replace(DATA, voucher="PZ-2")
    with pytest.raises(DomainError) as refusal:
        check_not_twice(session, project, again)
    assert refusal.value.field == "twice"
    check_not_twice(session, project, again, without=first)
    check_not_twice(session, project, replace(again, arrived_on=dt.date(2024, 6, 21)))
    return_arrival(session, reviewer, first, reason="重复")
    check_not_twice(session, project, again)


def test_foreign_money_keeps_what_it_was(record):
    arrival = record(
        currency="USD",
        original_minor=10 * WAN,
        rate=Decimal("7.1"),
        amount_fen=71 * WAN,
        rate_on=dt.date(2024, 6, 20),
        rate_source="中间价",
    )
    assert (arrival.currency, arrival.original_minor, arrival.rate_millionths) == ("USD", 10 * WAN, 7_100_000)
    assert arrival.amount_fen == 71 * WAN


def test_returned_money_makes_room_again(session, zone, project, record, reviewer):
    arrival = record(amount_fen=YI)
    with pytest.raises(DomainError):
        record(voucher="PZ-2", amount_fen=100)
    return_arrival(session, reviewer, arrival, reason="金额不符")
    assert recorded_total(session, zone.id, project.id) == 0
    record(voucher="PZ-2", amount_fen=YI)
    with pytest.raises(DomainError):
        change(session, reviewer, arrival, project, replace(DATA, amount_fen=100))


def test_a_returned_arrival_that_was_put_right_waits_anew(session, project, record, officer, reviewer):
    arrival = record()
    return_arrival(session, reviewer, arrival, reason="金额不符")
    assert arrival.return_reason == "金额不符"
    change(session, officer, arrival, project, replace(DATA, amount_fen=90 * WAN))
    assert (arrival.state, arrival.return_reason, arrival.reviewed_by) == (ReviewState.pending, "", None)
    recognise_arrival(session, reviewer, arrival, today=TODAY)


def test_who_corrects_an_arrival_does_not_review_it(session, project, record, reviewer):
    arrival = record()
    change(session, reviewer, arrival, project, replace(DATA, amount_fen=90 * WAN))
    with pytest.raises(DomainError, match="本人"):
        recognise_arrival(session, reviewer, arrival, today=TODAY)


def test_a_review_is_of_the_version_that_was_seen(session, project, record, officer, reviewer):
    arrival = record()
    change(session, officer, arrival, project, replace(DATA, amount_fen=90 * WAN))
    for review in (
        lambda: recognise_arrival(session, reviewer, arrival, today=TODAY, version=1),
        lambda: return_arrival(session, reviewer, arrival, reason="x", version=1),
        lambda: change(session, officer, arrival, project, DATA, version=1),
    ):
        with pytest.raises(ConflictError):
            review()
    assert arrival.state is ReviewState.pending


@pytest.mark.parametrize("reason", ["", "  ", "看不见\u200b"])
def test_a_return_says_why(session, record, reviewer, reason):
    with pytest.raises(DomainError) as refusal:
        return_arrival(session, reviewer, record(), reason=reason)
    assert refusal.value.field == "reason"


def test_a_correction_that_changes_nothing_leaves_no_trace(session, project, record, officer):
    arrival = record()
    assert change(session, officer, arrival, project, DATA) == {}
    assert arrival.version == 1


def test_money_follows_a_handover_from_its_day_on(session, zone, project, record, officer):
    second = make_unit(session, zone)
    record(arrived_on=dt.date(2024, 5, 31))
    record(arrived_on=dt.date(2024, 6, 1), voucher="PZ-2")
    old = project.unit_id
    hand_over(session, officer, project, second.id, from_on=dt.date(2024, 6, 1))
    follow_handover(session, project, from_on=dt.date(2024, 6, 1))
    session.expire_all()
    assert [a.unit_id for a in list_for_project(session, zone.id, project.id)] == [second.id, old]
    late = record(arrived_on=dt.date(2024, 5, 30), voucher="PZ-3")
    assert late.unit_id == old


def test_a_contract_may_not_fall_below_its_money(session, project, record):
    record(amount_fen=YI)
    check_contract_covers(session, project)
    project.total_fen = YI - 1
    with pytest.raises(DomainError) as refusal:
        check_contract_covers(session, project)
    assert refusal.value.field == "amount"


def test_an_arrival_of_another_zone_is_not_found(session, record):
    with pytest.raises(NotFoundError):
        get_arrival(session, make_zone(session).id, record().id)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.integers(100, YI), min_size=1, max_size=6),
    decisions=st.lists(st.sampled_from(["recognise", "return", "wait"]), min_size=6, max_size=6),
)
def test_whatever_is_entered_and_reviewed_stays_within_the_contract(session, amounts, decisions):
    zone = make_zone(session)
    project = make_project(session, zone)
    officer = actor_of(make_user(session, zone))
    reviewer = actor_of(make_user(session, zone, Role.reviewer))
    expected = dict.fromkeys(ReviewState, 0)
    for fen, decision in zip(amounts, decisions, strict=False):
        kept = expected[ReviewState.pending] + expected[ReviewState.recognised]
        data = ArrivalData(dt.date(2024, 6, 20), fen, FundSource.outside)
        if kept + fen > YI:
            with pytest.raises(DomainError):
                record_arrival(session, officer, project, data, today=TODAY)
            continue
        arrival = record_arrival(session, officer, project, data, today=TODAY)
        if decision == "recognise":
            recognise_arrival(session, reviewer, arrival, today=TODAY)
        elif decision == "return":
            return_arrival(session, reviewer, arrival, reason="不符")
        expected[arrival.state] += fen
    found = states_total(session, zone.id, project.id)
    assert {state: found.get(state, 0) for state in ReviewState} == expected
    assert recorded_total(session, zone.id, project.id) <= YI
