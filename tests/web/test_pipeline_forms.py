"""Entering and correcting a project, its contract and its milestones; two people at once."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.directory.models import Segment
from app.funds.models import FundArrival
from app.investors.models import Investor
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.rules import Stage
from tests.factories import WAN, YI, make_arrival, make_chain, make_investor, make_project

USCC = "91350100M000100Y43"


@pytest.fixture
def form(cast):
    """A complete form as an officer fills it in."""
    return {
        "number": "KS-2024-0009",
        "name": "固态电池项目",
        "investor": "福建 示例（集团）有限公司",
        "uscc": USCC.lower(),
        "origin": "福建",
        "unit_id": str(cast.unit.id),
        "officer": "吴建军",
        "investment": "6.5",
        "investment-unit": "亿元",
        "output": "２１，６４０",
        "output-unit": "万元",
        "land": "250.5",
        "jobs": "723",
        "industry": "3841",
        "contract_kind": "formal",
        "contract_number": "HT-9",
        "signed_on": "2024年6月6日",
        "amount": "65,070.00",
        "amount-unit": "万元",
        "landed": "20240614",
        "started_planned": "2024.8.31",
    }


@pytest.fixture
def stored(database, cast):
    """A project of the officer's unit."""
    with database() as session:
        project = make_project(
            session,
            cast.zone,
            unit=cast.unit,
            number="KS-1",
            name="原名项目",
            investor=make_investor(session, cast.zone, "原投资方"),
        )
        session.commit()
    return project


def errors(page: str) -> list[str]:
    return re.findall(r'class="err"[^>]*>.*?<span>([^<]*)</span>', page, re.DOTALL)


def hidden(page: str) -> dict[str, str]:
    found = dict(re.findall(r'<input[^>]*name="(version|base)"[^>]*value="([^"]*)"', page))
    return {name: value.replace("&#34;", '"').replace("&amp;", "&") for name, value in found.items()}


def opened(client, address: str) -> dict[str, str]:
    """What a browser sends back of a form it has opened."""
    page = client.get(address).text
    sent = hidden(page)
    for name, value in re.findall(r'<input[^>]*name="([a-z_-]+)"[^>]*value="([^"]*)"', page):
        if name not in ("csrf_token", "q", "month", "next"):
            sent.setdefault(name, value.replace("&#34;", '"'))
    for name, body in re.findall(r'<select[^>]*name="([a-z_-]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(
            r'<option (?:[^>]*\s)?selected[^>]*?value="([^"]*)"|value="([^"]*)"[^>]*selected', body
        )
        unit = re.search(r"<option selected>([^<]+)<", body)
        sent[name] = unit[1] if unit else next((g for g in (chosen.groups() if chosen else ()) if g), "")
    for name, text in re.findall(r'<textarea[^>]*name="([a-z_]+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL):
        sent[name] = text
    return sent


def test_an_officer_registers_a_project(sign_in, database, form, cast):
    client = sign_in("officer")
    assert 'value="KS-' in client.get("/projects/new").text, "a number is proposed"
    answer = client.send("/projects/new", form)
    assert answer.status_code == 303, errors(answer.text)
    with database() as session:
        project = session.scalars(select(Project)).one()
        owner = session.scalars(select(Investor)).one()
        contract = session.scalars(select(Contract)).one()
        milestones = {m.kind.value: m for m in session.scalars(select(Milestone))}
    assert answer.location == f"/projects/{project.id}"
    assert (project.name, project.stage, project.unit_id) == ("固态电池项目", Stage.landed, cast.unit.id)
    assert (project.investment_fen, project.output_fen) == (6_5000_0000 * 100, 2_1640_0000 * 100)
    assert (project.land_hundredths, project.jobs, project.industry) == (25050, 723, "C3841")
    assert (owner.uscc, owner.origin) == (USCC, "福建省")
    assert (contract.amount_fen, contract.signed_on) == (65_070 * WAN, dt.date(2024, 6, 6))
    assert milestones["landed"].reached_on == dt.date(2024, 6, 14)
    assert milestones["started"].planned_on == dt.date(2024, 8, 31)
    page = client.get(answer.location).text
    assert "计划 2024-08-31" in page
    assert "登记项目" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "  "}, "请填写项目名称"),
        ({"investor": ""}, "投资方"),
        ({"unit_id": ""}, "责任单位"),
        ({"amount": "1E+5"}, "不是金额"),
        ({"amount": "NaN"}, "不是金额"),
        ({"amount": "-5"}, "负数"),
        ({"amount": "0.00000001"}, "不足一分"),
        ({"amount": "1000000000000000000"}, "10 万亿元"),
        ({"amount": "六亿"}, "不是金额"),
        ({"amount": "0.5", "amount-unit": "元"}, "不足 1 万元"),
        ({"amount": ""}, "合同总投资"),
        ({"signed_on": ""}, "签订日期"),
        ({"signed_on": "2024-02-30"}, "不存在"),
        ({"signed_on": "2099-01-01"}, "晚于今天"),
        ({"landed": "2024-06-01"}, "早于合同签订日期"),
        ({"landed": "昨天"}, "2024-06-28"),
        ({"contract_kind": ""}, "合同类型"),
        ({"contract_kind": "supplement"}, "请从列表中选择"),
        ({"uscc": USCC[:-1] + "4"}, "校验码"),
        ({"origin": "火星"}, "来源地"),
        ({"industry": "Z99"}, "GB/T 4754"),
        ({"land": "1.234"}, "小数"),
        ({"jobs": "3.5"}, "整数"),
        ({"stage": "lost"}, "流失"),
        ({"name": "电池\u202e项目"}, "控制字符"),
        ({"name": "长" * 121}, "最多"),
        ({"contract_fixed_asset": "70000"}, "固定资产"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    sign_in, database, form, changes, words
):
    sent = {**form, **changes}
    answer = sign_in("officer").send("/projects/new", sent)
    assert answer.status_code == 422
    assert any(words in error for error in errors(answer.text)), errors(answer.text)
    for name in ("officer", "contract_number", "uscc", "amount"):
        if sent[name]:
            assert f'value="{sent[name]}"' in answer.text
    with database() as session:
        assert session.scalars(select(Project)).first() is None
        assert session.scalars(select(Investor)).first() is None


def test_numbers_that_are_taken_are_told(sign_in, stored, form):
    answer = sign_in("officer").send("/projects/new", {**form, "number": "KS-1"})
    assert answer.status_code == 422
    assert "已存在" in errors(answer.text)[0]


def test_an_officer_enters_for_his_own_unit_only(sign_in, database, form, cast, stored):
    answer = sign_in("officer").send("/projects/new", {**form, "unit_id": str(cast.other_unit.id)})
    assert answer.status_code == 422
    assert "请从列表中选择" in errors(answer.text)
    second = sign_in("second")
    for address in (f"/projects/{stored.id}/edit", f"/projects/{stored.id}/supplements/new"):
        assert second.get(address).status_code == 403
        assert second.send(address, form).status_code == 403
    with database() as session:
        assert session.scalars(select(Project.name)).one() == "原名项目"


@pytest.mark.parametrize("name", ["leader", "administrator", "outsider"])
def test_who_does_not_enter_is_refused(sign_in, stored, form, name):
    client = sign_in(name)
    for address in ("/projects/new", f"/projects/{stored.id}/edit", f"/projects/{stored.id}/supplements/new"):
        assert client.get(address).status_code == 403
        assert client.send(address, form).status_code == 403


def test_members_of_another_zone_cannot_be_chosen(sign_in, database, form, cast):
    with database() as session:
        foreign = make_chain(session, cast.other_zone, segments=("电池",))
        segment = session.scalars(select(Segment.id)).one()
        session.commit()
    for changes in ({"chain_id": foreign.id}, {"segment_id": segment}, {"area_id": "12"}, {"unit_id": "-1"}):
        answer = sign_in("officer").send("/projects/new", {**form, **changes})
        assert answer.status_code == 422


def test_a_form_opened_and_sent_unchanged_changes_nothing(sign_in, database, form):
    client = sign_in("officer")
    address = client.send("/projects/new", {**form, "content": "一\n二", "note": "备注"}).location
    answer = client.send(f"{address}/edit", opened(client, f"{address}/edit"))
    assert answer.status_code == 303, errors(answer.text)
    with database() as session:
        assert session.scalars(select(Project.version)).one() == 1
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "change")).first() is None


def test_a_correction_is_told_in_the_history(sign_in, stored):
    client = sign_in("officer")
    sent = opened(client, f"/projects/{stored.id}/edit")
    answer = client.send(
        f"/projects/{stored.id}/edit", {**sent, "name": "新名项目", "amount": "1.2", "amount-unit": "亿元"}
    )
    assert answer.status_code == 303, errors(answer.text)
    page = client.get(f"/projects/{stored.id}").text
    assert re.search(r"项目名称</span> <del>原名项目</del> → <ins>新名项目</ins>", page)
    assert re.search(r"合同总投资</span> <del>10,000.00 万元</del> → <ins>12,000.00 万元</ins>", page)


def test_the_second_writer_sees_both_versions_and_loses_nothing(sign_in, database, stored):
    first, second = sign_in("officer"), sign_in("reviewer")
    address = f"/projects/{stored.id}/edit"
    mine, theirs = opened(second, address), opened(first, address)
    assert (
        first.send(address, {**theirs, "name": "先到的名字", "officer": "甲", "jobs": "7"}).status_code == 303
    )
    answer = second.send(address, {**mine, "name": "后到的名字", "sponsor": "管委会主任"})
    assert answer.status_code == 409
    rows = dict(re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', answer.text, re.DOTALL))
    assert set(rows) == {"项目名称", "责任人", "带动就业（人）", "包联领导"}
    assert re.search(r"后到的名字.*先到的名字.*两人都改了", rows["项目名称"], re.DOTALL)
    assert re.search(r'value="theirs" checked.*甲.*只有对方改了', rows["责任人"], re.DOTALL)
    assert re.search(r'value="mine" checked.*管委会主任.*只有您改了', rows["包联领导"], re.DOTALL)
    with database() as session:
        assert session.scalars(select(Project.name)).one() == "先到的名字"

    again = {
        n: v.replace("&#34;", '"')
        for n, v in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', answer.text)
    }
    picks = {f"pick-{name}": "mine" for name in ("name", "sponsor")} | {
        f"pick-{n}": "theirs" for n in ("officer", "jobs")
    }
    answer = second.send(address, {**{n: v for n, v in again.items() if n != "csrf_token"}, **picks})
    assert answer.status_code == 303, errors(answer.text)
    with database() as session:
        project = session.scalars(select(Project)).one()
        assert (project.name, project.officer, project.jobs, project.sponsor) == (
            "后到的名字",
            "甲",
            7,
            "管委会主任",
        )
        assert project.version == 3


def test_a_third_save_in_between_is_noticed_again(sign_in, stored):
    first, second = sign_in("officer"), sign_in("reviewer")
    address = f"/projects/{stored.id}/edit"
    mine = opened(second, address)
    first.send(address, {**opened(first, address), "name": "一"})
    assert second.send(address, {**mine, "name": "我的"}).status_code == 409
    first.send(address, {**opened(first, address), "name": "二"})
    assert (
        second.send(address, {**mine, "name": "我的", "version": "2", "pick-name": "mine"}).status_code == 409
    )


def test_a_handover_takes_later_money_along(sign_in, database, cast, stored):
    with database() as session:
        project = session.scalars(select(Project)).one()
        for day in (dt.date(2024, 5, 31), dt.date(2024, 6, 1)):
            make_arrival(session, cast.zone, project, WAN, arrived_on=day)
        session.commit()
    reviewer = sign_in("reviewer")
    sent = opened(reviewer, f"/projects/{stored.id}/edit")
    sent |= {"unit_id": str(cast.other_unit.id), "unit_from": "2024-06-01"}
    assert reviewer.send(f"/projects/{stored.id}/edit", sent).status_code == 303
    with database() as session:
        units = session.execute(select(FundArrival.arrived_on, FundArrival.unit_id)).all()
    assert {row.arrived_on: row.unit_id for row in units} == {
        dt.date(2024, 5, 31): cast.unit.id,
        dt.date(2024, 6, 1): cast.other_unit.id,
    }
    page = reviewer.get(f"/projects/{stored.id}").text
    assert "招商一部 → 招商二部（2024-06-01 起）" in re.sub(r"\s+", " ", page)
    assert "移交责任单位" in page
    assert sign_in("officer").get(f"/projects/{stored.id}/edit").status_code == 403


def test_a_contract_cannot_be_saved_below_its_money(sign_in, database, cast, stored):
    with database() as session:
        make_arrival(session, cast.zone, session.scalars(select(Project)).one(), 6000 * WAN)
        session.commit()
    client = sign_in("officer")
    sent = opened(client, f"/projects/{stored.id}/edit")
    for changes, words in (
        ({"amount": "5000"}, "低于已登记到账"),
        ({"signed_on": "2024-06-01"}, "晚于已登记的到账"),
        (
            {"contract_kind": "", "contract_number": "", "signed_on": "", "amount": ""},
            "正式合同已登记，不能直接清除",
        ),
    ):
        answer = client.send(f"/projects/{stored.id}/edit", {**sent, **changes})
        assert answer.status_code == 422
        assert words in errors(answer.text)[0]
    with database() as session:
        assert session.scalars(select(Project.total_fen)).one() == YI


def test_a_supplement_raises_the_total(sign_in, database, stored):
    client = sign_in("officer")
    address = f"/projects/{stored.id}/supplements/new"
    answer = client.send(
        address, {"number": "BC-1", "signed_on": "2024-06-30", "amount": " ", "amount-unit": "亿元"}
    )
    assert answer.status_code == 422
    assert "请填写增加的总投资" in errors(answer.text)
    answer = client.send(
        address, {"number": "BC-1", "signed_on": "2024-06-30", "amount": "0.5", "amount-unit": "亿元"}
    )
    assert answer.status_code == 303
    with database() as session:
        assert session.scalars(select(Project.total_fen)).one() == YI + YI // 2
    assert (
        "补充协议编号 BC-1，签订日期 2024-06-30，增资 5,000.00 万元"
        in client.get(f"/projects/{stored.id}").text
    )


def test_companies_are_suggested_to_those_who_enter(sign_in, stored):
    client = sign_in("officer")
    assert client.get("/projects/investors?q=原投").json == ["原投资方"]
    assert client.get("/projects/investors?q=原").json == []
    assert sign_in("outside_reviewer").get("/projects/investors?q=原投").json == []
    assert sign_in("leader").get("/projects/investors?q=原投").status_code == 403


def test_typed_amounts_are_echoed(sign_in, cast):
    client = sign_in("officer")
    words = client.get("/amount", query_string={"text": "1.5", "unit": "亿元"}).json["words"]
    assert words == "1.5亿元，大写 壹亿伍仟万元整"
    assert "不是金额" in client.get("/amount", query_string={"text": "1E5"}).json["words"]
