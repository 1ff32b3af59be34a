"""合同与承诺 of a project: entering, correcting, undoing; who may; what the page says."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files.models import StoredFile
from app.pipeline.models import Commitment, Contract, ContractReview, InvestorChange, Project
from app.pipeline.rules import CommitmentState, ContractKind, ReviewResult, Side, Stage
from tests.factories import (
    WAN,
    YI,
    make_commitment,
    make_contract,
    make_investor,
    make_project,
    make_review,
)
from tests.files.samples import picture
from tests.web.conftest import Cast

SIGNED = dt.date(2024, 3, 15)


@pytest.fixture
def project(cast: Cast, database: Callable[[], Session]) -> Project:
    """A signed project of 1亿元 of the officer's unit."""
    with database() as session:
        zone, unit = session.merge(cast.zone), session.merge(cast.unit)
        investor = make_investor(session, zone, "湖北达泰高端科技有限公司", origin="湖北省")
        made = make_project(session, zone, unit=unit, investor=investor, name="零部件项目")
        session.commit()
        session.expunge_all()
        return made


@pytest.fixture
def talks(cast: Cast, database: Callable[[], Session]) -> Project:
    """A project in talks, without any contract."""
    with database() as session:
        zone, unit = session.merge(cast.zone), session.merge(cast.unit)
        made = make_project(session, zone, unit=unit, signed_on=None, total_fen=2 * YI)
        session.commit()
        session.expunge_all()
        return made


def terms(project: Project, rest: str = "contracts") -> str:
    return f"/projects/{project.id}/{rest}"


def rows(database: Callable[[], Session], kind: type[Any]) -> list[Any]:
    with database() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def contract_form(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "supplement", "number": "BC-1", "signed_on": "2024-05-06",
        "amount": "5000", "amount-unit": "万元", **fields,
    }  # fmt: skip


def test_a_supplement_with_its_scan_raises_the_total(project, database, sign_in):
    client = sign_in("officer")
    scan = (io.BytesIO(picture("PNG")), "补充协议.png")
    answer = client.send(terms(project, "contracts/new"), data=contract_form(fixed_asset="3000", files=scan))
    assert answer.status_code == 303

    [supplement] = [c for c in rows(database, Contract) if c.kind is ContractKind.supplement]
    assert supplement.fixed_asset_fen == 3000 * WAN
    assert [file.entity_id for file in rows(database, StoredFile)] == [supplement.id]
    page = client.get(terms(project)).text
    assert "BC-1" in page
    assert "15,000.00" in page


def test_a_framework_beside_the_contract_adds_no_amount(project, database, sign_in):
    client = sign_in("officer")
    sent = contract_form(kind="framework", number="KJ-1", signed_on="2024-01-10", amount="80000")
    assert client.send(terms(project, "contracts/new"), data=sent).status_code == 303
    assert rows(database, Project)[0].total_fen == YI
    assert "2024-03-15 升格为正式合同，不另计金额" in client.get(terms(project)).text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "formal"}, "请从列表中选择"),
        ({"signed_on": "2024-01-01"}, "补充协议须在正式合同签订之后"),
        ({"amount": ""}, "请填写金额"),
        ({"amount": "0.5"}, "不足 1 万元"),
        ({"fixed_asset": "9000"}, "固定资产投资超过总投资"),
        ({"signed_on": "2124-01-01"}, "不合常理"),
    ],
)
def test_a_refused_contract_saves_nothing(project, database, sign_in, fields, message):
    answer = sign_in("officer").send(terms(project, "contracts/new"), data=contract_form(**fields))
    assert answer.status_code == 422
    assert message in answer.text
    assert len(rows(database, Contract)) == 1


def test_two_people_correct_one_contract(project, database, sign_in):
    [contract] = rows(database, Contract)
    address, client = f"/projects/contracts/{contract.id}/edit", sign_in("officer")
    sent = {
        "kind": "formal", "number": "HT-1", "signed_on": "2024-03-15",
        "amount": "10000", "amount-unit": "万元", "version": "1", "base": "{}",
    }  # fmt: skip
    assert client.send(address, data={**sent, "amount": "12000"}).status_code == 303
    answer = client.send(address, data=sent)
    assert answer.status_code == 409
    assert "两人同时修改" in answer.text
    assert rows(database, Project)[0].total_fen == 12000 * WAN


def test_only_a_reviewer_undoes_a_formal_contract_and_it_can_be_entered_again(project, database, sign_in):
    [contract] = rows(database, Contract)
    address, sent = f"/projects/contracts/{contract.id}/withdraw", {"reason": "重复登记", "version": "1"}
    refused = sign_in("officer").send(address, data=sent)
    assert refused.status_code == 422
    assert "请由审核岗办理" in refused.text

    reviewer = sign_in("reviewer")
    answer = reviewer.send(address, data=sent)
    assert answer.status_code == 303
    assert rows(database, Contract) == []
    assert rows(database, Project)[0].stage is Stage.talks


def test_a_contract_that_something_hangs_on_stays(project, cast, database, sign_in):
    with database() as session:
        own = session.get_one(Project, (project.zone_id, project.id))
        zone = session.merge(cast.zone)
        framework = make_contract(session, zone, own, kind=ContractKind.framework, number="KJ-1")
        make_commitment(session, zone, own, contract_id=framework.id)
        session.commit()
    answer = sign_in("officer").send(
        f"/projects/contracts/{framework.id}/withdraw", data={"reason": "录错", "version": "1"}
    )
    assert answer.status_code == 422
    assert "还有承诺 1 条" in answer.text


def review_form(**fields: Any) -> dict[str, Any]:
    return {"kind": "legality", "result": "passed", "opined_on": "2024-03-01", "body": "市司法局", **fields}


def test_an_opinion_on_the_draft_is_shown_with_its_scan(talks, database, sign_in):
    client = sign_in("officer")
    sent = review_form(files=(io.BytesIO(picture("PNG")), "意见.png"))
    assert client.send(terms(talks, "reviews/new"), data=sent).status_code == 303
    [review] = rows(database, ContractReview)
    assert review.contract_id is None
    assert [file.entity for file in rows(database, StoredFile)] == ["contract_review"]
    page = client.get(terms(talks)).text
    assert "签约前的合同草案" in page
    assert "合法性审查意见" in page
    assert "市司法局" in client.get(f"/projects/{talks.id}").text


def test_an_opinion_with_conditions_says_them(talks, database, sign_in):
    answer = sign_in("officer").send(terms(talks, "reviews/new"), data=review_form(result="conditional"))
    assert answer.status_code == 422
    assert "请写明附加条件" in answer.text
    assert rows(database, ContractReview) == []


def test_an_opinion_is_corrected_and_withdrawn_on_record(talks, cast, database, sign_in):
    with database() as session:
        own = session.get_one(Project, (talks.zone_id, talks.id))
        review = make_review(session, session.merge(cast.zone), own)
        session.commit()
    client, address = sign_in("officer"), f"/projects/reviews/{review.id}"
    sent = review_form(result="failed", remark="条款违法", version="1", base="{}")
    assert client.send(f"{address}/edit", data=sent).status_code == 303
    assert rows(database, ContractReview)[0].result is ReviewResult.failed
    assert client.send(f"{address}/withdraw", data={"reason": "录错", "version": "2"}).status_code == 303
    assert rows(database, ContractReview) == []
    history = client.get(f"/projects/{talks.id}").text
    assert "撤销审查意见登记：合法性审查" in history
    assert "条款违法" in history


def promise(**fields: str) -> dict[str, Any]:
    return {"side": "zone", "what": "接通供水管网", "due_on": "2024-08-31", "contract_id": "", **fields}


def test_a_promise_is_entered_settled_and_opened_again(project, database, sign_in):
    client = sign_in("officer")
    assert client.send(terms(project, "commitments/new"), data=promise()).status_code == 303
    [made] = rows(database, Commitment)
    assert (made.side, made.contract_id, made.state) == (Side.zone, None, CommitmentState.open)
    assert "接通供水管网" in client.get(f"/projects/{project.id}").text

    settled = {"state": "kept", "settled_on": "2024-06-01", "settled_note": "已通水", "version": "1"}
    address = f"/projects/commitments/{made.id}"
    assert client.send(f"{address}/settle", data=settled).status_code == 303
    assert "已通水" in client.get(terms(project)).text
    again = {"reason": "未验收", "version": "2"}
    assert client.send(f"{address}/reopen", data=again).status_code == 303
    assert rows(database, Commitment)[0].state is CommitmentState.open


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"due_on": ""}, "请填写兑现期限"),
        ({"what": ""}, "请写明承诺内容"),
        ({"what": "五年内税收返还地方留成部分"}, "公平竞争审查条例"),
    ],
)
def test_a_refused_promise_saves_nothing(project, database, sign_in, fields, message):
    answer = sign_in("officer").send(terms(project, "commitments/new"), data=promise(**fields))
    assert answer.status_code == 422
    assert message in answer.text
    assert rows(database, Commitment) == []


def test_another_investor_is_recorded_and_found_by_both_names(project, database, sign_in):
    client = sign_in("officer")
    sent = {
        "how": "change", "investor": "广东新源科技有限公司", "origin": "广东省", "effective_on": "2024-05-01",
        "reason": "股权转让", "document": "三方协议",
    }  # fmt: skip
    assert client.send(terms(project, "investor"), data=sent).status_code == 303
    [change] = rows(database, InvestorChange)
    assert change.from_investor_id == project.investor_id
    page = client.get(f"/projects/{project.id}").text
    assert "广东新源科技有限公司" in page
    assert "原投资方</span> 湖北达泰高端科技有限公司" in page
    for name in ("广东新源", "湖北达泰"):
        assert "零部件项目" in client.get("/search", query_string={"q": name}).text
        assert "零部件项目" in client.get("/projects", query_string={"q": name}).text


def test_the_form_of_a_signed_project_does_not_change_its_investor_by_the_way(project, database, sign_in):
    client = sign_in("officer")
    form = client.get(f"/projects/{project.id}/edit")
    assert form.status_code == 200
    sent = {
        "number": project.number, "name": project.name, "investor": "别的公司", "unit_id": str(project.unit_id),
        "contract_kind": "formal", "signed_on": "2024-03-15", "amount": "10000", "amount-unit": "万元",
        "version": str(project.version),
    }  # fmt: skip
    answer = client.send(f"/projects/{project.id}/edit", data=sent)
    assert answer.status_code == 422
    assert "投资方不能在这里改" in answer.text
    assert rows(database, Project)[0].investor_id == project.investor_id


@pytest.mark.parametrize(("who", "status"), [("second", 403), ("leader", 403), ("outsider", 404)])
@pytest.mark.parametrize("rest", ["contracts/new", "reviews/new", "commitments/new", "investor"])
def test_who_may_not_write_is_refused(project, database, sign_in, who, status, rest):
    answer = sign_in(who).send(terms(project, rest), data=contract_form())
    assert answer.status_code in (status, 403)
    assert len(rows(database, Contract)) == 1


def test_the_leader_reads_and_is_offered_nothing(project, sign_in):
    page = sign_in("leader").get(terms(project)).text
    assert "合同与承诺" in page
    assert "登记承诺" not in page
    assert sign_in("outsider").get(terms(project)).status_code == 404
