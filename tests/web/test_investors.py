"""The pages of companies: list, page, forms, contacts, merging; numbers masked everywhere."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from lxml import html  # type: ignore[import-untyped]
from openpyxl import load_workbook
from sqlalchemy import select

from app.accounts.rules import Role
from app.audit.models import AuditEntry
from app.funds.rules import ReviewState
from app.investors.models import Contact, FormerName, Investor
from app.investors.operations import make_findable
from app.kernel import clock
from app.leads.models import Lead
from app.pipeline.models import Project
from tests.factories import (
    WAN,
    YI,
    make_activity,
    make_arrival,
    make_contact,
    make_investor,
    make_lead,
    make_project,
    make_user,
)
from tests.web.conftest import Cast, statements

PHONE, OTHER_PHONE = "13912345678", "0998-2567001"
MASKED = "139****5678"
CODE, OTHER_CODE = "91110000600037341L", "91350100M000100Y43"


@pytest.fixture
def company(database, cast: Cast) -> dict[str, Any]:
    """深圳远泰, with a project of the officer's unit, money, a lead, a visit and two contacts."""
    with database() as session:
        zone, unit = session.merge(cast.zone), session.merge(cast.unit)
        investor = make_investor(session, zone, "深圳远泰科技有限公司", origin="深圳市", uscc=CODE)
        project = make_project(
            session, zone, unit=unit, investor=investor, name="锂电池正极项目", total_fen=3 * YI
        )
        make_arrival(session, zone, project, 700 * WAN)
        make_arrival(session, zone, project, 90 * WAN, state=ReviewState.pending)
        main = make_contact(session, zone, investor, name="王强", phone=PHONE, wechat=PHONE, main=True)
        second = make_contact(
            session,
            zone,
            investor,
            name="李敏",
            phone=OTHER_PHONE,
            note=f"家里 {PHONE}",
            recorded_by=cast.second.id,
        )
        lead = make_lead(
            session,
            zone,
            unit,
            name="二期意向",
            investor_name="深圳远泰科技",
            contact_name="王强",
            contact_phone=PHONE,
        )
        make_activity(session, zone, cast.wu, investor_id=investor.id, text=f"王强来访，电话 {PHONE}")
        make_activity(session, zone, cast.wu, lead_id=lead.id, text="谈二期厂房")
        make_findable(session, investor)
        session.commit()
        return {
            "id": investor.id,
            "main": main.id,
            "second": second.id,
            "project": project.id,
            "lead": lead.id,
            "address": f"/investors/{investor.id}",
        }


def entries(database, **wanted: Any) -> list[AuditEntry]:
    with database() as session:
        query = select(AuditEntry).filter_by(**wanted).order_by(AuditEntry.seq)
        return list(session.scalars(query))


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page).text_content())


def form_of(page: str, action: str = "") -> dict[str, str]:
    """What a form of the page would send."""
    forms = html.fromstring(page).xpath("//main//form[@method='post']")
    [form] = [one for one in forms if (one.get("action") or "").split("#")[0].endswith(action)][-1:]
    return {name: value for name, value in form.form_values() if name != "csrf_token"}


def test_the_page_shows_all_that_is_known(sign_in, company):
    page = text_of(sign_in("officer").get(company["address"]).text)
    for said in (
        "深圳远泰科技有限公司",
        CODE,
        "锂电池正极项目",
        "30,000.00",
        "700.00",
        "王强",
        "谈二期厂房",
        "二期意向",
        "2024年",
    ):
        assert said in page, said


def test_numbers_are_masked_for_everybody_everywhere(sign_in, cast, company, database):
    with database() as session:
        zone = session.merge(cast.zone)
        make_user(session, zone, Role.auditor, login="shenji", name="审计")
        session.commit()
    officer = sign_in("officer")
    officer.send(f"{company['address']}/contacts/{company['main']}/phone")
    officer.send(f"{company['address']}/contacts", {"name": "赵六", "phone": "13900001111", "wechat": PHONE})
    officer.send(
        f"{company['address']}/contacts/{company['main']}/edit",
        {"name": "王强", "phone": "13912345679", "version": "1", "main": "1"},
    )
    addresses = [
        company["address"],
        "/investors",
        "/investors?q=王强",
        "/investors/export.xlsx",
        f"{company['address']}/edit",
        f"{company['address']}/contacts/{company['main']}/edit",
        f"/projects/{company['project']}",
        "/leads",
        "/leads/export.xlsx",
        f"/leads/{company['lead']}",
        f"/leads/{company['lead']}/edit",
        "/search?q=王强",
        "/search?q=远泰",
        "/audit",
        "/audit?entity=contact",
        "/audit/export.xlsx",
    ]
    for who in ("officer", "second", "reviewer", "leader", "administrator"):
        client = sign_in(who)
        for address in addresses:
            answer = client.get(address)
            shown = (
                cells_of(answer.data)
                if address.endswith(".xlsx") and answer.status_code == 200
                else answer.text
            )
            for number in (PHONE, "13912345679", "13900001111", OTHER_PHONE):
                assert number not in shown, (who, address, number)
        assert "深圳远泰" not in client.get(f"/search?q={PHONE}").text


def cells_of(data: bytes) -> str:
    book = load_workbook(io.BytesIO(data))
    return " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("who", "which", "status"),
    [
        ("officer", "main", 200),
        ("reviewer", "main", 200),
        ("administrator", "main", 200),
        ("second", "main", 403),
        ("second", "second", 200),  # recorded by this person
        ("leader", "main", 403),
        ("outsider", "main", 404),
        ("outside_reviewer", "main", 404),
    ],
)
def test_a_number_is_shown_to_who_works_with_the_company_and_that_is_on_record(
    sign_in, company, database, who, which, status
):
    answer = sign_in(who).send(f"{company['address']}/contacts/{company[which]}/phone")

    number = PHONE if which == "main" else OTHER_PHONE
    assert (answer.status_code, number in answer.text) == (status, status == 200)
    read = entries(database, action="read_phone", entity="contact")
    assert len(read) == (status == 200)
    if read:
        assert read[0].entity_id == company[which]
        assert number not in str(read[0].after)


@pytest.mark.parametrize("kind", ["project", "lead", "activity"])
def test_whoever_deals_with_the_company_may_see_its_numbers(sign_in, cast, company, database, kind):
    with database() as session:
        zone, unit = session.merge(cast.zone), session.merge(cast.other_unit)
        investor = session.get_one(Investor, (zone.id, company["id"]))
        if kind == "project":
            make_project(session, zone, unit=unit, investor=investor)
        elif kind == "lead":
            make_lead(session, zone, unit, investor_name="远泰", uscc=CODE)
        else:
            make_activity(session, zone, session.merge(cast.second), investor_id=investor.id)
        session.commit()
    assert PHONE in sign_in("second").send(f"{company['address']}/contacts/{company['main']}/phone").text


def test_reading_needs_a_token_of_the_form(sign_in, company):
    assert (
        sign_in("officer").post(f"{company['address']}/contacts/{company['main']}/phone").status_code == 400
    )
    assert sign_in("officer").get(f"{company['address']}/contacts/{company['main']}/phone").status_code == 405


def test_who_may_read_no_leads_sees_none_of_them_here(sign_in, company):
    page = sign_in("administrator").get(company["address"]).text
    assert "谈二期厂房" not in page
    assert "二期意向" not in page
    assert "王强来访" not in page
    other = sign_in("second").get(company["address"]).text
    assert "谈二期厂房" not in other
    assert "二期意向" not in other


def test_a_contact_is_added_corrected_and_switched_off(sign_in, company, database):
    officer = sign_in("officer")
    address = f"{company['address']}/contacts"
    assert officer.send(address, {"name": "", "phone": "13912340000"}).status_code == 422
    refused = officer.send(address, {"name": "周芳", "phone": "不知道"})
    assert "联系电话请填数字" in refused.text
    assert officer.send(address, {"name": "周芳", "phone": "13912340000", "main": "1"}).status_code == 303

    with database() as session:
        contact = session.scalars(select(Contact).filter_by(name="周芳")).one()
        assert contact.main
        assert not session.get_one(Contact, (contact.zone_id, company["main"])).main

    edit = f"{address}/{contact.id}/edit"
    sent = form_of(officer.get(edit).text)
    assert sent["phone"] == "139****0000"
    assert officer.send(edit, {**sent, "title": "财务总监"}).status_code == 303
    stale = officer.send(edit, {**sent, "title": "总监"})
    assert "别人已更新了这位联系人" in stale.text
    assert officer.send(f"{address}/{contact.id}/switch", {"off": "1"}).status_code == 303

    with database() as session:
        contact = session.get_one(Contact, (contact.zone_id, contact.id))
        assert (contact.phone, contact.title, contact.main) == ("13912340000", "财务总监", False)
        assert contact.off_at is not None
    assert [e.action for e in entries(database, entity="contact")] == ["register", "change", "switch_off"]


def test_a_corrected_name_stays_findable_and_a_wrong_code_is_refused(sign_in, company, database):
    officer = sign_in("officer")
    address = f"{company['address']}/edit"
    sent = form_of(officer.get(address).text)
    wrong = officer.send(address, {**sent, "uscc": "91110000600037341M"})
    assert wrong.status_code == 422
    assert "校验码" in wrong.text

    assert officer.send(address, {**sent, "name": "深圳远泰新材料有限公司"}).status_code == 303

    assert "深圳远泰新材料有限公司" in officer.get("/investors?q=远泰科技").text
    assert f"/investors/{company['id']}" in officer.get("/search?q=远泰科技").text
    assert "曾用名 深圳远泰科技有限公司" in text_of(officer.get(company["address"]).text)
    assert "深圳远泰新材料有限公司" in officer.get("/search?q=锂电池正极").text


def test_a_changed_origin_says_which_figures_move_and_has_to_be_confirmed(sign_in, company, database):
    officer = sign_in("officer")
    address = f"{company['address']}/edit?month=2024-06"
    page = officer.get(address).text
    assert "会移动这些数" in page
    assert "700.00" in text_of(page)
    sent = form_of(page) | {"origin": "浙江省"}

    refused = officer.send(address, sent)
    assert refused.status_code == 422
    assert "来源地由“深圳市”改为“浙江省”" in refused.text
    assert officer.send(address, {**sent, "confirm": "1"}).status_code == 303

    [change] = entries(database, action="change", entity="investor")
    assert change.after is not None
    assert change.after["origin"] == "浙江省"
    assert "到位资金本月 0.00、累计 700.00 万元" in change.after["figures"]


def test_two_people_correct_a_company_at_once(sign_in, company, database):
    first, second = sign_in("officer"), sign_in("reviewer")
    address = f"{company['address']}/edit"
    sent, other = form_of(first.get(address).text), form_of(second.get(address).text)
    assert first.send(address, {**sent, "name": "深圳远泰电池有限公司"}).status_code == 303

    page = second.send(address, {**other, "uscc": OTHER_CODE})
    assert page.status_code == 409
    assert "深圳远泰电池有限公司" in page.text
    again = form_of(page.text, "/edit")
    assert second.send(address, again).status_code == 303

    with database() as session:
        investor = session.scalars(select(Investor).filter_by(id=company["id"])).one()
        assert (investor.name, investor.uscc) == ("深圳远泰电池有限公司", OTHER_CODE)


@pytest.mark.parametrize(("who", "status"), [("second", 403), ("leader", 403), ("outsider", 403)])
def test_who_has_nothing_to_do_with_a_company_does_not_correct_it(sign_in, company, who, status):
    for way in ("edit", f"contacts/{company['main']}/edit"):
        assert sign_in(who).get(f"{company['address']}/{way}").status_code in (status, 404)


def test_a_group_has_no_circle_and_sums_its_members(sign_in, cast, company, database):
    with database() as session:
        zone = session.merge(cast.zone)
        child = make_investor(session, zone, "远泰（喀什）电池有限公司", parent_id=company["id"])
        make_project(session, zone, unit=session.merge(cast.unit), investor=child, total_fen=1 * YI)
        session.commit()
    officer = sign_in("officer")
    page = text_of(officer.get(company["address"]).text)
    assert "合计 2 家" in page
    assert "40,000.00" in page

    sent = form_of(officer.get(f"{company['address']}/edit").text)
    refused = officer.send(f"{company['address']}/edit", {**sent, "parent": "远泰（喀什）电池有限公司"})
    assert "母公司不能是本企业" in refused.text
    unknown = officer.send(f"{company['address']}/edit", {**sent, "parent": "没有这家"})
    assert "请先登记母公司" in unknown.text


def test_a_new_company_is_compared_with_those_that_are_known(sign_in, company, database):
    officer = sign_in("officer")
    assert "深圳远泰科技有限公司" in officer.get("/investors/alike?name=深圳远太科技").text
    assert "深圳远泰科技有限公司" in officer.get("/investors/alike?name=ytkj").text
    assert "已有企业" in officer.send("/investors/new", {"name": "深圳远泰科技有限公司"}).text
    near = officer.send("/investors/new", {"name": "深圳远太科技有限公司"})
    assert "写明区别" in near.text
    made = officer.send(
        "/investors/new",
        {
            "name": "深圳远太科技有限公司",
            "likeness_reason": "同音，不同法人",
            "contact_name": "孙七",
            "contact_phone": "13700001234",
        },
    )
    assert made.status_code == 303
    with database() as session:
        investor = session.scalars(select(Investor).filter_by(name="深圳远太科技有限公司")).one()
        contact = session.scalars(select(Contact).filter_by(investor_id=investor.id)).one()
        assert (contact.name, contact.main) == ("孙七", True)
    bad = officer.send("/investors/new", {"name": "另一家有限公司", "contact_phone": "13700001234"})
    assert (bad.status_code, "请填写姓名" in bad.text) == (422, True)
    with database() as session:
        assert session.scalars(select(Investor).filter_by(name="另一家有限公司")).one_or_none() is None


@pytest.fixture
def double(database, cast: Cast) -> int:
    with database() as session:
        zone = session.merge(cast.zone)
        investor = make_investor(session, zone, "远泰科技（深圳）有限公司", uscc=OTHER_CODE, origin="广东省")
        make_project(
            session,
            zone,
            unit=session.merge(cast.other_unit),
            investor=investor,
            name="物流园",
            total_fen=2 * YI,
        )
        session.commit()
        return investor.id


def test_doubles_are_found_compared_merged_and_made_two_again(sign_in, company, double, database):
    reviewer = sign_in("reviewer")
    assert "远泰科技（深圳）有限公司" in reviewer.get(f"{company['address']}/merge").text
    address = f"{company['address']}/merge?with={double}"
    page = reviewer.get(address).text
    assert "按来源地、企业性质分的数会移动" in page
    sent = form_of(page)
    assert "写明合并的依据" in reviewer.send(address, {**sent, "reason": ""}).text

    done = reviewer.send(address, {**sent, "reason": "同一家企业", "take-uscc": "merged"})
    assert done.status_code == 303

    page = text_of(reviewer.get(company["address"]).text)
    assert "物流园" in page
    assert OTHER_CODE in page
    old = reviewer.get(f"/investors/{double}").text
    assert "已并入" in old
    assert company["address"] in old
    assert "远泰科技（深圳）有限公司" in reviewer.get("/investors?state=merged").text
    assert "深圳远泰科技有限公司" in reviewer.get("/investors?q=远泰科技（深圳）").text
    assert "合并进来" in page
    assert "并入另一家" in old
    refused = reviewer.get(f"/investors/{double}/merge")
    assert refused.status_code == 404

    with database() as session:
        done_id = session.scalars(select(AuditEntry).filter_by(action="merge", entity_id=double)).one().id
    assert done_id
    undo = form_of(reviewer.get(company["address"]).text, "/merge/undo")
    assert reviewer.send(f"{company['address']}/merge/undo", undo).status_code == 303
    with database() as session:
        owners = session.execute(select(Project.name, Project.investor_id))
        assert {row.name: row.investor_id for row in owners} == {
            "锂电池正极项目": company["id"],
            "物流园": double,
        }
    assert reviewer.send(f"{company['address']}/merge/undo", undo).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 403), ("leader", 403), ("administrator", 200), ("outsider", 404), ("outside_reviewer", 404)],
)
def test_only_reviewers_and_administrators_of_the_zone_merge(sign_in, company, double, database, who, status):
    client = sign_in(who)
    address = f"{company['address']}/merge?with={double}"
    assert client.get(address).status_code == status
    data = {"with": str(double), "kept_version": "1", "merged_version": "1", "reason": "同一家企业"}
    assert client.send(address, data).status_code == (303 if status == 200 else status)
    with database() as session:
        merged = session.scalars(select(Investor.merged_into_id).filter_by(id=double)).one()
    assert merged == (company["id"] if status == 200 else None)


def test_nothing_of_another_zone_can_be_merged_or_made_a_parent(sign_in, cast, company, database):
    with database() as session:
        far = make_investor(session, session.merge(cast.other_zone), "外区企业有限公司")
        session.commit()
    reviewer = sign_in("reviewer")
    assert reviewer.get(f"{company['address']}/merge?with={far.id}").status_code == 404
    assert "没有这个名称" in reviewer.get(f"{company['address']}/merge?q=外区企业有限公司").text
    sent = form_of(reviewer.get(f"{company['address']}/edit").text)
    refused = reviewer.send(f"{company['address']}/edit", {**sent, "parent": "外区企业有限公司"})
    assert refused.status_code == 422


def test_the_list_filters_sums_and_exports_the_same(sign_in, company, double):
    officer = sign_in("officer")
    page = text_of(officer.get("/investors").text)
    assert "合计 2 家" in page
    assert "50,000.00" in page
    only = officer.get("/investors?origin=深圳市").text
    assert "合计 1 家" in text_of(only)
    for query, found in (("ytkj", True), ("yuantai", True), (CODE[-8:], True), ("没有的", False)):
        assert ("远泰科技" in text_of(officer.get(f"/investors?q={query}").text)) == found, query
    assert "还没有" not in officer.get("/investors?projects=no").text
    cells = cells_of(officer.get("/investors/export.xlsx?origin=深圳市").data)
    assert "深圳远泰科技有限公司" in cells
    assert "远泰科技（深圳）" not in cells
    assert officer.get("/investors?origin=火星").status_code == 422


@pytest.mark.parametrize("companies", [1, 60])
def test_the_list_asks_at_most_six_questions(app, sign_in, cast, database, companies):
    with database() as session:
        zone, unit = session.merge(cast.zone), session.merge(cast.unit)
        for _ in range(companies):
            investor = make_investor(session, zone, origin="湖北省")
            make_arrival(session, zone, make_project(session, zone, unit=unit, investor=investor))
            make_contact(session, zone, investor)
        session.commit()
    client = sign_in("reviewer")
    client.get("/investors")
    with statements(app.extensions["engine"]) as sent:
        assert client.get("/investors?q=投资&sort=recognised").status_code == 200
    assert len(sent.reads) <= 6, sent.reads


def test_a_former_name_is_added_and_taken_away(sign_in, company, database):
    officer = sign_in("officer")
    assert officer.send(f"{company['address']}/names", {"name": "远泰", "kind": "short"}).status_code == 303
    again = officer.send(f"{company['address']}/names", {"name": "远泰", "kind": "short"})
    assert "已有这个名称" in again.text
    with database() as session:
        name = session.scalars(select(FormerName)).one()
    answer = officer.send(f"{company['address']}/names/remove", {"name_id": str(name.id)})
    assert answer.status_code == 303
    assert officer.send(f"{company['address']}/names/remove", {"name_id": "abc"}).status_code == 422
    assert officer.send(f"{company['address']}/names/remove", {"name_id": str(name.id)}).status_code == 404
    with database() as session:
        assert session.scalars(select(FormerName)).all() == []


def test_the_lead_page_masks_its_number_for_its_own_unit_too(sign_in, company, database):
    officer = sign_in("officer")
    assert MASKED in officer.get(f"/leads/{company['lead']}").text
    assert PHONE in officer.send(f"/leads/{company['lead']}/phone").text
    [read] = entries(database, action="read_phone", entity="lead")
    assert read.at <= clock.now()
    sent = form_of(officer.get(f"/leads/{company['lead']}/edit").text)
    assert sent["contact_phone"] == MASKED
    assert (
        officer.send(f"/leads/{company['lead']}/edit", {**sent, "likeness_reason": "二期"}).status_code == 303
    )
    with database() as session:
        assert session.scalars(select(Lead.contact_phone)).one() == PHONE
