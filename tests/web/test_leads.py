"""Leads on the web: the short form, look-alikes, the list, the page, the decisions; who sees what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from app.audit.models import AuditEntry
from app.kernel import clock
from app.leads.models import Lead, LeadDecision
from app.leads.operations import set_clocks
from app.leads.queries import clocks_of
from app.leads.rules import Clocks, LeadState
from app.pipeline.models import Project
from app.pipeline.rules import Stage
from tests.factories import WAN, YI, actor_of, make_investor, make_lead, make_project
from tests.web.conftest import Cast, Client, statements
from tests.web.tables import exported

NEW = {
    "name": "锂电池正极材料项目",
    "investor_name": "湖北达泰高端科技有限公司",
    "content": "年产 2 万吨磷酸铁锂正极材料",
    "amount": "1.5",
    "amount-unit": "亿元",
    "source": "visit_out",
    "contact_name": "张三",
    "contact_phone": "13812341234",
}
CODE = f"91650000MA775UHX4{uscc.calc_check_digit('91650000MA775UHX4')}"
Open = Callable[[], Session]
SignIn = Callable[[str], Client]


def register(client: Client, **fields: str):
    return client.send("/leads/new", {**NEW, **fields})


def only(database: Open) -> Lead:
    with database() as session:
        return session.scalars(select(Lead)).one()


def stored(database: Open, lead: Lead) -> Lead:
    with database() as session:
        return session.get_one(Lead, (lead.zone_id, lead.id))


def test_an_officer_registers_a_lead(sign_in: SignIn, database: Open, cast: Cast) -> None:
    client = sign_in("officer")
    before = clock.now()
    answer = register(client)
    assert answer.status_code == 303
    lead = only(database)
    assert lead.first_unit_id == lead.unit_id == cast.unit.id
    assert before <= lead.reported_at <= clock.now()
    assert (lead.reported_by, lead.officer_id) == (cast.wu.id, cast.wu.id)
    assert lead.amount_fen == 15_000 * WAN
    assert lead.number == f"KS-XS-{clock.today().year}-0001"
    assert lead.protected_until == clock.today() + dt.timedelta(days=180)
    page = client.get(answer.location).text
    for words in ("锂电池正极材料项目", "招商一部 吴建军", "待研判", "首报登记", "138****1234"):
        assert words in page


def test_the_first_report_cannot_be_sent_along(sign_in: SignIn, database: Open, cast: Cast) -> None:
    register(sign_in("officer"), first_unit_id=str(cast.other_unit.id), reported_at="2020-01-01", unit="")
    assert only(database).first_unit_id == cast.unit.id
    lead = only(database)
    client = sign_in("officer")
    fields = {**NEW, "content": "改", "version": "1", "unit": str(cast.other_unit.id)}
    fields |= {"first_unit_id": str(cast.other_unit.id), "reported_at": "2020-01-01"}
    assert client.send(f"/leads/{lead.id}/edit", fields).status_code == 303
    after = stored(database, lead)
    assert (after.first_unit_id, after.reported_at, after.content) == (cast.unit.id, lead.reported_at, "改")


def test_an_officers_lead_is_the_own_units_whatever_is_sent(
    sign_in: SignIn, database: Open, cast: Cast
) -> None:
    register(sign_in("officer"), unit=str(cast.other_unit.id))
    assert only(database).first_unit_id == cast.unit.id


def test_an_exact_twin_of_another_unit_is_blocked_and_tells_no_content(
    sign_in: SignIn, database: Open
) -> None:
    register(sign_in("second"), content="机密内容")
    answer = register(
        sign_in("officer"), name="锂电池 正极材料", investor_name="湖北达泰高端科技（有限公司）"
    )
    assert answer.status_code == 422
    assert "招商二部已于" in answer.text
    assert "不能重复登记" in answer.text
    assert "机密内容" not in answer.text
    with database() as session:
        assert len(session.scalars(select(Lead)).all()) == 1


def test_the_same_code_is_a_twin_whatever_the_name(sign_in: SignIn, database: Open) -> None:
    assert register(sign_in("second"), uscc=CODE).status_code == 303
    other = {"name": "风机叶片项目", "investor_name": "达泰（集团）", "uscc": CODE.lower()}
    answer = register(sign_in("officer"), **other)
    assert answer.status_code == 422
    assert "信用代码相同" in answer.text
    assert register(sign_in("officer"), **other | {"uscc": "123"}).status_code == 422
    assert only(database).uscc == CODE


def test_a_near_one_needs_a_reason(sign_in: SignIn, database: Open) -> None:
    register(sign_in("second"))
    client = sign_in("officer")
    near = {"name": "锂电池正极材料项目（二期）", "likeness_reason": ""}
    answer = register(client, **near)
    assert answer.status_code == 422
    assert "写明理由" in answer.text
    answer = register(client, **near | {"likeness_reason": "二期项目，另一块地"})
    assert answer.status_code == 303
    assert "二期项目，另一块地" in client.get(answer.location).text


def test_look_alikes_are_shown_while_typing_and_masked(sign_in: SignIn, database: Open, cast: Cast) -> None:
    with database() as session:
        company = make_investor(session, cast.zone, "湖北达泰高端科技有限公司")
        make_project(session, cast.zone, investor=company, name="高端装备零部件生产线项目")
        make_lead(
            session,
            cast.zone,
            cast.other_unit,
            name="湖北达泰扩产项目",
            investor_name="湖北达泰新材料有限公司",
        )
        session.commit()
    client = sign_in("officer")
    page = client.get("/leads/alike?investor_name=湖北达泰高端科技&name=扩产").text
    assert "高端装备零部件生产线项目" in page
    assert "已有这家企业" in page
    assert "招商二部" in page
    assert "湖北＊＊＊" in page
    assert "达泰扩产" not in page
    assert "达泰新材料" not in page
    # the unit itself, and everybody who reads all, see it in full
    for who in ("second", "reviewer"):
        assert "湖北达泰扩产项目" in sign_in(who).get("/leads/alike?investor_name=湖北达泰").text
    for letters in ("hbdt", "dataigaoduan"):
        assert "湖北达泰高端科技" in client.get(f"/leads/alike?investor_name={letters}").text


def test_a_reviewer_chooses_the_unit_that_reports_first(sign_in: SignIn, database: Open, cast: Cast) -> None:
    client = sign_in("reviewer")
    assert "请选择首报单位" in register(client).text
    assert register(client, unit=str(cast.other_unit.id)).status_code == 303
    lead = only(database)
    assert (lead.first_unit_id, lead.officer_id) == (cast.other_unit.id, None)


@pytest.fixture
def pair(database: Open, cast: Cast) -> tuple[Lead, Lead]:
    """A lead of 吴建军's unit and one of the other unit, both received today."""
    with database() as session:
        now = clock.now()
        own = make_lead(
            session, cast.zone, cast.unit, name="本单位线索", reported_at=now, amount_fen=YI,
            contact_name="张三", contact_phone="13812341234", officer_id=cast.wu.id,
        )  # fmt: skip
        other = make_lead(
            session, cast.zone, cast.other_unit, name="别单位线索", reported_at=now, amount_fen=2 * YI,
            contact_phone="13900005678", investor_name="<b>坏</b>公司", content="<script>alert(1)</script>",
        )  # fmt: skip
        session.commit()
    return own, other


def test_officers_see_their_own_unit_unless_leads_are_shared(
    sign_in: SignIn, database: Open, cast: Cast, pair: tuple[Lead, Lead]
) -> None:
    own, other = pair
    client = sign_in("officer")
    page = client.get("/leads").text
    assert "本单位线索" in page
    assert "别单位线索" not in page
    assert "合计 1 条" in page
    assert client.get(f"/leads/{own.id}").status_code == 200
    assert client.get(f"/leads/{other.id}").status_code == 404
    assert client.send(f"/leads/{other.id}/phone").status_code == 404
    with database() as session:
        set_clocks(session, actor_of(cast.administrator), Clocks(shared=True))
        session.commit()
    assert "别单位线索" in client.get("/leads").text
    page = client.get(f"/leads/{other.id}").text
    assert "别单位线索" in page
    assert "139****5678" in page
    assert "13900005678" not in page
    # reading is not working on it
    assert "记录响应" not in page
    for work in ("answer", "assess", "report", "officer"):
        assert client.send(f"/leads/{other.id}/{work}", {"text": "试一试"}).status_code == 403
    for form in ("edit", "convert"):
        assert client.get(f"/leads/{other.id}/{form}").status_code == 403


@pytest.mark.parametrize("who", ["reviewer", "leader"])
def test_reviewers_and_leaders_see_all_with_masked_phones(
    sign_in: SignIn, who: str, pair: tuple[Lead, Lead]
) -> None:
    client = sign_in(who)
    page = client.get("/leads").text
    assert "本单位线索" in page
    assert "别单位线索" in page
    assert "30,000.00" in page
    page = client.get(f"/leads/{pair[0].id}").text
    assert "138****1234" in page
    assert "13812341234" not in page


def test_reading_a_masked_phone_is_on_record(
    sign_in: SignIn, database: Open, cast: Cast, pair: tuple[Lead, Lead]
) -> None:
    answer = sign_in("leader").send(f"/leads/{pair[0].id}/phone")
    assert answer.status_code == 200
    assert "13812341234" in answer.text
    with database() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "read_phone")).one()
        assert (entry.actor_id, entry.entity_id) == (cast.leader.id, pair[0].id)
    assert "查看联系电话" in sign_in("officer").get(f"/leads/{pair[0].id}").text
    assert "13812341234" not in sign_in("reviewer").get(f"/leads/{pair[0].id}/edit").text


def test_a_reviewer_saves_without_knowing_the_phone(
    sign_in: SignIn, database: Open, pair: tuple[Lead, Lead]
) -> None:
    fields = {**NEW, "name": "本单位线索", "version": "1", "contact_phone": "138****1234"}
    assert sign_in("reviewer").send(f"/leads/{pair[0].id}/edit", fields).status_code == 303
    assert stored(database, pair[0]).contact_phone == "13812341234"


PAGES = ["/leads", "/leads/export.xlsx", "/leads/new", "/leads/alike?name=x"]


@pytest.mark.parametrize("address", PAGES)
def test_administrators_and_visitors_see_no_lead(
    sign_in: SignIn, client: Client, address: str, pair: tuple[Lead, Lead]
) -> None:
    assert sign_in("administrator").get(address).status_code == 403
    assert client.get(address).status_code == 303
    assert sign_in("administrator").get(f"/leads/{pair[0].id}").status_code == 403


def test_leaders_only_read(sign_in: SignIn, pair: tuple[Lead, Lead]) -> None:
    client = sign_in("leader")
    assert client.get("/leads/new").status_code == 403
    for form in ("edit", "convert"):
        assert client.get(f"/leads/{pair[0].id}/{form}").status_code == 403
    for work in ("answer", "assess", "report", "officer", "decisions"):
        assert client.send(f"/leads/{pair[0].id}/{work}", {"text": "试"}).status_code == 403


def test_officers_decide_nothing(sign_in: SignIn, pair: tuple[Lead, Lead]) -> None:
    answer = sign_in("officer").send(f"/leads/{pair[0].id}/decisions", {"kind": "lapse", "reason": "x"})
    assert answer.status_code == 403


def test_another_zone_sees_nothing(sign_in: SignIn, cast: Cast, pair: tuple[Lead, Lead]) -> None:
    client = sign_in("outside_reviewer")
    assert "还没有线索" in client.get("/leads").text
    for address in (f"/leads/{pair[0].id}", f"/leads/{pair[0].id}/edit", f"/leads/{pair[0].id}/convert"):
        assert client.get(address).status_code == 404
    for work in ("answer", "assess", "report", "officer", "decisions", "phone"):
        assert client.send(f"/leads/{pair[0].id}/{work}", {"text": "试", "kind": "lapse"}).status_code == 404
    assert "线索" not in client.get("/leads/alike?name=本单位线索").text
    assert client.get(f"/leads?dept={cast.unit.id}").status_code == 422


def test_hostile_text_stays_text(sign_in: SignIn, pair: tuple[Lead, Lead]) -> None:
    client = sign_in("second")
    for address in ("/leads", f"/leads/{pair[1].id}", f"/leads/{pair[1].id}/edit"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<b>坏" not in page
    assert "<b>坏" not in client.get("/leads/alike?investor_name=<b>坏</b>公司").text


def test_a_leads_way_from_answer_to_project(
    sign_in: SignIn, database: Open, cast: Cast, pair: tuple[Lead, Lead]
) -> None:
    client, address = sign_in("officer"), f"/leads/{pair[0].id}"
    assert client.get(f"{address}/convert").status_code == 422
    refused = client.send(f"{address}/answer", {"text": ""})
    assert refused.status_code == 422
    assert "请写一句情况" in refused.text
    assert client.send(f"{address}/answer", {"text": "电话联系张总"}).status_code == 303
    assert client.send(f"{address}/answer", {"text": "又联系"}).status_code == 422
    assert client.send(f"{address}/assess", {"verdict": "wrong", "text": "好"}).status_code == 422
    assert client.send(f"{address}/assess", {"verdict": "follow", "text": "符合主导产业"}).status_code == 303
    assert client.send(f"{address}/report", {"text": "已来访考察"}).status_code == 303
    form = client.get(f"{address}/convert").text
    assert f"KS-{clock.today().year}-0001" in form
    fields = {
        "number": "KS-1", "name": "本单位线索", "investor": "新达公司", "investment": "1",
        "investment-unit": "亿元", "content": "内容", "officer": "吴建军",
    }  # fmt: skip
    answer = client.send(f"{address}/convert", fields)
    assert answer.status_code == 303
    lead = stored(database, pair[0])
    with database() as session:
        project = session.scalars(select(Project)).one()
    assert (project.stage, project.investment_fen, project.unit_id) == (Stage.talks, YI, cast.unit.id)
    assert (lead.state, lead.project_id) == (LeadState.converted, project.id)
    page = client.get(address).text
    for words in ("打开项目 KS-1", "电话联系张总", "符合主导产业", "已来访考察", "转为项目"):
        assert words in page
    assert client.get(f"{address}/convert").location.endswith(f"/projects/{project.id}")
    assert client.send(f"{address}/report", {"text": "再报"}).status_code == 422


def test_a_reviewers_decisions_are_on_record(
    sign_in: SignIn, database: Open, cast: Cast, pair: tuple[Lead, Lead]
) -> None:
    client, address = sign_in("reviewer"), f"/leads/{pair[0].id}/decisions"
    assert client.send(address, {"kind": "transfer", "reason": "按产业分工"}).status_code == 422
    assert client.send(address, {"kind": "lapse", "reason": " "}).status_code == 422
    until = (clock.today() + dt.timedelta(days=400)).isoformat()
    assert (
        client.send(address, {"kind": "extend", "until_on": until, "reason": "企业董事会延期"}).status_code
        == 303
    )
    sent = {"kind": "dispute", "to_unit_id": str(cast.other_unit.id), "reason": "二部首谈在先，有会议纪要"}
    assert client.send(address, sent).status_code == 303
    assert client.send(address, {"kind": "lapse", "reason": "企业放弃投资"}).status_code == 303
    lead = stored(database, pair[0])
    assert (lead.state, lead.unit_id, lead.first_unit_id) == (
        LeadState.lapsed,
        cast.other_unit.id,
        cast.unit.id,
    )
    with database() as session:
        kinds = session.scalars(select(LeadDecision.kind).order_by(LeadDecision.id)).all()
    assert kinds == ["extend", "dispute", "lapse"]
    # The unit that reported first still reads it; the present one works on it.
    page = sign_in("officer").get(f"/leads/{lead.id}").text
    assert "二部首谈在先，有会议纪要" in page
    assert "招商一部 首报人" in page
    assert sign_in("officer").send(f"/leads/{lead.id}/report", {"text": "进展"}).status_code == 403


def test_handing_over_within_the_unit(
    sign_in: SignIn, database: Open, cast: Cast, pair: tuple[Lead, Lead]
) -> None:
    client, address = sign_in("officer"), f"/leads/{pair[0].id}/officer"
    for wrong in (cast.second.id, cast.wu.id, cast.reviewer.id, 7):
        assert client.send(address, {"officer_id": str(wrong)}).status_code == 422
    with database() as session:
        from_unit = session.get_one(type(cast.second), (cast.zone.id, cast.second.id))
        from_unit.unit_id = cast.unit.id
        session.commit()
    assert client.send(address, {"officer_id": str(cast.second.id)}).status_code == 303
    assert stored(database, pair[0]).officer_id == cast.second.id
    assert "吴建军</del> → 古丽格娜" in client.get(f"/leads/{pair[0].id}").text


def test_two_people_save_the_same_lead(sign_in: SignIn, database: Open, pair: tuple[Lead, Lead]) -> None:
    address = f"/leads/{pair[0].id}/edit"
    first = {**NEW, "name": "本单位线索", "version": "1", "content": "甲写的"}
    assert sign_in("officer").send(address, first).status_code == 303
    answer = sign_in("reviewer").send(address, {**first, "content": "乙写的", "contact_phone": "138****1234"})
    assert answer.status_code == 409
    for words in ("甲写的", "乙写的", "吴建军"):
        assert words in answer.text
    assert stored(database, pair[0]).content == "甲写的"


def test_the_list_filters_sums_and_exports_the_same_rows(
    sign_in: SignIn, database: Open, cast: Cast, pair: tuple[Lead, Lead]
) -> None:
    with database() as session:
        make_lead(
            session, cast.zone, cast.unit, name="陈年线索", amount_fen=3 * YI, contact_phone="13700001111",
            reported_at=clock.now() - dt.timedelta(days=5), investor_name="=cmd|喀什锂业",
        )  # fmt: skip
        session.commit()
    client = sign_in("reviewer")
    page = client.get("/leads?need=overdue").text
    assert "陈年线索" in page
    assert "本单位线索" not in page
    assert "响应超时 4 天" in page
    assert "记录与投资方的联系" in page
    for query, count in (
        ("", 3), ("need=overdue", 1), (f"dept={cast.unit.id}", 2), ("state=followed", 0), ("q=ksly", 1),
        ("q=别单位", 1), ("source=fair", 0), ("source=visit_out", 3), (f"from={clock.today()}", 2), ("q=%25", 0),
    ):  # fmt: skip
        rows = exported(client.get(f"/leads/export.xlsx?{query}&unit=wan"))
        assert rows[-1][0] == f"合计 {count} 条"
        assert len(rows) == count + 3
        shown = client.get(f"/leads?{query}").text
        assert (f"合计 {count} 条" in shown) == (count > 0)
    text = str(exported(client.get("/leads/export.xlsx")))
    assert "137****1111" in text
    assert "13700001111" not in text
    for wrong in ("state=x", "dept=1", "source=x", "from=gestern"):
        assert client.get(f"/leads?{wrong}").status_code == 422


def test_the_list_asks_the_database_little(sign_in: SignIn, app: Flask, database: Open, cast: Cast) -> None:
    with database() as session:
        for _ in range(60):
            make_lead(session, cast.zone, cast.unit, officer_id=cast.wu.id)
        session.commit()
    client = sign_in("officer")
    client.get("/leads")
    with statements(app.extensions["engine"]) as sent:
        assert "第 1 / 2 页" in client.get("/leads").text
    assert len(sent.reads) <= 6


def test_the_navigation_leads_to_leads(sign_in: SignIn) -> None:
    assert "/leads" in sign_in("officer").get("/leads").text
    assert 'href="/leads"' not in sign_in("administrator").get("/").text


def test_an_administrator_sets_the_clocks_without_reading_leads(
    sign_in: SignIn, database: Open, cast: Cast
) -> None:
    client = sign_in("administrator")
    fields = {
        "answer_days": "2",
        "assess_days": "5",
        "report_days": "20",
        "protect_days": "90",
        "shared": "y",
    }
    assert client.get("/admin/leads").status_code == 200
    for wrong in ({"answer_days": "0"}, {"assess_days": "1"}, {"protect_days": "9999"}, {"report_days": "x"}):
        assert client.send("/admin/leads", fields | wrong).status_code == 422
    assert client.send("/admin/leads", fields).status_code == 303
    with database() as session:
        assert clocks_of(session, cast.zone.id) == Clocks(2, 5, 20, 90, shared=True)
        assert clocks_of(session, cast.other_zone.id) == Clocks()
    register(sign_in("officer"))
    assert only(database).protected_until == clock.today() + dt.timedelta(days=90)
    for who in ("officer", "reviewer", "leader"):
        assert sign_in(who).get("/admin/leads").status_code == 403


def test_a_project_names_its_lead_and_history(
    sign_in: SignIn, database: Open, cast: Cast, pair: tuple[Lead, Lead]
) -> None:
    client, address = sign_in("officer"), f"/leads/{pair[0].id}"
    client.send(f"{address}/assess", {"verdict": "follow", "text": "符合主导产业"})
    fields = {"number": "KS-1", "name": "本单位线索", "investor": "新达公司"}
    project = client.send(f"{address}/convert", fields).location
    page = client.get(project).text
    for words in ("来自线索", pair[0].number, address, "由线索转入", "招商一部"):
        assert words in page
    page = sign_in("second").get(project).text
    assert "来自线索" in page
    assert f'href="{address}"' not in page
    assert sign_in("administrator").get(project).status_code == 200


def test_an_activity_for_a_lead_is_progress(
    sign_in: SignIn, database: Open, cast: Cast, pair: tuple[Lead, Lead]
) -> None:
    with database() as session:
        lead = session.get_one(Lead, (cast.zone.id, pair[0].id))
        lead.state, lead.progressed_at = LeadState.followed, clock.now() - dt.timedelta(days=30)
        session.commit()
    client = sign_in("officer")
    assert "未报进展超时" in client.get(f"/leads/{lead.id}").text
    sent = {"about_ref": f"lead:{lead.id}", "text": "电话回访董秘"}
    assert client.send("/activities/quick", sent).status_code == 303
    page = client.get(f"/leads/{lead.id}").text
    assert "未报进展超时" not in page
    assert "电话回访董秘" in page
