"""Warnings in Chromium: the number in the navigation, an excuse of two people, rules tried out; desk and phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from app.kernel import clock
from tests.browser import check, follow, open_page, serve, sign_in
from tests.factories import make_project

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
NAME = "高端装备零部件生产线项目（二期）"
SIZES = [(1440, 900), (390, 844)]


@pytest.fixture
def address(app, cast, database) -> Iterator[str]:
    """Where the application is served, with a project that was signed 250 days ago and has not started."""
    with database() as session:
        signed_on = clock.today() - dt.timedelta(days=250)
        make_project(session, cast.zone, unit=cast.unit, name=NAME, officer="吴建军", signed_on=signed_on)
        session.commit()
    with serve(app) as found:
        yield found


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_from_the_warning_to_its_acknowledged_excuse(browser, address, width, height):
    with open_page(browser, width=width, height=height) as page:
        sign_in(page, address, "wujianjun")
        todo = page.get_by_role("region", name="要办的事")
        expect(todo).to_contain_text(NAME)
        check(page)
        if width > 640:
            number = (
                page.get_by_role("navigation", name="主导航").get_by_role("link", name="预警").locator("em")
            )
            expect(number).to_be_visible()
        page.goto(f"{address}/warnings?rule=unstarted")
        expect(page.get_by_role("row", name=NAME)).to_contain_text("已 250 天，尚未开工")
        check(page)
        follow(page.get_by_role("link", name=f"说明：{NAME}"))
        page.get_by_label("原因").fill("等待环评批复，预计两个月内取得")
        follow(page.get_by_role("button", name="提交说明"))
        expect(page.get_by_text("请填写有效期")).to_be_visible()
        check(page)
        page.get_by_label("有效期至").fill((clock.today() + dt.timedelta(days=60)).isoformat())
        follow(page.get_by_role("button", name="提交说明"))
        expect(page.get_by_role("region", name="预警")).to_contain_text("说明待确认")
        check(page)
    with open_page(browser, width=width, height=height) as page:
        sign_in(page, address, "liwentao", "/warnings?tab=asked")
        page.get_by_label(f"确认情况说明：{NAME}").click()
        check(page)
        follow(page.get_by_role("button", name="确认", exact=True))
        expect(page.get_by_text("没有符合条件的预警")).to_be_visible()
        page.goto(f"{address}/warnings?tab=excused")
        expect(page.get_by_role("row", name=NAME)).to_contain_text("已说明，有效至")
        check(page)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_rules_are_tried_out(browser, address, width, height):
    with open_page(browser, width=width, height=height) as page:
        sign_in(page, address, "zhaolei", "/warnings/rules")
        check(page)
        page.get_by_label("签约后未开工，黄色").fill("7")
        page.get_by_label("签约后未开工，红色").fill("8")
        follow(page.get_by_role("button", name="试算"))
        expect(page.get_by_role("status").filter(has_text="试算")).to_contain_text("还没有保存")
        check(page)
        page.get_by_label("签约后未开工，红色").fill("6")
        follow(page.get_by_role("button", name="保存规则"))
        expect(page.get_by_text("不能小于黄色")).to_be_visible()
        check(page)
