"""撤销 on the pages: the bar after a decision, the arrival's own page, who is refused, and the browser at both widths."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from app.closing.operations import close_month
from app.figures.queries import headline
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.kernel.periods import Month
from app.pipeline.models import Project
from tests.browser import check, follow, open_page, see, serve, shoot
from tests.factories import WAN, actor_of, make_arrival, make_project
from tests.web.conftest import XSS, Cast, Client, statements, token_for

SignIn = Callable[[str], Client]
Open = Callable[[], Session]
Arrive = Callable[..., int]


@pytest.fixture
def project(database: Open, cast: Cast) -> Project:
    with database() as session:
        made = make_project(session, cast.zone, unit=cast.unit, name="电池扩建项目")
        session.commit()
    return made


@pytest.fixture
def arrive(database: Open, cast: Cast, project: Project) -> Arrive:
    def make(fen: int = 100 * WAN, **fields: Any) -> int:
        with database() as session:
            values = {
                "state": ReviewState.pending,
                "recorded_by": cast.wu.id,
                "recorded_name": "吴建军",
                **fields,
            }
            made = make_arrival(
                session, cast.zone, session.merge(project), fen, arrived_on=dt.date(2024, 6, 20), **values
            )
            session.commit()
        return made.id

    return make


def get(database: Open, cast: Cast, arrival_id: int) -> FundArrival:
    with database() as session:
        found = session.get(FundArrival, (cast.zone.id, arrival_id))
        assert found
        return found


def money(database: Open, cast: Cast) -> int:
    with database() as session:
        values = headline(session, session.merge(cast.zone), Month(2024, 6), ["funds.amount"])
        return values["funds.amount"].ytd


def test_the_bar_takes_back_exactly_the_batch(
    sign_in: SignIn, database: Open, cast: Cast, arrive: Arrive
) -> None:
    client = sign_in("reviewer")
    before = arrive(7 * WAN)
    client.send(f"/funds/{before}/recognise", {"version": "1"})
    batch = [arrive(100 * WAN), arrive(200 * WAN)]
    client.send("/funds/review/several", {"pick": [f"{one}:1" for one in batch]})
    assert money(database, cast) == 307 * WAN
    page = client.get("/funds/review").text
    assert "已认定 2 笔，300.00 万元" in page
    assert "/funds/review/undo" in page
    assert client.send("/funds/review/undo").status_code == 303
    assert money(database, cast) == 7 * WAN
    assert [get(database, cast, one).state for one in (before, *batch)] == [
        ReviewState.recognised, ReviewState.pending, ReviewState.pending,
    ]  # fmt: skip
    page = client.get("/funds/review", follow_redirects=True).text
    assert "已撤销 2 笔" in page
    assert "/funds/review/undo" not in page
    client.send("/funds/review/undo")
    assert "没有可以撤销" in client.get("/funds/review", follow_redirects=True).text
    assert money(database, cast) == 7 * WAN


def test_what_another_did_meanwhile_stays(
    sign_in: SignIn, database: Open, cast: Cast, arrive: Arrive
) -> None:
    client, arrival_id = sign_in("reviewer"), arrive()
    client.send(f"/funds/{arrival_id}/recognise", {"version": "1"})
    with database() as session:
        arrival = session.get_one(FundArrival, (cast.zone.id, arrival_id))
        arrival.version += 1
        session.commit()
    client.send("/funds/review/undo")
    assert "未撤销" in client.get("/funds/review", follow_redirects=True).text
    assert get(database, cast, arrival_id).state is ReviewState.recognised


def test_a_recognition_is_taken_back_with_a_reason(
    sign_in: SignIn, database: Open, cast: Cast, arrive: Arrive
) -> None:
    client, arrival_id = sign_in("reviewer"), arrive()
    client.send(f"/funds/{arrival_id}/recognise", {"version": "1"})
    address = f"/funds/{arrival_id}/revoke"
    answer = client.send(address, {"version": "2", "reason": " "})
    assert answer.status_code == 422
    assert "请写明撤销的原因" in answer.text
    assert client.send(address, {"version": "1", "reason": "x"}).status_code == 409
    assert money(database, cast) == 100 * WAN
    assert client.send(address, {"version": "2", "reason": "认错了项目"}).status_code == 303
    assert money(database, cast) == 0
    page = sign_in("leader").get(f"/funds/{arrival_id}").text
    for words in ("撤销认定", "马晓琳", "认错了项目", "此前已认定 100.00 万元"):
        assert words in page
    assert "/revoke" not in page


def test_of_a_closed_month_the_page_says_so_and_where_the_difference_goes(
    sign_in: SignIn, database: Open, cast: Cast, arrive: Arrive
) -> None:
    client, arrival_id = sign_in("reviewer"), arrive()
    client.send(f"/funds/{arrival_id}/recognise", {"version": "1"})
    page = f"/funds/{arrival_id}"
    assert "已关账" not in client.get(page).text
    with database() as session:
        zone = session.merge(cast.zone)
        close_month(session, actor_of(cast.reviewer), zone=zone, month=Month(2024, 6), waive_rest="核对过")
        session.commit()
    said = client.get(page).text
    assert "已关账至2024年6月" in said
    assert "本月调整以前月份数据" in said
    assert client.send(f"{page}/revoke", {"version": "2", "reason": " "}).status_code == 422
    assert client.send(f"{page}/revoke", {"version": "2", "reason": "认错了项目"}).status_code == 303
    assert "2024年6月已关账，差额随下次关账列入" in client.get(page).text
    assert money(database, cast) == 0


def test_an_officer_withdraws_corrects_voids_and_restores(
    sign_in: SignIn, database: Open, cast: Cast, arrive: Arrive
) -> None:
    officer, arrival_id = sign_in("officer"), arrive(voucher="PZ-1")
    assert officer.send(f"/funds/{arrival_id}/withdraw", {"version": "1"}).status_code == 303
    assert get(database, cast, arrival_id).state is ReviewState.withdrawn
    assert "没有待审核的到账" in sign_in("reviewer").get("/funds/review").text
    assert "改正后重新提交" in officer.get(f"/funds/{arrival_id}").text
    answer = officer.send(f"/funds/{arrival_id}/void", {"version": "2"})
    assert answer.status_code == 422
    assert "请写明作废的原因" in answer.text
    assert (
        officer.send(f"/funds/{arrival_id}/void", {"version": "2", "reason": "登记错了"}).status_code == 303
    )
    assert "电池扩建" not in officer.get("/funds").text
    assert "电池扩建" in officer.get("/funds?state=voided").text
    assert officer.get(f"/funds/{arrival_id}/edit").status_code == 403
    page = officer.get(f"/funds/{arrival_id}").text
    assert "登记错了" in page
    assert officer.send(f"/funds/{arrival_id}/restore", {"version": "3"}).status_code == 303
    assert get(database, cast, arrival_id).state is ReviewState.withdrawn


@pytest.mark.parametrize(
    ("who", "step", "status"),
    [
        ("second", "withdraw", 403),
        ("second", "void", 403),
        ("leader", "void", 403),
        ("officer", "revoke", 403),
        ("administrator", "revoke", 403),
        ("outside_reviewer", "revoke", 404),
        ("outside_reviewer", "void", 404),
        ("outside_reviewer", "restore", 404),
    ],
)
def test_others_take_nothing_back(
    sign_in: SignIn, database: Open, cast: Cast, arrive: Arrive, who: str, step: str, status: int
) -> None:
    arrival_id = arrive()
    answer = sign_in(who).send(f"/funds/{arrival_id}/{step}", {"version": "1", "reason": "x"})
    assert answer.status_code == status
    assert get(database, cast, arrival_id).version == 1


def test_hostile_reasons_stay_text_and_the_page_asks_no_more_for_many(
    app: Flask, sign_in: SignIn, arrive: Arrive
) -> None:
    client, arrival_id = sign_in("reviewer"), arrive()
    counts = []
    for turn in range(3):
        client.send(f"/funds/{arrival_id}/recognise", {"version": str(2 * turn + 1)})
        client.send(f"/funds/{arrival_id}/revoke", {"version": str(2 * turn + 2), "reason": XSS})
        with statements(app.extensions["engine"]) as found:
            page = client.get(f"/funds/{arrival_id}").text
        counts.append(len(found.reads))
        assert XSS[:10] not in page
    assert counts[0] == counts[2]


@pytest.mark.parametrize("migrated", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_bar_and_the_page_in_the_browser(
    app: Flask, cast: Cast, browser: Browser, database: Open, arrive: Arrive, width: int, height: int
) -> None:  # fmt: skip
    first, second = arrive(100 * WAN), arrive(200 * WAN)
    with serve(app) as address, open_page(browser, width=width, height=height) as page:
        page.context.add_cookies(
            [{"name": "zhaoshang", "value": token_for(app, cast.reviewer), "url": address}]
        )
        page.goto(f"{address}/funds/review/{first}?month=2024-06")
        page.get_by_label("全选").check()
        follow(page.get_by_role("button", name="认定勾选的"))
        see(page, "已认定 2 笔，300.00 万元")
        check(page)
        shoot(page, f"bar-{width}")
        page.keyboard.press("u")
        see(page, "已撤销 2 笔")
        page.keyboard.press("r")
        see(page, "已认定 100.00 万元")
        page.goto(f"{address}/funds/{first}")
        page.locator("summary", has_text="撤销认定").click()
        page.get_by_label("撤销认定的原因").fill("认错了项目")
        shoot(page, f"taking-{width}")
        follow(page.get_by_role("button", name="撤销认定"))
        see(page, "重新等待审核")
        check(page)
        shoot(page, f"taken-{width}")
    assert get(database, cast, first).state is ReviewState.pending
    assert get(database, cast, second).state is ReviewState.pending
