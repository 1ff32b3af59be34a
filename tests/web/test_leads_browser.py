"""A lead's life in a real browser: registered on a phone, assessed and converted at a desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app.kernel import clock
from tests.browser import follow, look, serve, sign_in
from tests.factories import YI, make_investor, make_lead, make_project
from tests.web.conftest import Cast

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)


@pytest.fixture
def address(app: Flask, database: Callable[[], Session], cast: Cast) -> Iterator[str]:
    """The application, with a lead of another unit and a project of the same investor."""
    with database() as session:
        company = make_investor(session, cast.zone, "湖北达泰高端科技有限公司")
        make_project(session, cast.zone, investor=company, name="高端装备零部件生产线项目")
        make_lead(
            session, cast.zone, cast.other_unit, name="风电叶片生产基地项目", amount_fen=3 * YI,
            investor_name="江苏恒能风电有限公司", reported_at=clock.now(), content="不给别人看的内容",
        )  # fmt: skip
        make_lead(
            session, cast.zone, cast.unit, name="数据标注中心项目", amount_fen=YI,
            investor_name="深圳智联数据有限公司", officer_id=cast.wu.id,
        )  # fmt: skip
        session.commit()
    with serve(app) as address:
        yield address


def fill_in(page: Page) -> None:
    page.get_by_label("线索名称").fill("锂电池正极材料项目")
    page.get_by_label("投资方").fill("湖北达泰新能源有限公司")
    page.get_by_label("拟投资额", exact=True).fill("1.5")
    page.get_by_label("线索来源").select_option("外出招商")
    page.get_by_label("拟投资内容").fill("年产 2 万吨磷酸铁锂正极材料")
    page.get_by_label("联系人", exact=True).fill("张三")
    page.get_by_label("联系电话").fill("13812341234")


def test_a_lead_from_registration_to_project(page: Page, address: str) -> None:
    sign_in(page, address, path="/leads")
    look(page, "list")
    expect(page.get_by_text("风电叶片")).to_have_count(0)
    expect(page.locator("tbody tr")).to_contain_text("响应超时")
    follow(page.get_by_role("link", name="登记线索").last)
    page.get_by_label("投资方").fill("江苏恒能风电")
    box = page.locator("[data-alikes]")
    expect(box).to_contain_text("招商二部")
    expect(box).to_contain_text("江苏＊＊＊")
    expect(box).not_to_contain_text("风电叶片")
    page.get_by_label("投资方").fill("dataigaoduan")
    expect(box).to_contain_text("湖北达泰高端科技有限公司")
    fill_in(page)
    expect(box.get_by_text("湖北达泰高端科技有限公司").first).to_be_visible()
    look(page, "form")
    follow(page.get_by_role("button", name="登记线索"))
    expect(page.get_by_role("status")).to_contain_text("首报时间")
    look(page, "open")
    page.locator("#answer-text").fill("已电话联系张总，下周来访")
    follow(page.get_by_role("button", name="记录响应"))
    page.get_by_label("跟进", exact=True).check()
    page.locator("#assess-text").fill("符合锂电主导产业，投资强度达标")
    follow(page.get_by_role("button", name="提交研判"))
    expect(page.locator("h1 + .bdg")).to_have_text("跟进中")
    look(page, "followed")
    follow(page.get_by_role("link", name="转为项目"))
    expect(page.get_by_label("投资方")).to_have_value("湖北达泰新能源有限公司")
    look(page, "convert")
    follow(page.get_by_role("button", name="转为在谈项目"))
    expect(page.locator("h1")).to_have_text("锂电池正极材料项目")
    expect(page).to_have_url(re.compile("/projects/"))


def test_a_twin_is_blocked_and_a_near_one_asks_why(page: Page, address: str) -> None:
    sign_in(page, address, path="/leads/new")
    fill_in(page)
    reason = page.get_by_label("为什么不是同一项目")
    page.get_by_label("线索名称").fill("风电叶片生产基地项目")
    page.get_by_label("投资方").fill("江苏恒能风电有限责任公司")
    expect(page.locator("[data-alikes]")).to_contain_text("不能重复登记")
    follow(page.get_by_role("button", name="登记线索"))
    expect(page.locator("#name-error")).to_contain_text("招商二部已于")
    look(page, "twin")
    page.get_by_label("线索名称").fill("风电叶片生产基地项目（二期）")
    expect(page.locator("[data-alikes]")).to_contain_text("写明理由")
    expect(reason).to_be_visible()
    reason.fill("二期，另一块用地")
    follow(page.get_by_role("button", name="登记线索"))
    expect(page.get_by_role("status")).to_contain_text("首报时间")


def test_a_lead_on_a_phone(phone: Page, address: str) -> None:
    sign_in(phone, address, path="/leads/new")
    fill_in(phone)
    look(phone, "form-phone")
    follow(phone.get_by_role("button", name="登记线索"))
    expect(phone.get_by_role("status")).to_contain_text("首报时间")
    look(phone, "open-phone")
    phone.goto(f"{address}/leads")
    expect(phone.locator("tbody tr")).to_have_count(2)
    look(phone, "list-phone")


def test_a_reviewers_page(page: Page, address: str) -> None:
    sign_in(page, address, login="maxiaolin", path="/leads")
    follow(page.get_by_role("link", name="数据标注中心项目"))
    page.get_by_text("审核岗裁定").click()
    look(page, "decide")
    page.get_by_label("裁定事项").select_option("转移")
    page.locator("#decide-to_unit_id").select_option("招商二部")
    page.locator("#decide-reason").fill("按产业分工转交")
    follow(page.get_by_role("button", name="记录裁定"))
    expect(page.locator("#decisions")).to_contain_text("招商一部 → 招商二部")
    look(page, "decided")
