"""A company in a real browser: its page, a number that is asked for, doubles that become one; at both widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from tests.browser import follow, look, open_page, serve, sign_in
from tests.factories import YI, make_activity, make_arrival, make_contact, make_investor, make_project
from tests.web.conftest import Cast

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)


@pytest.fixture
def address(app: Flask, database: Callable[[], Session], cast: Cast) -> Iterator[str]:
    """The application, with one company twice."""
    with database() as session:
        company = make_investor(session, cast.zone, "深圳远泰科技有限公司", origin="深圳市")
        project = make_project(
            session, cast.zone, unit=cast.unit, investor=company, name="锂电池正极项目", total_fen=3 * YI
        )
        make_arrival(session, cast.zone, project)
        make_contact(session, cast.zone, company, name="王强", phone="13912345678", main=True)
        make_activity(session, cast.zone, cast.wu, investor_id=company.id, text="来访")
        double = make_investor(session, cast.zone, "远泰科技有限公司", origin="广东省", parent_id=company.id)
        make_project(
            session, cast.zone, unit=cast.other_unit, investor=double, name="物流园", total_fen=2 * YI
        )
        session.commit()
    with serve(app) as address:
        yield address


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_a_company_is_found_called_and_made_one(
    browser: Browser, address: str, width: int, height: int
) -> None:
    with open_page(browser, width=width, height=height) as page:
        sign_in(page, address, "maxiaolin", path="/investors?q=yuantai")
        expect(page.get_by_text("合计 2 家")).to_be_visible()
        look(page, f"companies-{width}")

        follow(page.get_by_role("link", name="深圳远泰科技有限公司"))
        expect(page.get_by_text("139****5678").first).to_be_visible()
        look(page, f"company-{width}")
        page.get_by_role("button", name="显示王强的电话").click()
        expect(page.get_by_text("13912345678")).to_be_visible()

        follow(page.get_by_role("link", name="与 远泰科技有限公司 核对合并"))
        look(page, f"merge-{width}")
        page.get_by_label("合并依据").fill("重复登记")
        follow(page.get_by_role("button", name="合并", exact=True))
        expect(page.get_by_role("link", name="物流园")).to_be_visible()
        expect(page.get_by_text("13912345678")).to_have_count(0)
        look(page, f"merged-{width}")
        follow(page.get_by_role("button", name="撤销合并"))
        expect(page.get_by_text("已撤销合并")).to_be_visible()
