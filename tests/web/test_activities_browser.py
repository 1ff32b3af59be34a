"""An officer's activities and tasks in a real browser, at a desk and on a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.activities.models import Activity
from app.kernel import clock
from tests.browser import PATIENCE, check, follow, serve, sign_in
from tests.factories import NOW, make_investor, make_project, make_task

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
NAME = "高端装备零部件生产线项目（二期）"


@pytest.fixture
def address(app, cast, database) -> Iterator[str]:
    """Where the application is served, with a project of the officer's unit that stands still, and a task."""
    with database() as session:
        investor = make_investor(session, cast.zone, "湖北达泰高端科技有限公司")
        signed_on = clock.today() - dt.timedelta(days=100)
        make_project(
            session,
            cast.zone,
            unit=cast.unit,
            investor=investor,
            name=NAME,
            officer="吴建军",
            signed_on=signed_on,
            created_at=NOW,
        )
        yesterday = clock.today() - dt.timedelta(days=1)
        make_task(session, cast.zone, cast.wu, text="寄送厂房平面图", due_on=yesterday)
        session.commit()
    with serve(app) as found:
        yield found


def pick(page: Page, text: str) -> None:
    page.get_by_role("combobox", name="关联项目").press_sequentially(text)
    expect(page.get_by_role("option").first).to_contain_text(NAME)


def test_the_day_at_a_desk(page, address, database):
    sign_in(page, address)
    expect(page.get_by_role("region", name="要办的事")).to_contain_text("逾期 1 天")
    expect(page.get_by_role("region", name="要办的事")).to_contain_text("天未动")
    check(page)
    follow(page.get_by_role("button", name="办结：寄送厂房平面图"))
    done = page.get_by_role("region", name="今天已办")
    expect(done).to_contain_text("寄送厂房平面图")
    follow(page.get_by_role("button", name="撤销：寄送厂房平面图"))
    expect(page.get_by_role("region", name="今天已办")).not_to_contain_text("寄送厂房平面图")

    follow(page.get_by_role("link", name=NAME).first)
    page.get_by_role("textbox", name="写一句进展，回车保存").fill("场地平整完成七成")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="动态")).to_contain_text("场地平整完成七成")
    check(page)
    page.goto(f"{address}/")
    expect(page.get_by_role("region", name="要办的事")).not_to_contain_text("天未动")
    with database() as session:
        [activity] = session.scalars(select(Activity).where(Activity.text == "场地平整完成七成"))
        assert activity.logged_name == "吴建军"


def test_an_outing_with_people_days_and_a_next_step(page, address):
    sign_in(page, address, path="/activities/new")
    expect(page.get_by_label("外出人数")).to_be_hidden()
    page.get_by_text("外出考察", exact=True).click()
    page.get_by_label("外出人数").fill("3")
    page.get_by_label("外出天数").fill("2")
    pick(page, "零部件")
    check(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已选定项目")).to_be_visible()
    page.get_by_label("内容").fill("赴武汉走访达泰")
    page.get_by_label("下一步", exact=True).fill("寄送用地方案")
    follow(page.get_by_role("button", name="保存活动"))
    expect(page.get_by_text("请填写下一步的日期")).to_be_visible()
    check(page)
    page.get_by_label("下一步日期").fill(clock.today().isoformat())
    follow(page.get_by_role("button", name="保存活动"))
    expect(page.get_by_role("complementary", name="动态")).to_contain_text("赴武汉走访达泰")
    page.goto(f"{address}/activities")
    expect(page.get_by_role("row", name="合计 2 次")).to_contain_text("3")
    check(page)
    page.goto(f"{address}/tasks")
    expect(page.get_by_role("region", name="今天和本周")).to_contain_text("寄送用地方案")
    page.get_by_label("延期、移交：寄送用地方案").click()
    check(page)
    follow(page.locator(".taskmenu[open]").get_by_role("button", name="延期"))
    expect(page.get_by_role("alert")).to_contain_text("请填写新的日期")
    check(page)


def test_one_entry_on_the_phone(phone, address, tmp_path):
    photo = tmp_path / "现场.jpg"
    Image.new("RGB", (80, 60), "blue").save(photo)
    sign_in(phone, address)
    check(phone)
    follow(phone.get_by_role("navigation", name="手机导航").get_by_role("link", name="记一笔"))
    check(phone)
    follow(phone.get_by_role("navigation", name="登记").get_by_role("link", name="记活动"))
    pick(phone, "零部件")
    phone.get_by_role("option").first.click()
    phone.get_by_label("内容").fill("现场走访，桩基完成")
    camera = phone.get_by_label("拍照")
    assert (camera.get_attribute("capture"), camera.get_attribute("accept")) == ("environment", "image/*")
    camera.set_input_files(Path(photo))
    expect(phone.get_by_text("已选 1 张")).to_be_visible()
    check(phone)
    follow(phone.get_by_role("button", name="保存活动"))
    expect(phone.get_by_role("complementary", name="动态")).to_contain_text("1 个附件")
    for path in ("/activities", "/tasks"):
        phone.goto(address + path)
        check(phone)
    phone.goto(f"{address}/activities")
    follow(phone.get_by_role("link", name="现场走访，桩基完成"))
    expect(phone.get_by_role("heading", name="照片和文件")).to_be_visible()
    check(phone)


def test_without_scripts_a_record_is_chosen_after_sending(browser, address):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    try:
        sign_in(page, address, path="/activities/new")
        page.get_by_label("内容").fill("电话回访")
        page.get_by_label("关联项目").fill("达泰")
        follow(page.get_by_role("button", name="保存活动"))
        follow(page.get_by_role("button", name=NAME))
        expect(page.get_by_role("complementary", name="动态")).to_contain_text("电话回访")
    finally:
        context.close()
