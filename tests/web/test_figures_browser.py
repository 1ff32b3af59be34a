"""The page of figures in Chromium: rows at the side by pointer and by keys, curves under the policy; desk and phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PATIENCE, check, follow, open_page, serve, sign_in
from tests.factories import WAN, YI, make_arrival, make_chain, make_project, make_target

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
PAGE = "/figures?month=2024-06"
SIZES = [(1440, 900), (390, 844)]


@pytest.fixture
def address(app, cast, database) -> Iterator[str]:
    """Where the application is served: two units with money in two years, one of them behind its target."""
    with database() as session:
        chain = make_chain(session, cast.zone, "锂电新能源")
        for place, unit in enumerate((cast.unit, cast.other_unit)):
            project = make_project(
                session,
                cast.zone,
                name=f"电池项目（{place + 1}期）",
                unit=unit,
                total_fen=9 * YI,
                signed_on=dt.date(2024, 2, 1),
                chain_id=chain.id,
            )
            for year in (2023, 2024):
                for month in range(1, 7):
                    fen = (place + 1) * month * 100 * WAN + year * 100
                    make_arrival(session, cast.zone, project, fen, arrived_on=dt.date(year, month, 5))
            make_target(session, cast.zone, 9000 * WAN, unit=unit)
        make_target(session, cast.zone, 18000 * WAN)
        session.commit()
    with serve(app) as found:
        yield found


def enter(page: Page, address: str) -> None:
    sign_in(page, address, "liwentao", "/password")
    page.goto(address + PAGE)


def cell(page: Page, row: str, window: str):
    return (
        page.locator("#matrix tr", has_text=row).locator(f'a[href*="funds.amount"][href*="w={window}"]').first
    )


def test_rows_follow_the_pointer_and_the_keys_at_a_desk(browser, address, cast):
    side = "#behind"
    with open_page(browser, width=1440, height=900) as page:
        enter(page, address)
        whole = page.locator("#matrix tr.tot a[href*='funds'][href*='w=ytd']").inner_text()
        expect(page.locator(f"{side} .bsum b")).to_have_text(whole)
        check(page)
        number = cell(page, cast.unit.name, "month")
        number.hover()
        expect(page.locator(f"{side} .bsum b")).to_have_text(number.inner_text())
        expect(page.locator(f"{side} tfoot td.n")).to_have_text(number.inner_text())
        expect(page.locator("#matrix td.hit")).to_have_count(1)
        other = cell(page, cast.other_unit.name, "ytd")
        other.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        expect(page.locator(f"{side} .bsum b")).to_have_text(other.inner_text())
        number.click()
        expect(page.get_by_role("button", name="已固定")).to_be_visible()
        other.hover()
        page.wait_for_timeout(400)
        expect(page.locator(f"{side} .bsum b")).to_have_text(number.inner_text())
        check(page)
        page.keyboard.press("Escape")
        last = cell(page, cast.other_unit.name, "last_year_ytd")
        last.hover()
        expect(page.locator(f"{side} .bsum b")).to_have_text(last.inner_text())
        with page.expect_navigation():
            page.get_by_label("列出新投产项目").uncheck()
        expect(page.locator("#matrix thead")).not_to_contain_text("新投产")
        other.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="到位资金")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_curves_are_drawn_under_the_policy_and_have_tables(browser, address, width, height):
    with open_page(browser, width=width, height=height) as page:
        enter(page, address)
        assert page.evaluate("typeof echarts") == "undefined"
        for view, drawing in (("各月", "months"), ("构成", "parts")):
            page.get_by_role("button", name=view, exact=True).click()
            expect(page.locator(f"[data-draw={drawing}] svg")).to_be_visible()
            expect(page.locator(f"[data-draw={drawing}] svg path").nth(5)).to_be_attached()
            check(page)
            if width > 640:
                page.locator(f"[data-draw={drawing}]").hover()
                page.wait_for_timeout(150)
            page.get_by_role("button", name="表", exact=True).click()
            expect(page.locator(f"[data-view={drawing}] table")).to_be_visible()
            expect(page.locator(f"[data-draw={drawing}]")).to_be_hidden()
            check(page)
            page.get_by_role("button", name="图", exact=True).click()
        expect(page.locator("[data-view=rate]")).to_be_hidden()


def test_on_a_phone_the_rows_come_below_and_figures_from_a_list(browser, address, cast):
    with open_page(browser, width=390, height=844, has_touch=True) as page:
        enter(page, address)
        check(page)
        number = cell(page, cast.unit.name, "month")
        number.scroll_into_view_if_needed()
        text = number.inner_text()
        number.tap()
        expect(page.locator("#behind .bsum b")).to_have_text(text)
        expect(page.locator("#behind .bsum")).to_be_in_viewport()
        expect(page.locator(".figcat")).to_be_hidden()
        with page.expect_navigation():
            page.locator("#figpick").select_option("signed.count")
        expect(page.locator("#matrix thead .full")).to_contain_text("新签约项目")
        check(page)


def test_without_scripts_everything_is_a_table_and_a_link(browser, address):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    enter(page, address)
    expect(page.locator("[data-draw=months]")).to_be_hidden()
    expect(page.get_by_role("region", name="各月表")).to_be_visible()
    expect(page.get_by_role("region", name="构成表")).to_be_visible()
    page.get_by_label("列出新投产项目").uncheck()
    follow(page.get_by_role("button", name="显示所选"))
    expect(page.locator("#matrix thead")).not_to_contain_text("新投产")
    follow(page.locator("#matrix td.n a").first)
    expect(page.locator(".bignum")).to_be_visible()
    context.close()
