"""Contract terms: what is counted, what stays on record, what a change of investor moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.operations import seal
from app.figures.queries import breakdown, headline
from app.journal.rules import Dimension
from app.kernel.errors import ConflictError, DomainError
from app.kernel.periods import Month
from app.pipeline import operations
from app.pipeline.models import Contract, InvestorChange, Project
from app.pipeline.operations import CommitmentData, ContractData, ReviewData
from app.pipeline.queries import due_commitments, list_contracts, standing_reviews
from app.pipeline.rules import ContractKind, ReviewKind, ReviewResult, Side
from tests.factories import (
    SIGNED_ON,
    WAN,
    YI,
    actor_of,
    make_arrival,
    make_commitment,
    make_contract,
    make_investor,
    make_project,
    make_review,
    make_unit,
    make_user,
    make_zone,
)

TODAY = dt.date(2024, 6, 30)
JUNE = Month(2024, 6)


@pytest.fixture
def zone(session: Session):
    return make_zone(session)


@pytest.fixture
def actor(session: Session, zone):
    return actor_of(make_user(session, zone, name="吴建军"))


def sign(
    session: Session, actor, project: Project, kind: ContractKind, day: dt.date, fen: int, **more
) -> Contract:
    data = ContractData(kind, day, fen, **more)
    return operations.sign_contract(session, actor, project, data, today=TODAY, source="测试")


def test_an_upgraded_framework_stays_and_is_counted_once(session, zone, actor):
    project = make_project(session, zone, total_fen=3 * YI)
    framework = sign(session, actor, project, ContractKind.framework, dt.date(2024, 1, 5), 8 * YI)
    kinds = [c.kind for c in list_contracts(session, zone.id, project.id)]
    assert kinds == [ContractKind.framework, ContractKind.formal]
    assert project.total_fen == 3 * YI

    figures = headline(session, zone, JUNE, ["signed.count", "signed.amount"])
    assert (figures["signed.count"].ytd, figures["signed.amount"].ytd) == (1, 3 * YI)
    sign(session, actor, project, ContractKind.supplement, dt.date(2024, 6, 3), YI)
    figures = headline(session, zone, JUNE, ["signed.count", "signed.amount"])
    assert (figures["signed.count"].ytd, figures["signed.amount"].ytd) == (1, 4 * YI)
    assert framework.amount_fen == 8 * YI


def test_facts_keep_the_investor_of_their_day(session, zone, actor):
    old = make_investor(session, zone, "湖北达泰", origin="湖北省")
    new = make_investor(session, zone, "广东新源", origin="广东省")
    project = make_project(session, zone, investor=old, total_fen=2 * YI)
    make_arrival(session, zone, project, 1000 * WAN, arrived_on=dt.date(2024, 4, 30))
    make_arrival(session, zone, project, 500 * WAN, arrived_on=dt.date(2024, 5, 1))
    operations.change_investor(
        session, actor, project, new,
        effective_on=dt.date(2024, 5, 1), reason="股权转让", document="", today=TODAY,
    )  # fmt: skip
    found = breakdown(session, zone, JUNE, Dimension.origin, ["signed.amount", "funds.amount"])
    assert found["signed.amount"]["湖北省"].ytd == 2 * YI
    assert "广东省" not in found["signed.amount"]
    assert {place: values.ytd for place, values in found["funds.amount"].items() if values.ytd} == {
        "湖北省": 1000 * WAN,
        "广东省": 500 * WAN,
    }


def test_a_wrong_investor_put_right_restates(session, zone, actor):
    wrong = make_investor(session, zone, "湖北达泰", origin="湖北省")
    right = make_investor(session, zone, "广东新源", origin="广东省")
    project = make_project(session, zone, investor=wrong)
    operations.put_investor_right(session, actor, project, right, reason="录错")
    found = breakdown(session, zone, JUNE, Dimension.origin, ["signed.count"])["signed.count"]
    assert {place: values.ytd for place, values in found.items() if values.ytd} == {"广东省": 1}
    assert session.scalars(select(InvestorChange)).all() == []


@pytest.mark.parametrize(
    ("day", "reason", "message"),
    [
        (dt.date(2024, 7, 1), "转让", "晚于今天"),
        (dt.date(2024, 5, 1), "", "请填写变更原因"),
        (dt.date(2024, 4, 1), "转让", "须晚于上一次变更"),
    ],
)
def test_refused_changes_of_investor(session, zone, actor, day, reason, message):
    project = make_project(session, zone)
    first, second = make_investor(session, zone), make_investor(session, zone)
    change: Callable = operations.change_investor
    change(
        session,
        actor,
        project,
        first,
        effective_on=dt.date(2024, 4, 1),
        reason="转让",
        document="",
        today=TODAY,
    )
    with pytest.raises(DomainError, match=message):
        change(session, actor, project, second, effective_on=day, reason=reason, document="", today=TODAY)
    assert project.investor_id == first.id


def test_a_withdrawn_contract_is_on_record_and_comes_back(session, zone, actor):
    project = make_project(session, zone)
    made = sign(
        session, actor, project, ContractKind.supplement, dt.date(2024, 5, 6), YI, number="BC-1", note="增资"
    )
    assert project.total_fen == 2 * YI
    operations.withdraw_contract(
        session, actor, project, made, reason="重复", version=made.version, today=TODAY, source="测试"
    )
    assert project.total_fen == YI
    seal(session)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "withdraw_contract")).one()
    assert (entry.before["number"], entry.before["amount_fen"], entry.after["reason"]) == ("BC-1", YI, "重复")

    operations.enter_again(session, actor, project, entry, today=TODAY, source="测试")
    assert project.total_fen == 2 * YI
    assert [c.note for c in list_contracts(session, zone.id, project.id)] == ["", "增资"]
    with pytest.raises(DomainError, match="现在就在项目里"):
        operations.enter_again(session, actor, project, entry, today=TODAY, source="测试")


def test_a_supplement_corrected_before_the_contract_is_refused(session, zone, actor):
    project = make_project(session, zone)
    made = sign(session, actor, project, ContractKind.supplement, dt.date(2024, 5, 6), YI)
    data = ContractData(ContractKind.supplement, SIGNED_ON - dt.timedelta(days=1), YI)
    with pytest.raises(DomainError, match="须在正式合同签订之后"):
        operations.correct_contract(
            session, actor, project, made, data, version=1, today=TODAY, source="测试"
        )
    with pytest.raises(ConflictError):
        operations.correct_contract(
            session, actor, project, made, data, version=7, today=TODAY, source="测试"
        )


def test_the_newest_opinion_of_a_kind_stands(session, zone, actor):
    project = make_project(session, zone)
    make_review(
        session, zone, project, result=ReviewResult.failed, remark="违法", opined_on=dt.date(2024, 2, 1)
    )
    data = ReviewData(ReviewKind.legality, ReviewResult.passed, dt.date(2024, 3, 1), "司法局")
    operations.record_review(session, actor, project, data, today=TODAY)
    assert standing_reviews(session, zone.id, project.id)[ReviewKind.legality].result is ReviewResult.passed
    assert ReviewKind.fair_competition not in standing_reviews(session, zone.id, project.id)


def test_a_favour_needs_its_legal_basis(session, zone, actor):
    project = make_project(session, zone)
    favour = CommitmentData(Side.zone, "前三年财政奖励", due_on=TODAY)
    with pytest.raises(DomainError, match="公平竞争审查条例") as refused:
        operations.record_commitment(session, actor, project, favour)
    assert refused.value.field == "basis"
    companys = CommitmentData(Side.investor, "年经济贡献 500 万元", due_on=TODAY)
    assert operations.record_commitment(session, actor, project, companys).basis == ""


def test_commitments_fall_due_for_the_unit_that_answers(session, zone, actor):
    unit, other = make_unit(session, zone), make_unit(session, zone)
    project = make_project(session, zone, unit=unit)
    late = make_commitment(session, zone, project, due_on=dt.date(2024, 6, 1))
    soon = make_commitment(session, zone, project, due_on=dt.date(2024, 7, 30))
    make_commitment(session, zone, project, due_on=dt.date(2024, 7, 31))
    make_commitment(session, zone, project, due_on=None, condition="投产后")
    make_commitment(session, zone, make_project(session, zone, unit=other), due_on=dt.date(2024, 6, 1))
    found = due_commitments(session, zone.id, TODAY, unit_id=unit.id)
    assert [one.id for one in found] == [late.id, soon.id]
    assert [one.days_late(TODAY) for one in found] == [29, -30]
    assert len(due_commitments(session, zone.id, TODAY)) == 3


def test_a_contract_of_another_project_is_not_promised_in(session, zone, actor):
    project, other = make_project(session, zone), make_project(session, zone)
    framework = make_contract(session, zone, other, kind=ContractKind.framework)
    data = CommitmentData(Side.zone, "通水", contract_id=framework.id, due_on=TODAY)
    with pytest.raises(DomainError, match="从本项目的合同中选择"):
        operations.record_commitment(session, actor, project, data)
