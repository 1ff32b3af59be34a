"""What was decided or entered is taken back: on record, by the right person, and the figure goes back by exactly it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.audit.models import AuditEntry
from app.closing.operations import close_month
from app.figures.queries import headline
from app.funds.operations import (
    ArrivalData,
    change_arrival,
    recognise_arrival,
    record_arrival,
    restore_arrival,
    return_arrival,
    revoke_review,
    revoke_several,
    void_arrival,
    withdraw_arrival,
)
from app.funds.queries import (
    ArrivalFilter,
    arrival_sums,
    find_by_voucher,
    list_arrivals,
    list_for_project,
    list_revocations,
    list_shares,
    recorded_total,
)
from app.funds.rules import FundSource, ReviewState, RevocationKind
from app.journal.queries import Correction, find_reading, list_corrections, read_books
from app.journal.rules import LIVE, Basis, FactKind
from app.kernel.errors import ConflictError, DomainError
from app.kernel.periods import Month
from tests.factories import WAN, YI, actor_of, make_project, make_unit, make_user, make_zone

TODAY = dt.date(2024, 6, 30)
DATA = ArrivalData(dt.date(2024, 6, 20), 100 * WAN, FundSource.outside, voucher="PZ-1")
OPEN: dict[str, Any] = {"reason": "认错了项目"}


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


def money(session, zone, reading=LIVE):
    values = headline(session, zone, Month(2024, 6), ["funds.amount"], reading=reading)
    return values["funds.amount"].ytd


def test_a_recognition_is_taken_back_and_the_figure_by_exactly_that(session, zone, record, reviewer):
    record(voucher="PZ-0", amount_fen=7 * WAN)
    other, arrival = record(voucher="PZ-2", amount_fen=30 * WAN), record()
    recognise_arrival(session, reviewer, other, today=TODAY)
    recognise_arrival(
        session, reviewer, arrival, today=TODAY, amount_fen=60 * WAN, cut_reason="四十万元为借款"
    )
    assert money(session, zone) == 90 * WAN
    revoke_review(session, reviewer, arrival, **OPEN, version=2)
    assert money(session, zone) == 30 * WAN
    assert (arrival.state, arrival.amount_fen, arrival.cut_reason, arrival.reviewed_by, arrival.recognised_on) == (
        ReviewState.pending, 100 * WAN, "", None, None,
    )  # fmt: skip
    (step,) = list_revocations(session, zone.id, arrival.id)
    assert (step.kind, step.reason, step.done_name, step.was_state, step.was_fen, step.was_reason) == (
        RevocationKind.recognition, "认错了项目", reviewer.name, ReviewState.recognised, 60 * WAN, "四十万元为借款",
    )  # fmt: skip
    session.commit()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "take_back_recognition")).one()
    assert (entry.before["state"], entry.after["state"]) == ("recognised", "pending")
    recognise_arrival(session, reviewer, arrival, today=TODAY)
    assert money(session, zone) == 130 * WAN


def test_shares_follow_the_amount(session, zone, project, record, reviewer):
    second = make_unit(session, zone)
    arrival = record(shares=((project.unit_id, 5000), (second.id, 5000)))
    recognise_arrival(session, reviewer, arrival, today=TODAY, amount_fen=60 * WAN, cut_reason="借款")
    revoke_review(session, reviewer, arrival, **OPEN)
    assert [share.amount_fen for share in list_shares(session, zone.id, arrival.id)] == [50 * WAN, 50 * WAN]


def test_a_return_is_taken_back_unless_its_room_is_taken(session, zone, project, record, reviewer):
    arrival = record(amount_fen=YI)
    return_arrival(session, reviewer, arrival, reason="凭证不清")
    revoke_review(session, reviewer, arrival, **OPEN)
    assert (arrival.state, arrival.return_reason) == (ReviewState.pending, "")
    return_arrival(session, reviewer, arrival, reason="凭证不清")
    record(voucher="PZ-2", amount_fen=WAN)
    with pytest.raises(DomainError, match="超过合同总投资"):
        revoke_review(session, reviewer, arrival, **OPEN)
    assert arrival.state is ReviewState.returned


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "  "}, "写明撤销的原因"),
        ({"reason": "a\u202eb"}, "不可见字符"),
    ],
)
def test_no_taking_back_without_reason(session, record, reviewer, changes, words):
    arrival = record()
    recognise_arrival(session, reviewer, arrival, today=TODAY)
    with pytest.raises(DomainError, match=words):
        revoke_review(session, reviewer, arrival, **changes)
    assert arrival.state is ReviewState.recognised


def test_a_closed_month_keeps_its_number_and_the_next_close_posts_the_difference(
    session, zone, record, reviewer
):
    arrival, other = record(), record(voucher="PZ-2", amount_fen=WAN)
    for one in (arrival, other):
        recognise_arrival(session, reviewer, one, today=TODAY)
    june, july = Month(2024, 6), Month(2024, 7)
    close_month(session, reviewer, zone=zone, month=june, waive_rest="核对过")
    revoke_review(session, reviewer, arrival, **OPEN)
    closed = find_reading(session, zone.id, june, Basis.closed)
    assert money(session, zone, closed) == 101 * WAN
    assert money(session, zone) == WAN
    close = close_month(session, reviewer, zone=zone, month=july, waive_rest="核对过")
    step = read_books(session, zone.id).last
    assert step
    assert step.seq == close.seq
    assert list_corrections(session, zone.id, step) == [Correction(FactKind.funds, 1)]
    assert money(session, zone, find_reading(session, zone.id, june, Basis.restated)) == WAN
    assert money(session, zone, closed) == 101 * WAN


def test_nobody_takes_back_ones_own_nor_another_version_nor_what_is_not_decided(session, record, reviewer):
    own = record(actor=reviewer)
    other = actor_of_other(session, reviewer)
    recognise_arrival(session, other, own, today=TODAY)
    with pytest.raises(DomainError, match="本人登记"):
        revoke_review(session, reviewer, own, **OPEN)
    with pytest.raises(ConflictError):
        revoke_review(session, other, own, **OPEN, version=1)
    with pytest.raises(DomainError, match="没有可以撤销"):
        revoke_review(session, reviewer, record(voucher="PZ-3", amount_fen=WAN), **OPEN)


def actor_of_other(session, reviewer):
    return replace(reviewer, user_id=reviewer.user_id + 1, name="另一审核人")


def test_a_batch_is_taken_back_one_by_one_and_what_moved_on_stays(session, zone, record, reviewer, officer):
    first, second = record(), record(voucher="PZ-2", amount_fen=WAN)
    for arrival in (first, second):
        recognise_arrival(session, reviewer, arrival, today=TODAY)
    revoke_review(session, reviewer, second, **OPEN)
    outcomes = revoke_several(session, reviewer, {first.id: 2, second.id: 2}, **OPEN)
    assert [bool(one.refusal) for one in outcomes] == [False, True]
    assert "修改或审核" in outcomes[1].refusal
    assert money(session, zone) == 0


def test_a_withdrawn_entry_leaves_the_queue_and_waits_again_when_corrected(
    session, zone, project, record, officer, reviewer
):
    arrival = record()
    withdraw_arrival(session, officer, arrival, version=1)
    assert recorded_total(session, zone.id, project.id) == 0
    assert list_arrivals(session, zone.id, ArrivalFilter(states=(ReviewState.pending,))) == []
    assert [row.state for row in list_arrivals(session, zone.id, ArrivalFilter())] == [ReviewState.withdrawn]
    with pytest.raises(DomainError, match="已撤回"):
        recognise_arrival(session, reviewer, arrival, today=TODAY)
    with pytest.raises(DomainError, match="只有待审核"):
        withdraw_arrival(session, officer, arrival)
    change_arrival(
        session, officer, arrival, project, replace(DATA, amount_fen=50 * WAN), today=TODAY, state=ReviewState.pending
    )  # fmt: skip
    assert (arrival.state, arrival.claimed_fen) == (ReviewState.pending, 50 * WAN)


def test_a_void_entry_is_in_no_figure_and_no_list_but_can_be_found_and_restored(
    session, zone, project, record, officer
):
    arrival = record()
    with pytest.raises(DomainError, match="作废的原因"):
        void_arrival(session, officer, arrival, reason=" ")
    void_arrival(session, officer, arrival, reason="重复登记")
    assert recorded_total(session, zone.id, project.id) == 0
    assert list_for_project(session, zone.id, project.id) == []
    assert arrival_sums(session, zone.id, ArrivalFilter()).by_state == {}
    assert find_by_voucher(session, zone.id, "PZ-1") is None
    (row,) = list_arrivals(session, zone.id, ArrivalFilter(states=(ReviewState.voided,)))
    assert row.id == arrival.id
    with pytest.raises(DomainError, match="不能再次作废"):
        void_arrival(session, officer, arrival, reason="x")
    restore_arrival(session, officer, arrival)
    assert arrival.state is ReviewState.pending
    assert [step.kind for step in list_revocations(session, zone.id, arrival.id)] == [
        RevocationKind.restore,
        RevocationKind.void,
    ]
    with pytest.raises(DomainError, match="没有作废"):
        restore_arrival(session, officer, arrival)


def test_the_number_of_a_void_entry_is_free_and_then_it_cannot_be_restored(session, record, officer):
    arrival = record()
    void_arrival(session, officer, arrival, reason="重复登记")
    again = record(amount_fen=WAN)
    with pytest.raises(DomainError, match="已由另一笔到账使用"):
        restore_arrival(session, officer, arrival)
    void_arrival(session, officer, again, reason="也错了")
    restore_arrival(session, officer, arrival)


def test_a_returned_entry_comes_back_as_returned(session, record, officer, reviewer):
    arrival = record()
    return_arrival(session, reviewer, arrival, reason="凭证不清")
    void_arrival(session, officer, arrival, reason="不是本项目")
    restore_arrival(session, officer, arrival)
    assert (arrival.state, arrival.return_reason) == (ReviewState.returned, "凭证不清")


def test_what_counts_is_not_voided(session, record, officer, reviewer):
    arrival = record()
    recognise_arrival(session, reviewer, arrival, today=TODAY)
    with pytest.raises(DomainError, match="先由审核人撤销认定"):
        void_arrival(session, officer, arrival, reason="错了")
