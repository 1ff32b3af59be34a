"""The officer's day in a real browser: enter a project, record money, meet a colleague's save, look behind a number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from app.funds.rules import ReviewState
from app.pipeline.rules import ContractKind, MilestoneKind
from tests.browser import accessibility_faults, check, follow, serve, sign_in, wide
from tests.factories import (
    WAN,
    YI,
    make_area,
    make_arrival,
    make_chain,
    make_contract,
    make_investor,
    make_milestone,
    make_project,
    make_target,
)

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)


@dataclass
class Scene:
    """Where the application is served, and what it holds."""

    address: str
    project: int
    pending: int


@pytest.fixture
def scene(app, cast, database) -> Iterator[Scene]:
    """Sixty projects with long names and money, one of them rich in detail, and one arrival that waits."""
    with database() as session:
        chain = make_chain(session, cast.zone, "高端装备制造", segments=("零部件", "整机"))
        make_chain(session, cast.zone, "纺织服装", segments=("纺纱",))
        area = make_area(session, cast.zone, "空港产业物流区")
        owner = make_investor(session, cast.zone, "湖北达泰高端科技有限公司", origin="湖北省")
        for number in range(60):
            project = make_project(
                session, cast.zone, unit=cast.unit, investor=owner, area_id=area.id, chain_id=chain.id,
                name=f"商贸物流跨境电商生产基地建设项目（{number}期）", total_fen=(number + 1) * 1234 * WAN,
                signed_on=dt.date(2023, 7, 1) + dt.timedelta(number * 5), officer="吴建军",
            )  # fmt: skip
            make_arrival(session, cast.zone, project, 111 * WAN, arrived_on=dt.date(2024, 6, 5))
        rich = make_project(
            session, cast.zone, unit=cast.unit, investor=owner, name="高端装备零部件生产线项目（二期）", number="KS-2024-0061",
            total_fen=6 * YI, signed_on=dt.date(2024, 6, 6), content="建设零部件生产线", industry="C3484",
            reached={MilestoneKind.landed: dt.date(2024, 6, 14)}, chain_id=chain.id, area_id=area.id,
        )  # fmt: skip
        make_milestone(session, cast.zone, rich, MilestoneKind.started, None, planned_on=dt.date(2024, 8, 31))
        make_contract(
            session,
            cast.zone,
            rich,
            kind=ContractKind.supplement,
            signed_on=dt.date(2024, 6, 20),
            number="BC-1",
        )
        pending = make_arrival(
            session, cast.zone, rich, 3_253_500_000, arrived_on=dt.date(2024, 6, 20), state=ReviewState.pending,
            recorded_by=cast.wu.id, recorded_name="吴建军", voucher="PZ2024060608",
        )  # fmt: skip
        make_arrival(session, cast.zone, rich, WAN, state=ReviewState.returned, return_reason="凭证不清")
        make_target(session, cast.zone, 20000 * WAN)
        make_target(session, cast.zone, 12000 * WAN, unit=cast.unit)
        session.commit()
    with serve(app) as address:
        yield Scene(address, rich.id, pending.id)


PATHS = [
    "/projects",
    "/projects?big=1&q=没有",
    "/projects/{project}",
    "/projects/{project}/edit",
    "/projects/new",
    "/projects/{project}/supplements/new",
    "/funds",
    "/funds/{pending}",
    "/funds/new",
    "/funds/new?project={project}",
    "/figures",
    "/figures?by=unit",
    "/figures/funds.amount?w=ytd",
]


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_accessible_at_both_widths(page, phone, scene, path):
    address = path.format(project=scene.project, pending=scene.pending)
    for each in (page, phone):
        sign_in(each, scene.address, "maxiaolin", "/password")
        each.goto(scene.address + address)
        check(each)


def clipped(page: Page, selector: str) -> list[str]:
    """Texts that their cell cuts off."""
    found: list[str] = page.evaluate(
        "s => [...document.querySelectorAll(s)].filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent.trim())",
        selector,
    )
    return found


@pytest.mark.parametrize(
    "path", ["/projects", "/funds", "/figures?by=unit", "/figures", "/figures/signed.amount"]
)
def test_amounts_and_buttons_are_never_cut(page, phone, scene, path):
    for each in (page, phone):
        sign_in(each, scene.address, "maxiaolin", path)
        assert clipped(each, "td.n, th.n, .btn, .seg a, .bdg, .st") == []


def test_the_sums_stay_in_sight_and_the_list_scrolls_beneath(page, scene):
    sign_in(page, scene.address, "liwentao", "/projects")
    foot, head = page.locator("tfoot td").first, page.locator("thead th").first
    expect(foot).to_be_in_viewport()
    page.locator("tbody tr").last.scroll_into_view_if_needed()
    expect(head).to_be_in_viewport()
    expect(foot).to_contain_text("合计 61 个")
    assert wide(page) <= 0


def test_on_a_phone_the_ledger_is_a_list_of_cards(phone, scene):
    sign_in(phone, scene.address, "wujianjun", "/projects")
    first = phone.locator("tbody tr").first
    box = first.bounding_box()
    assert box
    assert box["width"] <= 390
    assert box["height"] >= 48
    expect(phone.locator("thead")).to_be_hidden()
    expect(first).to_contain_text("高端装备零部件生产线项目（二期）")
    follow(first.get_by_role("link"))
    expect(phone).to_have_url(re.compile(r"/projects/\d+$"))


def test_conditions_are_chosen_in_one_form_and_taken_away_one_by_one(page, scene):
    sign_in(page, scene.address, "wujianjun", "/projects")
    page.get_by_text("加条件").click()
    page.get_by_label("落地", exact=True).check()
    page.get_by_label("亿元以上（含1亿元）").check()
    assert accessibility_faults(page) == []
    follow(page.get_by_role("button", name="按条件查看"))
    expect(page.locator("tbody tr")).to_have_count(1)
    follow(page.get_by_role("link", name="去掉条件：阶段"))
    expect(page.locator("tfoot")).to_contain_text("合计 53 个")
    follow(page.get_by_role("link", name="亿元", exact=True))
    expect(page.locator("tfoot")).to_contain_text("亿元 · 合计随条件变化")


def test_an_officer_registers_a_project(page, scene):
    sign_in(page, scene.address, "wujianjun", "/projects/new")
    page.get_by_label("项目名称").fill("固态电池项目")
    page.get_by_label("投资方名称").press_sequentially("达泰", delay=30)
    expect(page.locator("#investors option")).to_have_attribute("value", "湖北达泰高端科技有限公司")
    page.get_by_label("投资方名称").fill("湖北达泰高端科技有限公司")
    page.get_by_label("产业链").select_option("纺织服装")
    segments = page.locator("#segment_id option:not([hidden])")
    expect(segments).to_have_text(["未定", "纺纱"])
    page.get_by_label("计划总投资", exact=True).fill("65070")
    expect(page.locator("#investment-echo")).to_have_text("6.51亿元，大写 陆亿伍仟零柒拾万元整")
    page.get_by_label("合同类型").select_option("正式合同")
    page.get_by_label("签订日期").fill("2024-06-06")
    follow(page.get_by_role("button", name="登记项目"))
    expect(page.get_by_text("请填写合同总投资")).to_be_visible()
    expect(page.get_by_label("项目名称")).to_have_value("固态电池项目")
    assert accessibility_faults(page) == []
    page.get_by_role("textbox", name="合同总投资").fill("6.507")
    page.locator("[name=amount-unit]").select_option("亿元")
    follow(page.get_by_role("button", name="登记项目"))
    expect(page.get_by_role("heading", name="固态电池项目")).to_be_visible()
    expect(page.get_by_label("资金", exact=True)).to_contain_text("65,070.00")


def test_two_people_save_one_project(page, phone, scene):
    edit = f"/projects/{scene.project}/edit"
    sign_in(page, scene.address, "wujianjun", edit)
    sign_in(phone, scene.address, "maxiaolin", edit)
    page.get_by_label("责任人").fill("古丽")
    follow(page.get_by_role("button", name="保存"))
    expect(page).to_have_url(f"{scene.address}/projects/{scene.project}")
    phone.get_by_label("包联领导").fill("管委会主任")
    follow(phone.get_by_role("button", name="保存"))
    expect(phone.get_by_role("heading", name="两人同时修改了这个项目")).to_be_visible()
    expect(phone.get_by_role("row", name="责任人")).to_contain_text("只有对方改了")
    check(phone)
    follow(phone.get_by_role("button", name="按所选保存"))
    expect(phone).to_have_url(f"{scene.address}/projects/{scene.project}")
    expect(phone.get_by_text("招商一部 古丽")).to_be_visible()
    expect(phone.get_by_text("包联 管委会主任")).to_be_visible()


def test_foreign_money_is_recorded_with_what_it_comes_to_in_sight(page, scene):
    sign_in(page, scene.address, "wujianjun", f"/funds/new?project={scene.project}")
    expect(page.get_by_label("折算汇率")).to_be_hidden()
    page.get_by_label("币种").select_option("美元")
    page.get_by_label("到账日期").fill("2024-06-21")
    page.get_by_role("textbox", name="到账金额（原币）").fill("100")
    page.get_by_label("折算汇率").fill("7.1")
    expect(page.locator("#equivalent")).to_contain_text("折人民币 710.00 万元")
    page.get_by_label("汇率日期").fill("2024-06-21")
    page.get_by_label("汇率来源").fill("中国人民银行中间价")
    follow(page.get_by_role("button", name="登记到账"))
    expect(page.get_by_text("710.00 万元").first).to_be_visible()


def test_a_leader_looks_behind_a_number(page, scene):
    sign_in(page, scene.address, "liwentao", "/figures?by=unit")
    row = page.get_by_role("row", name="招商一部").first
    number = row.get_by_role("link", name="6,660.00").first
    number.click()
    follow(page.get_by_role("link", name="打开这 60 行"))
    expect(page.get_by_role("heading", name="到位资金")).to_be_visible()
    expect(page.locator(".bignum b")).to_have_text("6,660.00")
    expect(page.locator("tfoot")).to_contain_text("合计 60 行")
    follow(page.get_by_role("link", name="下一页"))
    expect(page.locator("tbody tr")).to_have_count(10)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 60 行").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_rows_are_reached_by_keys(page, scene):
    sign_in(page, scene.address, "wujianjun", "/projects")
    page.keyboard.press("j")
    with page.expect_navigation(url=f"{scene.address}/projects/{scene.project}"):
        page.keyboard.press("Enter")
    with page.expect_navigation(url=f"{scene.address}/projects/{scene.project}/edit"):
        page.keyboard.press("e")
