"""Figures on the web on each basis: what was closed stays, and adds up to its rows."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select

from app.audit.rules import Actor
from app.closing.operations import close_month
from app.directory.models import ResponsibleUnit
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.journal.operations import post_close
from app.kernel.periods import Month
from app.pipeline.rules import MilestoneKind, Stage
from tests.factories import WAN, YI, actor_of, make_arrival, make_milestone, make_project, make_target
from tests.web.conftest import statements

JUNE = Month(2024, 6)


@pytest.fixture
def closed(database, cast):
    """June closed with 30万元 of one unit; then an arrival was corrected, one came late, and the unit was renamed."""
    with database() as session:
        project = make_project(session, cast.zone, name="电池项目", unit=cast.unit, total_fen=YI)
        for fen in (10, 20):
            make_arrival(session, cast.zone, project, fen * WAN, arrived_on=dt.date(2024, 6, 3))
        make_target(session, cast.zone, 60 * WAN, unit=cast.unit)
        post_close(session, Actor(cast.zone.id, None, "审核人"), zone=cast.zone, month=JUNE, checks=[])
        arrival = session.scalars(select(FundArrival).where(FundArrival.amount_fen == 20 * WAN)).one()
        arrival.amount_fen = arrival.claimed_fen = arrival.original_minor = 25 * WAN
        make_arrival(session, cast.zone, project, 7 * WAN, arrived_on=dt.date(2024, 6, 20))
        session.get_one(ResponsibleUnit, (cast.zone.id, cast.unit.id)).name = "新名称"
        session.commit()
    return cast


@pytest.fixture
def register(database, cast):
    """June closed with one project and one in talks; then the project starts and goes to another unit, a second
    one is entered late, money is corrected and the talks end."""
    with database() as session:
        zone, unit, reviewer = (session.merge(each) for each in (cast.zone, cast.unit, cast.reviewer))
        day = dt.date(2023, 11, 1)
        project = make_project(session, zone, name="电池项目", unit=unit, total_fen=YI, signed_on=day)
        talks = make_project(session, zone, name="在谈项目", unit=unit, signed_on=None)
        make_arrival(session, zone, project, 10 * WAN, arrived_on=dt.date(2024, 6, 3))
        second = make_arrival(session, zone, project, 20 * WAN, arrived_on=dt.date(2024, 6, 3))
        waiting = [
            make_arrival(session, zone, project, fen * WAN, arrived_on=dt.date(2024, 6, 18), voucher=f"PZ{fen}", state=state)
            for fen, state in ((3, ReviewState.pending), (4, ReviewState.returned))
        ]  # fmt: skip
        close_month(session, actor_of(reviewer), zone=zone, month=JUNE, waive_rest="试")
        for arrival in waiting:
            arrival.state = ReviewState.voided
        make_milestone(session, zone, project, MilestoneKind.started, dt.date(2024, 6, 10))
        project.unit_id = cast.other_unit.id
        late = dt.date(2024, 6, 5)
        make_project(session, zone, unit=session.merge(cast.other_unit), total_fen=2 * YI, signed_on=late)
        second.amount_fen = second.claimed_fen = second.original_minor = 25 * WAN
        talks.stage = Stage.lost
        session.commit()
    return cast


def shown(text: str) -> str:
    found = re.search(r'class="bignum"><b>([^<]*)</b>', text)
    assert found
    return found[1]


def test_the_closed_figure_stays_and_its_rows_add_up(sign_in, closed):
    client = sign_in("leader")
    address = "/figures/funds.amount?month=2024-06"
    assert shown(client.get(address).text) == "42.00"
    page = client.get(f"{address}&basis=closed").text
    assert shown(page) == "30.00"
    assert "关账数" in page
    assert "基准 关账数 · 2 行之和" in page
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/figures/funds.amount/export.xlsx?month=2024-06&basis=closed").data)
    )
    values = [
        row[7] for row in book.worksheets[0].iter_rows(values_only=True) if isinstance(row[7], int | float)
    ]
    assert [Decimal(str(value)) for value in values[:-1]] == [Decimal(10), Decimal(20)]
    assert Decimal(str(values[-1])) == 30


def test_breakdown_and_target_are_those_of_the_close(sign_in, closed):
    client = sign_in("leader")
    live = client.get("/figures?month=2024-06&by=unit").text
    assert "新名称" in live
    assert "70.00%" in live
    page = client.get("/figures?month=2024-06&by=unit&basis=closed").text
    assert "新名称" not in page
    assert closed.unit.name in page
    assert "50.00%" in page
    link = re.search(r'href="(/figures/funds\.amount[^"]*dept=[^"]*)"[^>]*>30\.00', page)
    assert link
    assert "basis=closed" in link[1]
    assert shown(client.get(link[1].replace("&amp;", "&")).text) == "30.00"


def test_the_frame_says_whether_the_month_in_work_is_closed(sign_in, closed):
    client = sign_in("leader")
    assert "2024年6月，已关账" in client.get("/figures?month=2024-06").text
    assert "2024年5月，未关账" in client.get("/figures?month=2024-05").text


def test_a_month_never_closed_says_so(sign_in, closed):
    client = sign_in("leader")
    refused = client.get("/figures?month=2024-05&basis=closed")
    assert refused.status_code == 422
    assert "2024年5月尚未关账" in refused.text
    assert 'aria-label="数据基准"' not in client.get("/figures?month=2024-05").text
    assert client.get("/figures?month=2024-06&basis=guessed").status_code == 422
    issued = client.get("/figures?month=2024-06&basis=closed&last_year=issued")
    assert "2023年6月尚未关账" in issued.text


def test_the_register_as_issued_stays_and_shows_its_rows(sign_in, register):
    client, stranger = sign_in("leader"), sign_in("outside_reviewer")
    for code, narrowed, issued, live in (
        ("stock.count", "", "1", "2"),
        ("stock.amount", "", "10,000.00", "30,000.00"),
        ("stock.arrived", "", "30.00", "35.00"),
        ("stock.count", "&unit=招商一部", "1", "0"),
        ("stalled_big.count", "", "1", "0"),
        ("reserve.count", "", "1", "0"),
        ("funds.amount", "&w=all", "30.00", "35.00"),
    ):
        address = f"/figures/{code}?month=2024-06{narrowed}"
        assert shown(client.get(address).text) == live, address
        page = client.get(f"{address}&basis=closed").text
        assert shown(page) == issued, address
        assert f"基准 关账数 · {2 if code == 'funds.amount' else 1} 行之和" in page, address
        assert shown(client.get(f"{address}&basis=restated").text) == issued, address
        assert stranger.get(f"{address}&basis=closed").status_code == 422


def test_what_waited_for_review_when_the_month_was_closed_stays(sign_in, register):
    client = sign_in("leader")
    for state, amount in (("pending", "3.00"), ("returned", "4.00")):
        address = f"/figures/funds_{state}.amount?month=2024-06"
        assert client.get(address).location.startswith(f"/funds?state={state}"), (
            "today's, which can be reviewed"
        )
        page = client.get(f"{address}&basis=closed").text
        assert shown(page) == amount
        assert f"PZ{amount[0]}" in page
        assert shown(client.get(f"/figures/funds_{state}.count?month=2024-06&basis=closed").text) == "1"


def test_a_close_that_kept_no_arrivals_leads_to_those_of_today(sign_in, closed):
    answer = sign_in("leader").get("/figures/funds_pending.count?month=2024-06&basis=closed")
    assert answer.location.startswith("/funds?state=pending")


def test_another_zone_has_its_own_books(sign_in, closed):
    assert sign_in("outside_reviewer").get("/figures?month=2024-06&basis=closed").status_code == 422


def test_few_queries_on_every_basis(sign_in, closed, app):
    client = sign_in("leader")
    for basis in ("live", "closed", "restated"):
        with statements(app.extensions["engine"]) as found:
            assert client.get(f"/figures?month=2024-06&by=unit&basis={basis}").status_code == 200
        assert len(found.reads) <= 15
