"""The frame in a real browser: accessible at both widths, keys, drafts that survive a lost session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import check, follow, see, serve, sign_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)


@pytest.fixture
def address(app, records) -> Iterator[str]:
    """Where the application is served."""
    with serve(app) as address:
        yield address


@pytest.mark.parametrize("path", ["/sign-in", "/", "/?w=month", "/password", "/nowhere"])
def test_pages_are_accessible_on_a_screen(page, address, path):
    if path != "/sign-in":
        sign_in(page, address)
    page.goto(address + path)
    check(page)


@pytest.mark.parametrize("path", ["/sign-in", "/", "/password"])
def test_pages_are_accessible_on_a_phone(phone, address, path):
    if path != "/sign-in":
        sign_in(phone, address)
    phone.goto(address + path)
    check(phone)
    if path == "/":
        bar = phone.get_by_role("navigation", name="手机导航")
        expect(bar).to_contain_text("今日")
        assert all(
            box["height"] >= 44 for box in (link.bounding_box() for link in bar.get_by_role("link").all())
        )
        bar.get_by_text("更多").click()
        check(phone)
        bar.get_by_role("link", name="月度关账").click()
        expect(phone.get_by_role("heading", name="月度关账")).to_be_visible()


@pytest.mark.parametrize("path", ["users", "users/new", "lists", "targets", "zone"])
def test_administration_is_accessible(page, phone, address, path):
    for each in (page, phone):
        sign_in(each, address, "zhaolei", f"/admin/{path}")
        check(each)


def test_keys(page, address):
    sign_in(page, address)
    page.keyboard.press("/")
    expect(page.locator("form.find input")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator(".quick .menulist a").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    first = page.locator("[data-row].cur a").first
    expect(first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(first).to_be_focused()
    target = first.get_attribute("href")
    with page.expect_navigation(url=f"{address}{target}"):
        page.keyboard.press("Enter")


def test_without_scripts_the_menus_still_open(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address)
    page.get_by_text("吴建军").first.click()
    expect(page.get_by_role("link", name="修改密码")).to_be_visible()
    follow(page.get_by_role("button", name="退出登录"))
    expect(page).to_have_url(f"{address}/sign-in")
    context.close()


def test_a_half_filled_form_survives_a_lost_session(page, address):
    sign_in(page, address, "zhaolei", "/admin/zone")
    page.get_by_label("编发单位").fill("招商局办公室")
    cookies = [cookie for cookie in page.context.cookies() if cookie.get("name") != "zhaoshang"]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    follow(page.get_by_role("button", name="保存设置"))
    see(page, "登录已超时")
    page.get_by_label("登录名").fill("zhaolei")
    page.get_by_label("密码").fill(PASSWORD)
    follow(page.get_by_role("button", name="登录"))
    expect(page).to_have_url(f"{address}/admin/zone")
    expect(page.get_by_label("编发单位")).to_have_value("")
    page.get_by_role("button", name="恢复填写").click()
    expect(page.get_by_label("编发单位")).to_have_value("招商局办公室")
    follow(page.get_by_role("button", name="保存设置"))
    expect(page.get_by_text("园区设置已保存")).to_be_visible()
    page.goto(f"{address}/admin/zone")
    expect(page.get_by_role("button", name="恢复填写")).to_have_count(0)


def test_the_month_in_work_is_switched(page, address):
    sign_in(page, address)
    page.locator(".month-menu summary").click()
    page.get_by_label("工作月份", exact=True).fill("2023-12")
    follow(page.get_by_role("button", name="切换"))
    expect(page.locator(".month-menu summary")).to_contain_text("2023年12月")


def test_an_amount_is_echoed_while_it_is_typed(page, address):
    sign_in(page, address, path="/projects/new")
    amount = page.locator("[data-amount]").first
    echo = page.locator("output.echo").first
    amount.fill("65070")
    expect(echo).to_have_text("6.51亿元，大写 陆亿伍仟零柒拾万元整")
    page.locator(".amt select").first.select_option("元")
    expect(echo).to_have_text("6.51万元，大写 陆万伍仟零柒拾元整")
    amount.fill("many")
    expect(echo).to_contain_text("不是金额")
