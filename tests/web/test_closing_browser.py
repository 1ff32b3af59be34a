"""The road of a close in Chromium, at a desk and on a phone: cure, waiver, close, record, correction, no way back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.briefs.models import BriefDocument
from app.briefs.rules import DocumentState
from app.funds.rules import ReviewState
from app.pipeline.models import Contract
from tests.browser import check, follow, open_page, serve, sign_in
from tests.factories import NOW, WAN, YI, make_arrival, make_project

pytestmark = pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
SIZES = [(1440, 900), (390, 844)]


@pytest.fixture
def address(app, cast, database) -> Iterator[str]:
    """Where the application is served: money of June, one arrival of it that nobody has reviewed."""
    with database() as session:
        zone, unit = session.merge(cast.zone), session.merge(cast.unit)
        project = make_project(
            session, zone, unit=unit, name="无人机整机制造项目", total_fen=YI, signed_on=dt.date(2024, 3, 5)
        )
        make_arrival(session, zone, project, 100 * WAN, arrived_on=dt.date(2024, 6, 10), voucher="PZ1")
        waiting = {"state": ReviewState.pending, "voucher": "PZ2", "arrived_on": dt.date(2024, 6, 18)}
        make_arrival(session, zone, project, 769 * WAN, **waiting)
        session.commit()
    with serve(app) as found:
        yield found


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_whole_road(browser, address, do_jobs, database, cast, width, height):
    with open_page(browser, width=width, height=height) as page:
        sign_in(page, address, "maxiaolin", "/close/")
        check(page)
        follow(page.get_by_role("link", name="2024年6月").first)
        expect(page.get_by_role("heading", name="2024年6月关账", exact=True)).to_be_visible()
        expect(page.get_by_text("6 / 6")).to_be_visible()
        expect(page.get_by_role("button", name="关账 2024年6月")).to_be_disabled()
        check(page)
        with page.expect_navigation(url="**/funds/review/*"):
            page.get_by_role("link", name="去审核").click()
        page.go_back()
        page.get_by_label("豁免的原因：无人机整机制造项目").fill("回单户名待银行更正，7月处理")
        follow(page.get_by_role("button", name="豁免", exact=True))
        expect(page.get_by_text("回单户名待银行更正，7月处理")).to_be_visible()
        check(page)
        page.get_by_label("已核对上面的数和分录").check()
        follow(page.get_by_role("button", name="关账 2024年6月"))
        expect(page.get_by_text("马晓琳已提交关账")).to_be_visible()
        check(page)
        do_jobs()
        expect(page.get_by_role("heading", name="2024年6月关账记录")).to_be_visible()
        check(page)
        follow(page.get_by_role("link", name="核验", exact=True))
        expect(page.get_by_text("核验通过")).to_be_visible()
        funds = page.get_by_role("region", name="各指标").get_by_role("row", name="到位资金")
        expect(funds).to_contain_text("100.00")
        follow(funds.get_by_role("link").nth(1))
        expect(page.locator("main")).to_contain_text("100.00")
        expect(page).to_have_url(re.compile("basis=closed"))

        with database() as session:
            session.scalars(select(Contract)).one().signed_on = dt.date(2024, 4, 4)
            session.commit()
        page.goto(f"{address}/close/2024-07")
        expect(page.get_by_role("region", name="分录明细")).to_contain_text(
            "更正日期 2024-03-05 → 2024-04-04"
        )
        check(page)
        issue(database, cast)
    with open_page(browser, width=width, height=height) as page:
        sign_in(page, address, "zhaolei", "/close/2024-06")
        expect(page.get_by_text("第6期简报已印发，2024年6月不能重开")).to_be_visible()
        expect(page.get_by_role("button", name="重开 2024年6月")).to_have_count(0)
        check(page)


def issue(database, cast) -> None:
    """The brief of June is out."""
    with database() as session:
        document = BriefDocument(
            zone_id=cast.zone.id, year=2024, month=6, state=DocumentState.issued, number=6,
            issued_on=dt.date(2024, 7, 4), outline=[], snapshot={}, taken_at=NOW, code="X-1", sha256="0" * 64,
            started_name="马晓琳", started_at=NOW,
        )  # fmt: skip
        session.add(document)
        session.commit()
