"""The project list and the board in Chromium: chosen with keys, dragged and refused, dragged and moved, on a phone."""

from __future__ import annotations

import datetime as dt

import pytest

from app.kernel import clock
from app.pipeline.models import Project
from app.pipeline.rules import Stage
from tests.browser import accessibility_faults, serve
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
        assert page.locator(".refused").count() == 0, "not the next stage: the column takes no card"
        drag(page, "锂电池基地", "landed")
        page.wait_for_selector(".refused")
        assert "还不能推进到落地" in page.inner_text(".refused")
        assert accessibility_faults(page) == []
        page.keyboard.press("Escape")
        assert page.locator(".refused").count() == 0
        assert page.locator('[data-stage="signed"] [data-card]').count() == 1
        with database() as session:
            open_gates(session, session.merge(cast.zone))
            session.commit()
        drag(page, "锂电池基地", "landed")
        page.wait_for_selector('[data-stage="landed"] [data-card]')
        page.wait_for_selector(".note.said")
        assert "已推进到落地" in page.inner_text(".note.said")
    with database() as session:
        assert session.get_one(Project, (cast.zone.id, project.id)).stage is Stage.landed


def test_keys_choose_rows_open_the_sheet_and_move_a_card(app, cast, database, project, page):
    with serve(app) as address:
        enter(app, cast, page, address)
        page.goto(f"{address}/projects")
        page.keyboard.press("j")
        page.keyboard.press("Space")
        assert "已选 1 个" in page.inner_text(".bulk .picked")
        page.keyboard.press("v")
        page.wait_for_selector("#sheet h2")
        assert page.inner_text("#sheet h2") == "锂电池基地"
        assert accessibility_faults(page) == []
        page.keyboard.press("j")
        page.locator("#sheet h2", has_text="纺织园").wait_for()
        page.keyboard.press("Escape")
        assert not page.is_visible("#sheet")
        page.click(".columnmenu summary")
        page.locator('.columnlist button[value="up:area"]').press("Enter")
        assert page.locator(".columnlist input").nth(1).get_attribute("value") == "area"
        page.click(".columnmenu .btn.p")
        page.wait_for_load_state()
        assert page.locator("thead th").nth(2).inner_text() == "落地片区"
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
            assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path
            assert accessibility_faults(phone) == [], path
        assert phone.locator(".bcol:visible").count() == 1
        assert "锂电池基地" in phone.inner_text(".bcol.here")
        phone.click(".bcol.here summary")
        phone.click(".bcol.here .menulist button")
        phone.wait_for_selector(".refused")
        assert phone.locator(".refused .btn.p").is_visible()
