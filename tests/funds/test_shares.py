"""Recognising less than claimed, dividing an arrival between units, and several at once."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.accounts.rules import Role
from app.audit.queries import list_entries
from app.figures.queries import breakdown, headline, list_rows
from app.figures.rules import CATALOGUE, WindowName
from app.funds import queries as funds
from app.funds.models import ArrivalShare, FundArrival
from app.funds.operations import (
    ArrivalData,
    change_arrival,
    recognise_arrival,
    recognise_several,
    record_arrival,
    return_arrival,
)
from app.funds.rules import (
    WHOLE,
    EvidenceKind,
    FundSource,
    ReviewState,
    check_cut,
    check_shares,
    review_checks,
    split,
)
from app.journal.rules import Dimension
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.pipeline.models import Project
from tests.factories import WAN, actor_of, make_project, make_unit, make_user, make_zone

TODAY = dt.date(2024, 6, 30)
JUNE = Month(2024, 6)
FUNDS = "funds.amount"


@pytest.fixture
def zone(session: Session) -> Zone:
    return make_zone(session)


@pytest.fixture
def project(session: Session, zone: Zone) -> Project:
    return make_project(session, zone, unit=make_unit(session, zone, "招商一部"))


@pytest.fixture
def people(session: Session, zone: Zone) -> tuple:
    officer, reviewer = make_user(session, zone), make_user(session, zone, Role.reviewer)
    return actor_of(officer), actor_of(reviewer)


def data(fen: int = 1000 * WAN, **fields) -> ArrivalData:
    values = {"arrived_on": dt.date(2024, 6, 20), "amount_fen": fen, "source": FundSource.outside, **fields}
    return ArrivalData(**values)


# rules


@given(
    st.integers(1, 10**15),
    st.lists(st.integers(1, 9999), min_size=1, max_size=5),
)
def test_parts_add_up_to_the_amount_and_keep_to_their_shares(fen: int, cuts: list[int]) -> None:
    edges = sorted({0, WHOLE, *cuts})
    percents = [(unit, high - low) for unit, (low, high) in enumerate(pairwise(edges))]
    parts = split(fen, percents)
    assert sum(parts.values()) == fen
    for unit, percent in percents:
        assert abs(parts[unit] * WHOLE - fen * percent) < WHOLE


@pytest.mark.parametrize(
    ("percents", "words"),
    [
        ([(1, 6000), (2, 3000)], "合计 90%"),
        ([(1, 6000), (2, 4001)], "合计 100.01%"),
        ([(1, 5000), (1, 5000)], "只能填一行"),
        ([(1, WHOLE)], "至少要有两个"),
        ([(1, WHOLE), (2, 0)], "大于 0"),
    ],
)
def test_shares_make_a_hundred_percent(percents: list, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        check_shares(percents)
    check_shares([])
    check_shares([(1, 3333), (2, 6667)])


@pytest.mark.parametrize(
    ("fen", "reason", "field"),
    [(1001, "x", "amount"), (0, "x", "amount"), (99, "x", "amount"), (500, " ", "cut_reason")],
)
def test_never_more_than_claimed_and_less_only_with_a_reason(fen: int, reason: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_cut(claimed_fen=1000, fen=fen, reason=reason)
    assert refused.value.field == field
    check_cut(claimed_fen=1000, fen=1000, reason="")
    check_cut(claimed_fen=1000, fen=500, reason="其中一半为借款")


def test_the_checks_that_a_reviewer_sees() -> None:
    good = {
        "arrived_on": TODAY,
        "signed_on": TODAY,
        "recorded_fen": 100,
        "total_fen": 100,
        "voucher": "PZ1",
        "twice": "",
        "payer": "甲 有限公司",
        "investor": "甲有限公司",
        "files": 1,
    }
    assert all(check.ok for check in review_checks(**good))  # type: ignore[arg-type]
    for change, words in (
        ({"signed_on": TODAY + dt.timedelta(days=1)}, "早于合同"),
        ({"signed_on": None}, "没有正式合同"),
        ({"recorded_fen": 101}, "超过合同总投资"),
        ({"voucher": ""}, "没有凭证号"),
        ({"twice": "PZ0"}, "PZ0"),
        ({"payer": "乙公司"}, "不是投资方"),
        ({"payer": ""}, "未填付款方"),
        ({"files": 0}, "没有附件"),
    ):
        [bad] = [check for check in review_checks(**(good | change)) if not check.ok]  # type: ignore[arg-type]
        assert words in bad.words


# operations


def test_less_than_claimed_counts_as_recognised(
    session: Session, zone: Zone, project: Project, people: tuple
) -> None:
    officer, reviewer = people
    arrival = record_arrival(
        session, officer, project, data(evidence=EvidenceKind.bank, payer="甲公司"), today=TODAY
    )
    recognise_arrival(
        session, reviewer, arrival, today=TODAY, amount_fen=600 * WAN, cut_reason="四百万元为借款"
    )
    assert (arrival.claimed_fen, arrival.amount_fen, arrival.cut_reason) == (
        1000 * WAN,
        600 * WAN,
        "四百万元为借款",
    )
    assert headline(session, zone, JUNE, [FUNDS])[FUNDS].ytd == 600 * WAN
    assert funds.recorded_total(session, zone.id, project.id) == 600 * WAN
    session.commit()
    entry = list_entries(session, zone.id, {"fund_arrival": [arrival.id]})[0]
    assert entry.after == {
        "state": "recognised",
        "reason": "",
        "amount_fen": 600 * WAN,
        "cut_reason": "四百万元为借款",
    }


def test_a_ledger_that_repeats_the_claim_leaves_the_recognised_part(
    session: Session, project: Project, people: tuple
) -> None:
    officer, reviewer = people
    arrival = record_arrival(session, officer, project, data(), today=TODAY)
    recognise_arrival(session, reviewer, arrival, today=TODAY, amount_fen=600 * WAN, cut_reason="借款")
    again: dict[str, Any] = {"today": TODAY, "state": ReviewState.recognised}
    assert change_arrival(session, reviewer, arrival, project, data(), **again) == {}
    assert arrival.amount_fen == 600 * WAN
    change_arrival(session, reviewer, arrival, project, data(800 * WAN), **again)
    assert (arrival.claimed_fen, arrival.amount_fen, arrival.cut_reason) == (800 * WAN, 800 * WAN, "")


def test_nobody_recognises_more_or_his_own(session: Session, project: Project, people: tuple) -> None:
    officer, reviewer = people
    arrival = record_arrival(session, officer, project, data(), today=TODAY)
    with pytest.raises(DomainError, match="不能超过登记金额"):
        recognise_arrival(session, reviewer, arrival, today=TODAY, amount_fen=1000 * WAN + 1)
    with pytest.raises(DomainError, match="本人"):
        recognise_arrival(session, officer, arrival, today=TODAY)
    assert arrival.state is ReviewState.pending


@pytest.mark.parametrize(
    "values",
    [
        {"amount_fen": 1001},
        {"amount_fen": 900, "state": "recognised", "recognised_on": TODAY},
        {"amount_fen": 900, "cut_reason": "x"},
        {"original_minor": 900, "amount_fen": 900},
    ],
)
def test_the_database_itself_keeps_claim_and_amount_apart(
    session: Session, project: Project, people: tuple, values: dict
) -> None:
    arrival = record_arrival(session, people[0], project, data(1000), today=TODAY)
    for name, value in values.items():
        setattr(arrival, name, value)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_divided_arrival_is_credited_by_shares(
    session: Session, zone: Zone, project: Project, people: tuple
) -> None:
    officer, reviewer = people
    other = make_unit(session, zone, "招商二部")
    shares = [(project.unit_id, 3333), (other.id, 6667)]
    arrival = record_arrival(session, officer, project, data(100 * WAN + 1, shares=shares), today=TODAY)
    recognise_arrival(session, reviewer, arrival, today=TODAY)
    by_unit = breakdown(session, zone, JUNE, Dimension.unit, [FUNDS])[FUNDS]
    assert {name: values.ytd for name, values in by_unit.items()} == {
        "招商一部": 33_330_000,
        "招商二部": 66_670_001,
    }
    assert headline(session, zone, JUNE, [FUNDS])[FUNDS].ytd == 100 * WAN + 1
    rows, number, total = list_rows(session, zone, JUNE, CATALOGUE[FUNDS], WindowName.ytd)
    assert (number, total) == (2, 100 * WAN + 1)
    assert {row.unit for row in rows} == {"招商一部", "招商二部"}


def test_a_part_recognised_is_divided_anew(
    session: Session, zone: Zone, project: Project, people: tuple
) -> None:
    officer, reviewer = people
    other = make_unit(session, zone, "招商二部")
    shares = [(project.unit_id, 4000), (other.id, 6000)]
    arrival = record_arrival(session, officer, project, data(shares=shares), today=TODAY)
    recognise_arrival(session, reviewer, arrival, today=TODAY, amount_fen=500 * WAN, cut_reason="借款")
    parts = {share.unit: share.amount_fen for share in funds.list_shares(session, zone.id, arrival.id)}
    assert parts == {"招商一部": 200 * WAN, "招商二部": 300 * WAN}


def test_shares_are_corrected_and_taken_away_on_record(
    session: Session, zone: Zone, project: Project, people: tuple
) -> None:
    officer, _ = people
    other = make_unit(session, zone, "招商二部")
    arrival = record_arrival(
        session, officer, project, data(shares=[(project.unit_id, 4000), (other.id, 6000)]), today=TODAY
    )
    pending: dict[str, Any] = {"today": TODAY, "state": ReviewState.pending}
    old = change_arrival(session, officer, arrival, project, data(shares=()), **pending)
    assert old == {"shares": "招商一部 40%、招商二部 60%"}
    assert session.scalars(select(ArrivalShare)).all() == []
    with pytest.raises(DomainError, match="100%"):
        change_arrival(
            session, officer, arrival, project, data(shares=[(project.unit_id, 1), (other.id, 1)]), **pending
        )


def test_a_unit_of_another_zone_gets_no_share(session: Session, project: Project, people: tuple) -> None:
    far = make_unit(session, make_zone(session))
    with pytest.raises(IntegrityError):
        record_arrival(
            session, people[0], project, data(shares=[(project.unit_id, 4000), (far.id, 6000)]), today=TODAY
        )
    session.rollback()


def test_several_are_each_checked_by_themselves(session: Session, project: Project, people: tuple) -> None:
    officer, reviewer = people
    good = record_arrival(session, officer, project, data(voucher="A"), today=TODAY)
    own = record_arrival(session, reviewer, project, data(voucher="B"), today=TODAY)
    gone = record_arrival(session, officer, project, data(voucher="C"), today=TODAY)
    stale = record_arrival(session, officer, project, data(voucher="D"), today=TODAY)
    return_arrival(session, reviewer, gone, reason="重复登记")
    versions = {good.id: 1, own.id: 1, gone.id: 2, stale.id: 7, 5: 1}
    outcomes = recognise_several(session, reviewer, versions, today=TODAY)
    assert [bool(one.refusal) for one in outcomes] == [False, True, True, True, True]
    for outcome, words in zip(outcomes[1:], ("本人", "退回", "修改", "没有这笔"), strict=True):
        assert words in outcome.refusal
    states = {arrival.voucher: arrival.state for arrival in session.scalars(select(FundArrival))}
    assert states == {
        "A": ReviewState.recognised,
        "B": ReviewState.pending,
        "C": ReviewState.returned,
        "D": ReviewState.pending,
    }
