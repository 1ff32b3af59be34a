"""Every list with nothing in it, and with names as long as they may be: nothing is cut off, nothing pushes the page sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from app.funds.rules import ReviewState
from tests.browser import accessibility_faults, open_page, serve, shoot
from tests.factories import WAN, make_activity, make_arrival, make_investor, make_lead, make_project
from tests.web.conftest import Cast, token_for

LISTS = {
    "officer": ("/leads", "/projects", "/projects/board", "/funds", "/activities", "/investors", "/tasks", "/warnings", "/search?q=延展", "/briefs", "/jobs"),
    "reviewer": ("/funds/review", "/projects/stage-requests", "/ledger"),
    "administrator": ("/admin/lists", "/admin/users", "/audit"),
}  # fmt: skip
LONG = "新疆喀什经济开发区高性能锂离子电池正极材料及前驱体一体化智能制造与循环利用产业园延展" * 3
CUT = """() => [...document.querySelectorAll('main button, main .btn')]
  .filter(one => one.checkVisibility() && !one.closest('.sideways, .scroll, table')
    && (one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > innerWidth + 1))
  .map(one => one.textContent.trim())"""


@pytest.fixture
def long_names(database: Callable[[], Session], cast: Cast) -> None:
    """One record of each kind, its name as long as it may be."""
    name = LONG[:120]
    with database() as session:
        zone = cast.zone
        investor = make_investor(session, zone, name)
        project = make_project(session, zone, unit=cast.unit, name=name, investor=investor)
        state = ReviewState.pending
        make_arrival(session, zone, project, 100 * WAN, state=state, voucher="凭证" * 15)
        make_lead(session, zone, cast.unit, name=name, investor_name=name)
        make_activity(session, zone, cast.wu, project=project, text=name * 3)
        session.commit()


def faults(page: Page, address: str, width: int) -> list[str]:
    """What is wrong with one page, in words."""
    answer = page.goto(address)
    place = address.split("/", 3)[3]
    shoot(page, f"{place.replace('/', '-').split('?')[0]}-{width}")
    found = [] if answer and answer.ok else [f"answered {answer.status if answer else 'nothing'}"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    found += [f"{wide} px wide"] if wide > width else []
    found += [f"cut off: {words}" for words in page.evaluate(CUT)]
    found += [str(fault) for fault in accessibility_faults(page)]
    return [f"{place}: {fault}" for fault in found]


@pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
@pytest.mark.parametrize("filled", [False, True], ids=["empty", "long"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_lists_hold_nothing_and_the_longest_names(
    app: Flask, cast: Cast, browser: Browser, request: pytest.FixtureRequest,
    filled: bool, width: int, height: int,
) -> None:  # fmt: skip
    if filled:
        request.getfixturevalue("long_names")
    found = []
    with serve(app) as address:
        for who, places in LISTS.items():
            with open_page(browser, width=width, height=height) as page:
                token = token_for(app, cast.of(who))
                page.context.add_cookies([{"name": "zhaoshang", "value": token, "url": address}])
                for place in places:
                    found += faults(page, address + place, width)
    assert found == []
