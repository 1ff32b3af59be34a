"""The project list and the board in Chromium: chosen with keys, dragged and refused, dragged and moved, on a phone."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from app.kernel import clock
from app.pipeline.models import Project
from app.pipeline.rules import Stage
from tests.browser import accessibility_faults, check, follow, serve
from tests.factories import YI, make_investor, make_project, open_gates
from tests.web.conftest import token_for


@pytest.fixture
def project(database, cast):
    """Signed two hundred days ago, beside another one."""
    with database() as session:
        owner = make_investor(session, cast.zone, "湖北达泰")
        day = clock.today() - dt.timedelta(days=200)
        made = make_project(
            session,
            cast.zone,
            unit=cast.unit,
            investor=owner,
            name="锂电池基地",
            total_fen=3 * YI,
            signed_on=day,
        )
        make_project(
            session, cast.zone, unit=cast.unit, investor=owner, name="纺织园", signed_on=None, total_fen=YI
        )
        session.commit()
    return made


def enter(app, cast, page, address: str, who: str = "reviewer") -> None:
    page.context.add_cookies([{"name": "zhaoshang", "value": token_for(app, cast.of(who)), "url": address}])


def drag(page, card: str, stage: str) -> None:
    page.locator(f'[data-card]:has-text("{card}")').drag_to(page.locator(f'[data-stage="{stage}"] .bb'))


def test_a_card_is_dragged_refused_and_with_an_open_gate_moved(app, cast, database, project, page):
    with serve(app) as address:
        enter(app, cast, page, address)
        page.goto(f"{address}/projects/board")
        assert accessibility_faults(page) == []
        drag(page, "锂电池基地", "started")
        expect(page.locator(".refused"), "not the next stage: the column takes no card").to_have_count(0)
        drag(page, "锂电池基地", "landed")
        expect(page.locator(".refused")).to_contain_text("还不能推进到落地")
        assert accessibility_faults(page) == []
        page.keyboard.press("Escape")
        expect(page.locator(".refused")).to_have_count(0)
        expect(page.locator('[data-stage="signed"] [data-card]')).to_have_count(1)
        with database() as session:
            open_gates(session, session.merge(cast.zone))
            session.commit()
        drag(page, "锂电池基地", "landed")
        page.wait_for_selector('[data-stage="landed"] [data-card]')
        expect(page.locator(".note.said")).to_contain_text("已推进到落地")
    with database() as session:
        assert session.get_one(Project, (cast.zone.id, project.id)).stage is Stage.landed


def test_keys_choose_rows_open_the_sheet_and_move_a_card(app, cast, database, project, page):
    with serve(app) as address:
        enter(app, cast, page, address)
        page.goto(f"{address}/projects")
        page.keyboard.press("j")
        page.keyboard.press("Space")
        expect(page.locator(".bulk .picked")).to_contain_text("已选 1 个")
        page.keyboard.press("v")
        expect(page.locator("#sheet h2")).to_have_text("锂电池基地")
        assert accessibility_faults(page) == []
        page.keyboard.press("j")
        expect(page.locator("#sheet h2")).to_have_text("纺织园")
        page.keyboard.press("Escape")
        expect(page.locator("#sheet")).to_be_hidden()
        page.click(".columnmenu summary")
        page.locator('.columnlist button[value="up:area"]').press("Enter")
        expect(page.locator(".columnlist input").nth(1)).to_have_value("area")
        follow(page.locator(".columnmenu .btn.p"))
        expect(page.locator("thead th").nth(2)).to_have_text("落地片区")
        page.goto(f"{address}/projects/board")
        page.keyboard.press("j")
        page.keyboard.press("m")
        page.keyboard.press("Enter")
        page.wait_for_selector(".refused")


def test_on_a_phone_one_column_at_a_time(app, cast, project, phone):
    with serve(app) as address:
        enter(app, cast, phone, address)
        for path in ("/projects", "/projects/board", "/projects/board?col=signed"):
            phone.goto(f"{address}{path}")
            check(phone)
        expect(phone.locator(".bcol:visible")).to_have_count(1)
        expect(phone.locator(".bcol.here")).to_contain_text("锂电池基地")
        phone.click(".bcol.here summary")
        phone.click(".bcol.here .menulist button")
        expect(phone.locator(".refused .btn.p")).to_be_visible()
