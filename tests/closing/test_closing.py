"""A month is closed on its checklist, by one person, and stays closed once its brief is out."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.briefs.models import BriefDocument
from app.briefs.rules import DocumentState
from app.closing.operations import close_month, reopen_month, waive_row
from app.closing.queries import preview
from app.closing.rules import SELF_CHECKS, ItemCode, Numbers, self_check
from app.figures.rules import CATALOGUE, Values
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.journal.models import JournalEntry
from app.journal.queries import read_books, verify_books
from app.journal.rules import Dimension, FactKind
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.kernel.periods import Month
from tests.factories import NOW, WAN, YI, make_arrival, make_project, make_zone

MAY = Month(2024, 5)


def actor_in(zone: Zone, name: str = "马晓琳") -> Actor:
    return Actor(zone.id, None, name)


@pytest.fixture
def zone(session: Session) -> Zone:
    """A zone with a contract, recognised money with a voucher, and one arrival that nobody has reviewed."""
    zone = make_zone(session)
    project = make_project(session, zone, name="无人机整机制造项目", total_fen=YI)
    make_arrival(session, zone, project, 100 * WAN, voucher="PZ1")
    make_arrival(session, zone, project, 769 * WAN, state=ReviewState.pending, voucher="PZ2")
    return zone


def entries(session: Session, zone: Zone) -> int:
    return session.scalars(select(func.count()).where(JournalEntry.zone_id == zone.id)).one()


def test_an_open_item_refuses_the_close_and_leaves_nothing(session: Session, zone: Zone) -> None:
    with pytest.raises(DomainError, match="待审核到账：1笔（无人机整机制造项目）"):
        close_month(session, actor_in(zone), zone=zone, month=MAY)
    assert entries(session, zone) == 0
    assert read_books(session, zone.id).steps == ()


def test_a_waiver_by_name_and_reason_opens_the_way_and_stands_in_the_record(
    session: Session, zone: Zone
) -> None:
    pending = session.query(FundArrival).filter_by(zone_id=zone.id, state=ReviewState.pending).one()
    row: dict[str, Any] = {"zone": zone, "month": MAY, "code": ItemCode.pending, "subject_id": pending.id}
    with pytest.raises(DomainError, match="请写明原因"):
        waive_row(session, actor_in(zone), **row, reason=" ")
    waive_row(session, actor_in(zone), **row, reason="回单户名待银行更正，6月处理")
    with pytest.raises(NotFoundError, match="已豁免"):
        waive_row(session, actor_in(zone), **row, reason="再来一次")
    closed = close_month(session, actor_in(zone, "周海峰"), zone=zone, month=MAY)
    waived = closed.checks[0]["waived"]
    assert [(w["subject"], w["amount_fen"], w["reason"], w["by"]) for w in waived] == [
        ("无人机整机制造项目", 769 * WAN, "回单户名待银行更正，6月处理", "马晓琳")
    ]
    assert closed.entries == 2
    assert verify_books(session, zone.id).whole


def test_a_waiver_is_for_its_month_only(session: Session, zone: Zone) -> None:
    close_month(session, actor_in(zone), zone=zone, month=MAY, waive_rest="下月处理")
    with pytest.raises(DomainError, match="2024年6月还不能关账"):
        close_month(session, actor_in(zone), zone=zone, month=MAY.next())


def test_what_a_project_has_beyond_its_total_and_money_without_evidence_are_asked_about(
    session: Session, zone: Zone
) -> None:
    project = make_project(session, zone, name="小项目", total_fen=10 * WAN)
    make_arrival(session, zone, project, 12 * WAN)
    found = {item.code: item for item in preview(session, zone, MAY).items}
    assert [(row.subject, row.amount_fen) for row in found[ItemCode.over_total].rows] == [("小项目", 2 * WAN)]
    assert [row.amount_fen for row in found[ItemCode.evidence].rows] == [12 * WAN]
    assert found[ItemCode.selfcheck].passes


def test_the_preview_says_what_the_close_then_posts(session: Session, zone: Zone) -> None:
    shown = preview(session, zone, MAY)
    closed = close_month(session, actor_in(zone), zone=zone, month=MAY, waive_rest="下月处理")
    assert sum(shown.sums.values()) == closed.entries == len(shown.postings)
    assert shown.before is None
    after = preview(session, zone, MAY.next())
    assert after.sums == {}
    assert after.before is not None
    assert after.before["funds.amount"] == 100 * WAN


def test_a_month_whose_brief_is_out_stays_closed(session: Session, zone: Zone) -> None:
    close_month(session, actor_in(zone), zone=zone, month=MAY, waive_rest="下月处理")
    brief = BriefDocument(
        zone_id=zone.id,
        year=2024,
        month=5,
        state=DocumentState.issued,
        number=5,
        issued_on=dt.date(2024, 6, 4),
        outline=[],
        snapshot={},
        taken_at=NOW,
        code="X-1",
        sha256="0" * 64,
        started_name="马晓琳",
        started_at=NOW,
    )
    session.add(brief)
    session.flush()
    with pytest.raises(DomainError, match="第5期）已印发，不能重开"):
        reopen_month(session, actor_in(zone), zone=zone, month=MAY, reason="更正")
    brief.state = DocumentState.draft
    session.flush()
    opened = reopen_month(session, actor_in(zone), zone=zone, month=MAY, reason="更正")
    assert opened.seq == 2


GOOD = Values(1, 3, 2)


def numbers(**changes: Any) -> Numbers:
    whole = dict.fromkeys(CATALOGUE, GOOD)
    values: dict[str, Any] = {
        "whole": whole,
        "by": {Dimension.unit: {"funds.amount": {"一部": Values(1, 1, 2), "二部": Values(0, 2, 0)}}},
        "rows": {"funds.amount": 3},
        "issued": {"funds.amount": 2},
        "corrected": frozenset(),
    }
    return Numbers(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"whole": dict.fromkeys(CATALOGUE, GOOD) | {"signed.count": Values(1, -3, 2)}}, "小于零"),
        ({"whole": dict.fromkeys(CATALOGUE, GOOD) | {"signed_big.count": Values(1, 4, 2)}}, "大于新签约合同项目数"),
        ({"whole": dict.fromkeys(CATALOGUE, GOOD) | {"funds.amount": Values(4, 3, 2)}}, "本月数大于累计数"),
        ({"by": {Dimension.unit: {"funds.amount": {"一部": Values(1, 1, 2)}}}}, "按责任单位的分项之和"),
        ({"rows": {"funds.amount": 4}}, "明细之和"),
        ({"issued": {"funds.amount": 4}}, "小于上月关账数"),
    ],
)  # fmt: skip
def test_each_self_check_finds_what_it_is_for(changes: dict[str, Any], words: str) -> None:
    assert self_check(numbers()) == ()
    assert any(words in row.subject for row in self_check(numbers(**changes)))
    assert len(SELF_CHECKS) == 6


def test_a_correction_explains_a_year_so_far_below_the_issued_one() -> None:
    assert self_check(numbers(issued={"funds.amount": 4}, corrected=frozenset({FactKind.funds}))) == ()


def test_of_two_people_who_close_at_once_one_wins_and_the_other_is_told(own_engine: Engine) -> None:
    with Session(own_engine) as session:
        zone = make_zone(session, "试验区")
        make_arrival(session, zone, make_project(session, zone), voucher="PZ1")
        session.commit()
        zone_id = zone.id
    barrier, told = threading.Barrier(2), []

    def close(name: str) -> None:
        with Session(own_engine) as session:
            barrier.wait()
            own = session.get_one(Zone, zone_id)
            try:
                close_month(session, Actor(zone_id, None, name), zone=own, month=MAY)
                session.commit()
                told.append("")
            except ConflictError as error:
                session.rollback()
                told.append(error.message)

    threads = [threading.Thread(target=close, args=(name,)) for name in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bool(message) for message in told) == [False, True]
    assert any("已由" in message and "关账，不必再关" in message for message in told)
    with Session(own_engine) as session:
        assert [step.entries for step in read_books(session, zone_id).steps] == [2]
        assert verify_books(session, zone_id).whole
