"""Figures on the web: every number leads to rows that add up to it."""

from __future__ import annotations

import datetime as dt
import html
import re
from decimal import Decimal

import pytest

from app.funds.rules import FundSource, ReviewState
from app.pipeline.rules import ContractKind, MilestoneKind, Stage
from tests.factories import (
    WAN,
    YI,
    make_area,
    make_arrival,
    make_chain,
    make_contract,
    make_investor,
    make_project,
    make_target,
)
from tests.web.conftest import statements
from tests.web.tables import exported


@pytest.fixture
def year(database, cast):
    """Two years of two units, with everything the figures know: supplement, dissolved contract, foreign money."""
    with database() as session:
        zone = cast.zone
        chain, area = (
            make_chain(session, zone, "锂电新能源", segments=("电池",)),
            make_area(session, zone, "综合保税区"),
        )
        owners = [
            make_investor(session, zone, "甲", origin="湖北省"),
            make_investor(session, zone, "乙", origin="哈萨克斯坦"),
            make_investor(session, zone, "丙"),
        ]
        for place in range(8):
            project = make_project(
                session,
                zone,
                name=f"项目{place}",
                unit=(cast.unit, cast.other_unit)[place % 2],
                investor=owners[place % 3],
                total_fen=(YI - 1, YI, 2 * YI)[place % 3],
                signed_on=dt.date(2023 if place % 4 == 3 else 2024, 1 + place % 6, 10),
                reached={MilestoneKind.started: dt.date(2024, 6, 10 + place)} if place % 2 else {},
                chain_id=chain.id if place % 3 else None,
                area_id=area.id if place % 2 else None,
            )
            for number, day in enumerate((dt.date(2023, 6, 1), dt.date(2024, 5, 1), dt.date(2024, 6, 3))):
                make_arrival(
                    session, zone, project, (place * 3 + number + 1) * WAN, arrived_on=day,
                    source=list(FundSource)[place % 3],
                )  # fmt: skip
            make_arrival(session, zone, project, WAN, state=ReviewState.pending)
            if place == 2:
                make_contract(
                    session,
                    zone,
                    project,
                    kind=ContractKind.supplement,
                    signed_on=dt.date(2024, 6, 20),
                    amount_fen=7 * WAN,
                )
        ended = make_project(session, zone, name="终止项目", unit=cast.unit, signed_on=dt.date(2024, 2, 1),
                             reached={MilestoneKind.terminated: dt.date(2024, 6, 5)})  # fmt: skip
        make_arrival(session, zone, ended, 9 * WAN, arrived_on=dt.date(2024, 3, 1))
        make_project(session, zone, name="线索项目", unit=cast.unit, signed_on=None, stage=Stage.lead)
        make_target(session, zone, 1000 * WAN)
        make_target(session, zone, 600 * WAN, unit=cast.unit)
        make_project(session, cast.other_zone, name="外区项目")
        session.commit()


def links(page: str) -> dict[str, str]:
    """Addresses of figures and the number each of them shows, of the matrix and the tables below it."""
    found = re.findall(r'<a [^>]*href="(/figures/[^"]*)"[^>]*>([−\d][\d,.]*)</a>', page)
    return {html.unescape(address): text for address, text in found}


def total(page: str) -> str:
    found = re.search(r'class="bignum"><b>([^<]*)</b>', page)
    assert found, page
    return found[1]


def rows_sum(page: str) -> Decimal:
    cells = re.findall(r'<tr data-row>.*?<td class="n c-value"[^>]*>([^<]*)<', page, re.DOTALL)
    return sum((Decimal(cell.replace(",", "")) for cell in cells), Decimal())


@pytest.mark.parametrize("query", ["", "by=unit", "by=unit&w=month", "by=area", "by=chain", "by=source"])
def test_every_number_of_the_matrix_is_the_sum_of_the_rows_behind_it(sign_in, year, query):
    client = sign_in("leader")
    page = client.get(f"/figures?month=2024-06&{query}")
    assert page.status_code == 200
    found = links(page.text)
    assert len(found) > (5 if "source" in query else 15)
    for address, number in found.items():
        if "w=done" in address or "w=ahead" in address or "w=yoy" in address:
            continue
        rows = client.get(address)
        assert rows.status_code == 200, address
        assert total(rows.text) == number, address
        assert rows_sum(rows.text) == Decimal(number.replace(",", "")), address


def test_parts_add_up_to_the_whole_zone(sign_in, year):
    client = sign_in("leader")
    for by in ("unit", "area", "chain", "source"):
        page = client.get(f"/figures?month=2024-06&by={by}").text
        members = [html.unescape(m) for m in re.findall(r'<td class="nm pin">(?:<a[^>]*>)?([^<]*)</', page)]
        assert members[-1] == "全区"
        matrix = page.split('id="matrix"')[1].split("</table>")[0]
        by_member = {a: n for a, n in links(matrix).items() if "funds.amount" in a and "w=ytd" in a}
        numbers = [Decimal(n.replace(",", "")) for n in by_member.values()]
        assert sum(numbers[:-1]) == numbers[-1]
    assert "未填" in client.get("/figures?month=2024-06&by=area").text


def test_the_page_of_a_number_defines_and_explains_it(sign_in, year):
    client = sign_in("leader")
    page = client.get("/figures/funds.amount?month=2024-06&w=yoy").text
    assert "待审核、退回的不计" in page
    assert "所求为“同比”" in page
    assert re.search(r'<div class="on"><dt>同比</dt><dd>（累计 − 上年同期）÷ 上年同期，增长', page)
    page = client.get("/figures/funds.amount?month=2024-06&w=ahead&unit=招商一部").text
    assert re.search(r'<div class="on"><dt>超（欠）进度</dt><dd>完成率 − 时间进度 6/12，欠', page)
    assert "责任单位 招商一部" in page
    assert "600.00 万元" in page
    page = client.get("/figures/signed.count?month=2024-06&w=ytd&chain=锂电新能源&unit=招商一部").text
    assert "产业链 锂电新能源" in page
    assert "责任单位 招商一部" in page


@pytest.mark.parametrize(
    "address",
    [
        "signed.count?w=sum_of_months",
        "signed_big.share?w=ytd",
        "signed.average?w=delta",
        "funds.amount?w=need",
        "funds.amount?w=gap",
        "funds.amount?w=month_delta",
        "funds.amount?w=all&project={project}",
        "funds.amount?w=all&stock=1",
        "funds.rate?stock=1",
        "funds.share?origin=湖北省",
        "funds.amount?w=ytd&origin=援疆省市",
        "funds.amount?w=ytd&origin=境外",
        "funds.amount?w=yoy&origin=未填来源地",
        "stock.count",
        "stock.amount?chain=锂电新能源",
        "stock.count?chain=未填",
        "stock.count?chain=锂电新能源&segment=电池",
        "stock.output",
        "stock.share?chain=锂电新能源",
        "stage.count?stage=开工",
        "stage.rate?stage=投产",
        "stalled.count",
        "stalled.amount",
        "stalled_big.count",
        "unfunded.count",
        "slow.count",
        "slow.rate",
        "reserve.count",
        "reserve.count?stage=线索",
        "reserve.amount",
        "terminated.count?w=ytd",
        "terminated.amount?w=ytd",
        "started_big.count?w=last_year_ytd",
        "signed.count?w=month&segment=电池",
        "signed.amount?w=ytd&investor_type=未填",
    ],
)
def test_every_number_of_a_brief_has_its_rows(sign_in, year, database, cast, address):
    client = sign_in("leader")
    project = re.search(r"/projects/(\d+)", client.get("/projects").text)
    assert project
    address = address.format(project=project[1])
    page = client.get(f"/figures/{address}{'&' if '?' in address else '?'}month=2024-06")
    assert page.status_code == 200, page.text[:300]
    assert rows_sum(page.text) == Decimal(total(page.text).replace(",", ""))
    assert "外区项目" not in page.text
    assert "口径" in page.text


def test_known_numbers_of_the_register(sign_in, year):
    client = sign_in("leader")

    def value(address: str) -> str:
        return total(client.get(f"/figures/{address}{'&' if '?' in address else '?'}month=2024-06").text)

    assert value("stock.count") == "8"
    assert value("terminated.count") == "1"
    assert value("terminated.amount") == "10,000.00"
    assert value("reserve.count") == "1"
    assert value("reserve.count?stage=在谈") == "0"
    assert value("stage.count?stage=开工") == "4"
    assert value("stalled.count") == "0"
    assert total(client.get("/figures/stalled.count?month=2024-12").text) == "4"


@pytest.mark.parametrize("address", ["units.behind", "funds.rank?w=last&unit=招商一部"])
def test_rankings_lead_to_the_matrix(sign_in, year, address):
    answer = sign_in("leader").get(f"/figures/{address}")
    assert answer.status_code == 302
    assert answer.location.startswith("/figures?by=unit")


def test_the_backlog_leads_to_the_arrivals(sign_in, year):
    client = sign_in("leader")
    answer = client.get("/figures/funds_pending.count?month=2024-06")
    assert answer.status_code == 302
    assert "合计 8 笔" in re.sub(r"<[^>]+>|\s+", " ", client.get(answer.location).text)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/figures/nothing", 404),
        ("/figures/funds.amount?unit=没有的单位", 404),
        ("/figures/funds.amount?origin=火星", 404),
        ("/figures/stock.count?source=区内", 404),
        ("/figures/stage.count?stage=起飞", 404),
        ("/figures/funds.amount?project=x", 404),
        ("/figures/funds.amount?month=2024-13", 422),
        ("/figures?month=June", 422),
        ("/figures/funds.amount?w=nonsense&page=-3", 200),
        ("/figures/funds.amount?page=999", 200),
        ("/figures?by=nothing&w=x", 200),
    ],
)
def test_unknown_figures_members_and_months_are_told(sign_in, year, address, status):
    assert sign_in("leader").get(address).status_code == status


def test_the_export_holds_all_rows_and_their_sum(sign_in, year, database, cast):
    with database() as session:
        project = make_project(session, cast.zone, unit=cast.unit, name="多笔项目", total_fen=9 * YI)
        for _ in range(60):
            make_arrival(session, cast.zone, project, WAN + 1, arrived_on=dt.date(2024, 6, 4))
        session.commit()
    client = sign_in("leader")
    page = client.get("/figures/funds.amount?month=2024-06&w=month")
    assert page.text.count("<tr data-row>") == 50
    assert client.get("/figures/funds.amount?month=2024-06&w=month&page=2").text.count("<tr data-row>") == 18
    link = re.search(r'href="([^"]*export\.xlsx[^"]*)"', page.text)
    assert link
    answer = client.get(html.unescape(link[1]))
    rows = exported(answer)
    assert rows[-1][1] == "68 行"
    assert rows[-1][7] == pytest.approx(sum(row[7] for row in rows[2:-1]))
    assert f"{rows[-1][7]:,.2f}" == total(page.text)


def test_amounts_can_be_switched_while_narrowed_to_a_unit(sign_in, year):
    client = sign_in("leader")
    page = client.get("/figures/funds.amount?month=2024-06&w=ytd&unit=招商一部").text
    link = re.search(r'href="([^"]*unit=yi[^"]*)"', page)
    assert link
    switched = client.get(html.unescape(link[1])).text
    assert "责任单位 招商一部" in switched
    assert "亿元 <span" in switched


def test_few_queries(sign_in, year, app):
    client = sign_in("leader")
    for query in ("", "by=unit", "by=source", "by=chain"):
        with statements(app.extensions["engine"]) as found:
            assert client.get(f"/figures?{query}").status_code == 200
        assert len(found.reads) <= 15
    with statements(app.extensions["engine"]) as found:
        client.get("/figures/funds.amount?w=month&unit=招商一部")
    assert len(found.reads) <= 15


def test_a_visitor_signs_in_and_another_zone_sees_its_own(client, sign_in, year):
    for address in ("/figures", "/figures/funds.amount", "/figures/funds.amount/export.xlsx"):
        assert client.get(address).location.startswith("/sign-in")
    outsider = sign_in("outside_reviewer")
    assert total(outsider.get("/figures/signed.count?month=2024-06").text) == "1"
    assert outsider.get("/figures/signed.count?month=2024-06&unit=招商一部").status_code == 404
    assert "项目0" not in outsider.get("/figures/stock.count?month=2024-06").text
