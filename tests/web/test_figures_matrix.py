"""The page of figures: dimensions, filters, bases, the rows at its side, its curves and its export."""

from __future__ import annotations

import datetime as dt
import html
import io
import random
import re
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app.audit.rules import Actor
from app.funds.models import FundArrival
from app.funds.rules import FundSource
from app.journal.operations import post_close
from app.kernel.periods import Month
from app.pipeline.models import Project
from app.pipeline.rules import MilestoneKind
from tests.factories import (
    WAN,
    YI,
    make_area,
    make_arrival,
    make_chain,
    make_investor,
    make_project,
    make_target,
)
from tests.web.conftest import statements
from tests.web.tables import exported

MAY, JUNE, JULY = Month(2024, 5), Month(2024, 6), Month(2024, 7)
DIMENSIONS = "unit area chain segment industry origin source investor_type".split()


@pytest.fixture
def closed(database, cast):
    """May and June closed, corrections after each, and July closed over them: the three bases differ."""
    actor = Actor(cast.zone.id, None, "审核人")
    with database() as session:
        zone = session.merge(cast.zone)
        chain = make_chain(session, zone, "锂电新能源", segments=("电池",))
        area = make_area(session, zone, "综合保税区")
        owners = [make_investor(session, zone, "甲", origin="湖北省"), make_investor(session, zone, "乙")]
        for place in range(6):
            project = make_project(
                session,
                zone,
                name=f"项目{place}",
                unit=(cast.unit, cast.other_unit)[place % 2],
                investor=owners[place % 2],
                total_fen=(YI - 1, 2 * YI)[place % 2],
                signed_on=dt.date(2024 - place % 3 // 2, 1 + place, 10),
                reached={MilestoneKind.started: dt.date(2024, 6, 10 + place)} if place % 2 else {},
                chain_id=chain.id if place % 3 else None,
                area_id=area.id if place % 2 else None,
            )
            for number, day in enumerate((dt.date(2023, 6, 1), dt.date(2024, 5, 1), dt.date(2024, 6, 3))):
                source = list(FundSource)[place % 3]
                fen = (place * 3 + number + 1) * WAN
                make_arrival(session, zone, project, fen, arrived_on=day, source=source)
        make_target(session, zone, 1000 * WAN)
        make_target(session, zone, 600 * WAN, unit=cast.unit)
        post_close(session, actor, zone=zone, month=MAY, checks=[])
        _correct(session, dt.date(2024, 5, 1), 3)
        post_close(session, actor, zone=zone, month=JUNE, checks=[])
        _correct(session, dt.date(2024, 6, 3), 5)
        post_close(session, actor, zone=zone, month=JULY, checks=[])
        _correct(session, dt.date(2024, 5, 1), 11)
        session.scalars(select(Project).where(Project.name == "项目1")).one().chain_id = None
        session.commit()
    return cast


def _correct(session: Any, day: dt.date, more: int) -> None:
    arrival = session.scalars(select(FundArrival).where(FundArrival.arrived_on == day)).first()
    arrival.amount_fen += more * WAN
    arrival.claimed_fen = arrival.original_minor = arrival.amount_fen
    session.flush()


def matrix_of(page: str) -> str:
    return page.split('id="matrix"')[1].split("</table>")[0]


def links(text: str) -> dict[str, str]:
    found = re.findall(r'<a [^>]*href="(/figures/[^"]*)"[^>]*>([−\d][\d,.]*)</a>', text)
    return {html.unescape(address): number for address, number in found}


def rows_of(client: Any, address: str) -> tuple[str, Decimal, Decimal]:
    """The number at the side, the sum of its rows, and the sum written below them (amounts in 万元)."""
    path, _, query = address.partition("?")
    page = client.get(f"{path}/rows?{query}")
    assert page.status_code == 200, address
    [shown] = re.findall(r'class="bsum"><b>([^<]*)</b>', page.text)
    body, _, foot = page.text.partition("<tfoot>")
    cells = re.findall(r'<td class="n"[^>]*>([^<]*)<', body)
    written = re.findall(r'<td class="n">([^<]*)</td></tr>\s*$', foot.split("</tfoot>")[0].rstrip())
    numbers = [Decimal(cell.replace(",", "").replace("−", "-")) for cell in (*cells, *(written or ["0"]))]
    return shown, sum(numbers[:-1], Decimal()), numbers[-1]


@pytest.mark.parametrize("basis", ["live", "closed", "restated"])
@pytest.mark.parametrize("by", DIMENSIONS)
def test_random_cells_are_the_sums_of_their_rows(sign_in, closed, basis, by):
    client = sign_in("leader")
    page = client.get(f"/figures?month=2024-06&by={by}&basis={basis}&f=funds.amount")
    assert page.status_code == 200
    found = links(matrix_of(page.text))
    numbers = [a for a in found if not re.search(r"w=(yoy|done|ahead)", a)]
    assert numbers
    for address in random.Random(f"{basis} {by}").sample(numbers, min(7, len(numbers))):  # noqa: S311
        shown, added, written = rows_of(client, address)
        assert shown == found[address], address
        assert added == written == Decimal(shown.replace(",", "")), address


@pytest.mark.parametrize("basis", ["live", "closed", "restated"])
@pytest.mark.parametrize("by", ["unit", "area", "origin"])
def test_members_add_up_to_the_total_row(sign_in, closed, basis, by):
    page = sign_in("leader").get(f"/figures?month=2024-06&by={by}&basis={basis}").text
    rows = re.findall(r"<tr [^>]*data-row>(.*?)</tr>", matrix_of(page), re.DOTALL)
    ytd = [
        Decimal(n.replace(",", ""))
        for row in rows
        for a, n in links(row).items()
        if "funds" in a and "w=ytd" in a
    ]
    assert sum(ytd[:-1]) == ytd[-1] > 0
    assert "未填" in page


def test_the_bases_differ_and_say_so(sign_in, closed):
    client = sign_in("leader")
    totals = {}
    for basis in ("live", "closed", "restated"):
        page = client.get(f"/figures?month=2024-06&basis={basis}").text
        total = matrix_of(page).split('class="tot"')[1]
        totals[basis] = next(n for a, n in links(total).items() if "funds" in a and "w=ytd" in a)
    assert len(set(totals.values())) == 3
    assert "基准 关账数" in client.get("/figures?month=2024-06&basis=closed").text
    assert "按2024年7月关账重述" in client.get("/figures?month=2024-06&basis=restated").text


def test_filters_hold_for_cells_rows_curve_and_export(sign_in, closed):
    client = sign_in("leader")
    query = "month=2024-06&by=unit&chain=锂电新能源&origin=湖北省&basis=closed"
    page = client.get(f"/figures?{query}").text
    assert "去掉条件：产业链" in page
    found = links(matrix_of(page))
    assert all("chain=" in a and "origin=" in a and "basis=closed" in a for a in found)
    for address, number in found.items():
        if "w=yoy" not in address:
            assert rows_of(client, address)[0] == number
    link = re.search(r'href="(/figures/export\.xlsx[^"]*)"', page)
    assert link
    rows = exported(client.get(html.unescape(link[1])))
    assert rows[0][0] == "统计（2024年6月，按责任单位，关账数，产业链：锂电新能源，来源地：湖北省）"
    heads = list(rows[1])
    place = heads.index("到位资金累计（万元）")
    ytd = [n for a, n in found.items() if "funds" in a and "w=ytd" in a]
    assert [f"{row[place]:,.2f}" for row in rows[2:]] == ytd
    assert rows[-1][0] == "合计"
    address = next(a for a in found if "funds" in a and "w=month" in a)
    path, _, asked = address.partition("?")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{path}/export.xlsx?{asked}").data)).active
    assert sheet is not None
    assert str(sheet["A1"].value).startswith("到位资金（2024年6月，关账数，")
    assert "产业链：锂电新能源" in str(sheet["A1"].value)


@pytest.mark.parametrize("basis", ["live", "closed", "restated"])
def test_months_of_the_curve_are_the_sums_of_their_rows(sign_in, closed, basis):
    client = sign_in("leader")
    page = client.get(f"/figures?month=2024-06&basis={basis}").text
    months = page.split('class="plain months"')[1].split("</table>")[0]
    found = links(months)
    assert len(found) == 2 * 6 + 2 * 12
    for address, number in found.items():
        assert rows_of(client, address)[0] == number, address
    series = client.get(f"/figures/funds.amount/series.json?month=2024-06&basis={basis}").json
    assert series["ytd"]["text"][:6] == [n for a, n in found.items() if "month=2024" in a and "w=ytd" in a]
    assert series["within"]["text"][6:] == [""] * 6
    assert series["last_ytd"]["text"] == [n for a, n in found.items() if "month=2023" in a and "w=ytd" in a]
    total = next(
        n for a, n in links(matrix_of(page).split('class="tot"')[1]).items() if "funds" in a and "w=ytd" in a
    )
    assert series["total"]["text"] == [total]
    assert round(sum(series["parts"]["at"]), 2) == series["total"]["at"][0]


def test_what_cannot_be_narrowed_has_no_column(sign_in, closed):
    page = sign_in("leader").get("/figures?month=2024-06&by=source&c=signed.count&f=signed.count").text
    assert "signed.count" not in "".join(links(matrix_of(page)))
    assert "funds.amount" in "".join(links(matrix_of(page)))


def test_definition_and_target_stand_on_the_page(sign_in, closed):
    page = sign_in("leader").get("/figures?month=2024-06&by=unit").text
    assert "待审核、退回的不计" in page.split('aria-label="口径"')[1]
    assert "竖线为时间进度 50.00%" in page
    assert page.count('data-face="table"') == 3


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/figures?f=nothing", 404),
        ("/figures?c=nothing", 404),
        ("/figures?by=unit&chain=没有的链", 404),
        ("/figures/stock.count/series.json", 404),
        ("/figures/nothing/rows", 404),
        ("/figures?month=2024-06&basis=restated&known=2030-01", 422),
        ("/figures?month=2024-06&basis=restated&known=x", 422),
        ("/figures/stock.count/rows?month=2024-06", 200),
        ("/figures/export.xlsx?by=nothing&w=x", 200),
    ],
)
def test_unknown_figures_members_and_closes_are_told(sign_in, closed, address, status):
    assert sign_in("leader").get(address).status_code == status


@pytest.mark.parametrize("role", ["officer", "reviewer", "leader", "administrator"])
def test_every_role_reads_and_another_zone_sees_nothing_of_it(sign_in, closed, role):
    client = sign_in(role)
    for address in (
        "/figures",
        "/figures/export.xlsx",
        "/figures/funds.amount/rows",
        "/figures/funds.amount/series.json",
    ):
        assert client.get(f"{address}?month=2024-06").status_code == 200
    outsider = sign_in("outside_reviewer")
    assert outsider.get("/figures/funds.amount/series.json?month=2024-06").json["total"]["at"] == [0]
    assert "项目0" not in outsider.get("/figures/funds.amount/rows?month=2024-06").text
    assert outsider.get("/figures?month=2024-06&chain=锂电新能源").status_code == 404


def test_a_visitor_is_sent_to_sign_in(client, closed):
    for address in (
        "/figures/export.xlsx",
        "/figures/funds.amount/rows",
        "/figures/funds.amount/series.json",
    ):
        assert client.get(address).location.startswith("/sign-in")


def test_few_queries_whatever_the_filters(sign_in, closed, app):
    client = sign_in("leader")
    for query in (
        "by=unit",
        "by=segment&dept=招商一部",
        "by=unit&chain=锂电新能源&area=综合保税区&origin=湖北省",
    ):
        for basis in ("live", "closed"):
            with statements(app.extensions["engine"]) as found:
                assert client.get(f"/figures?month=2024-06&basis={basis}&{query}").status_code == 200
            assert len(found.reads) <= 15, found.reads
