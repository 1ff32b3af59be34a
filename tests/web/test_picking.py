"""Pickers find as the search box does: initials, full pinyin, any two characters, a slip of the pen; by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from app.leads.operations.finding import make_findable as index_lead
from app.pipeline.operations.finding import make_findable
from tests.browser import accessibility_faults, open_page, serve, shoot
from tests.factories import make_investor, make_lead, make_project
from tests.web.conftest import Cast, Client, statements, token_for

SignIn = Callable[[str], Client]
Open = Callable[[], Session]


@pytest.fixture
def known(database: Open, cast: Cast) -> dict[str, Any]:
    """Projects and leads of both units, as operations leave them in the index."""
    found: dict[str, Any] = {}
    with database() as session:
        for key, name, unit in (
            ("own", "喀什锂业产业园一期", cast.unit),
            ("other", "塔里木锂业扩产", cast.other_unit),
            ("plain", "纺织城二期", cast.unit),
        ):
            made = make_project(
                session,
                cast.zone,
                unit=unit,
                name=name,
                investor=make_investor(session, cast.zone, f"{name}公司"),
            )
            make_findable(session, made, [])
            found[key] = made
        lead = make_lead(session, cast.zone, cast.unit, name="和田玉石加工")
        index_lead(session, lead)
        found["lead"] = lead
        session.commit()
    return found


@pytest.mark.parametrize("words", ["锂业", "ksly", "liye", "kashiliye", "产业", "喀什锂叶产业", "T0"])
def test_the_project_of_an_arrival_is_found(sign_in: SignIn, known: dict[str, Any], words: str) -> None:
    page = sign_in("officer").get("/funds/new", query_string={"q": words}).text
    assert "喀什锂业产业园一期" in page
    assert "塔里木锂业扩产" not in page  # another unit's


def test_a_reviewer_finds_the_whole_zone(sign_in: SignIn, known: dict[str, Any]) -> None:
    page = sign_in("reviewer").get("/funds/new?q=tlm").text
    assert "塔里木锂业扩产" in page
    assert "纺织城" not in page
    assert "没有找到" in sign_in("outside_reviewer").get("/funds/new?q=tlm").text


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("ksly", "喀什锂业产业园一期"),
        ("htys", "和田玉石加工"),
        ("yushi", "和田玉石加工"),
        ("玉石", "和田玉石加工"),
    ],
)
def test_what_an_activity_is_about_is_found(
    sign_in: SignIn, known: dict[str, Any], words: str, name: str
) -> None:
    found = sign_in("officer").get("/activities/about", query_string={"q": words}).get_json()
    assert name in [one["name"] for one in found]
    assert sign_in("outside_reviewer").get("/activities/about", query_string={"q": words}).get_json() == []


def test_another_units_leads_are_not_offered(sign_in: SignIn, known: dict[str, Any]) -> None:
    found = sign_in("second").get("/activities/about?q=htys").get_json()
    assert found == []


@pytest.mark.parametrize("address", ["/funds/new?q=ksly", "/activities/about?q=ksly", "/search?q=ksly"])
def test_pickers_ask_at_most_six_questions(
    app: Flask, sign_in: SignIn, known: dict[str, Any], address: str
) -> None:
    client = sign_in("officer")
    client.get(address)
    with statements(app.extensions["engine"]) as found:
        assert client.get(address).status_code == 200
    assert len(found.reads) <= 6, found.reads


def test_leads_do_not_stand_in_the_search_box(sign_in: SignIn, known: dict[str, Any]) -> None:
    assert "和田玉石" not in sign_in("officer").get("/search?q=htys").text


@pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_a_project_is_picked_by_keys_alone(
    app: Flask, cast: Cast, browser: Browser, known: dict[str, Any], width: int, height: int
) -> None:
    with serve(app) as address, open_page(browser, width=width, height=height) as page:
        page.context.add_cookies([{"name": "zhaoshang", "value": token_for(app, cast.wu), "url": address}])
        page.goto(f"{address}/funds/new")
        expect(page.locator("#found li")).to_have_count(2)
        page.keyboard.type("ksly")
        expect(page.locator("#found li")).to_have_count(1)
        assert accessibility_faults(page) == []
        shoot(page, f"pick-{width}")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{address}/funds/new?project={known['own'].id}")
