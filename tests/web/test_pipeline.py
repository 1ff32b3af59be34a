"""The project ledger, its export, and the page of one project."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.funds.rules import ReviewState
from app.pipeline.rules import MilestoneKind, Stage
from tests.factories import WAN, YI, make_area, make_arrival, make_chain, make_investor, make_project
from tests.web.conftest import statements
from tests.web.tables import exported

XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def zone_with_projects(database, cast):
    """Three projects in June 2024: one big contract with money, one small, one in talks; one in the other zone."""
    with database() as session:
        area, chain = (
            make_area(session, cast.zone, "综合保税区"),
            make_chain(session, cast.zone, "锂电新能源"),
        )
        big = make_project(
            session,
            cast.zone,
            unit=cast.unit,
            name="锂电池生产基地项目",
            number="KS-2024-0001",
            investor=make_investor(session, cast.zone, "湖北达泰（集团）", origin="湖北省"),
            total_fen=3 * YI,
            signed_on=dt.date(2024, 3, 1),
            area_id=area.id,
            chain_id=chain.id,
        )
        make_arrival(session, cast.zone, big, 1500 * WAN, arrived_on=dt.date(2024, 6, 5))
        make_arrival(
            session, cast.zone, big, 700 * WAN, arrived_on=dt.date(2024, 6, 6), state=ReviewState.pending
        )
        small = make_project(
            session,
            cast.zone,
            unit=cast.other_unit,
            name="纺织加工项目",
            number="KS-2024-0002",
            total_fen=YI - 1,
            signed_on=dt.date(2023, 11, 1),
            reached={MilestoneKind.started: dt.date(2024, 6, 20)},
        )
        talks = make_project(
            session, cast.zone, unit=cast.unit, name="洽谈中的项目", number="KS-2024-0003", signed_on=None
        )
        foreign = make_project(session, cast.other_zone, name="外区项目")
        session.commit()
        return {"big": big.id, "small": small.id, "talks": talks.id, "foreign": foreign.id}


def names(page: str) -> list[str]:
    return re.findall(r'<td class="nm pin c-name">.*?>([^<]+)</a>', page, re.DOTALL)


def foot(page: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", page[page.index("<tfoot>") : page.index("</tfoot>")])


def test_the_ledger_shows_the_zone_and_the_sums_of_what_is_filtered(sign_in, zone_with_projects):
    officer = sign_in("officer")
    page = officer.get("/projects").text
    assert names(page) == ["锂电池生产基地项目", "纺织加工项目", "洽谈中的项目"]
    assert "外区项目" not in page
    assert re.search(r"合计 3 个 .* 其中亿元以上 2 个、40,000.00 万元", foot(page))
    assert re.search(r"50,000.00 .* 1,500.00 .* 3.0%", foot(page))
    page = officer.get("/projects?big=1&contract=formal").text
    assert names(page) == ["锂电池生产基地项目"]
    assert "5.0%" in foot(page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=达泰(集团)", ["big"]),
        ("q=ks-2024-0002", ["small"]),
        ("stage=talks&stage=started", ["small", "talks"]),
        ("from=2024-01-01&to=2024-12-31", ["big"]),
        ("from=2024年1月1日", ["big"]),
        ("state=ended", []),
        ("big=1", ["big", "talks"]),
        ("q=%25", []),
        ("q=' OR 1=1 --", []),
        ("q=%00达泰", ["big"]),
    ],
)
def test_filters(sign_in, zone_with_projects, query, expected):
    page = sign_in("leader").get(f"/projects?{query}").text
    found = [key for key, number in zone_with_projects.items() if f"/projects/{number}" in page]
    assert found == expected


@pytest.mark.parametrize(
    "query",
    ["stage=nothing", "dept=12", "area=x", "chain=9999999999999999999999", "from=2024-02-30", "to=gestern"],
)
def test_conditions_that_are_none_are_told_not_ignored(sign_in, cast, query):
    answer = sign_in("officer").get(f"/projects?{query}")
    assert answer.status_code == 422
    assert "筛选条件" in answer.text or "日期" in answer.text


@pytest.mark.parametrize(
    "query", ["page=0", "page=99", "page=x", "page=-1", "sort=drop table&dir=up", "state=?"]
)
def test_odd_pages_and_orders_show_the_list(sign_in, zone_with_projects, query):
    answer = sign_in("officer").get(f"/projects?{query}")
    assert answer.status_code == 200
    assert len(names(answer.text)) == 3


def test_heads_sort_and_keep_the_filter(sign_in, zone_with_projects):
    client = sign_in("officer")
    assert names(client.get("/projects?sort=recognised&dir=desc").text)[0] == "锂电池生产基地项目"
    by_stage = names(client.get("/projects?sort=stage&dir=desc").text)
    assert by_stage == ["纺织加工项目", "锂电池生产基地项目", "洽谈中的项目"]
    page = client.get("/projects?stage=signed&sort=name&dir=asc").text
    assert re.search(r'href="[^"]*stage=signed[^"]*sort=total', page)
    assert 'aria-sort="ascending"' in page


def test_tabs_count_the_zone_and_chips_take_one_condition_away(sign_in, zone_with_projects):
    page = sign_in("officer").get("/projects?contract=formal&big=1&state=standing").text
    tabs = re.findall(r">(全部|本年新签约|在册亿元以上|签约未开工|在谈) <em>(\d+)</em>", page)
    assert tabs == [
        ("全部", "3"),
        ("本年新签约", "1"),
        ("在册亿元以上", "1"),
        ("签约未开工", "1"),
        ("在谈", "1"),
    ]
    assert re.search(r'aria-current="page">在册亿元以上', page)
    without = re.search(r'href="([^"]*)" aria-label="去掉条件：总投资"', page)
    assert without
    assert "big" not in without[1]
    assert "state=standing" in without[1]


def test_the_unit_of_amounts_is_remembered(sign_in, zone_with_projects):
    client = sign_in("officer")
    assert "3.00" in foot(client.get("/projects?unit=yi&contract=formal&big=1").text)
    assert "3.00" in foot(client.get("/projects?contract=formal&big=1").text)
    assert "30,000.00" in foot(client.get("/projects?unit=wan&contract=formal&big=1").text)


def sheet(answer) -> list[tuple]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    assert "attachment" in answer.headers["Content-Disposition"]
    return [row for row in exported(answer) if any(row)]


def test_the_export_is_exactly_the_filtered_list_with_its_sums(sign_in, zone_with_projects):
    client = sign_in("leader")
    rows = sheet(client.get("/projects/export.xlsx?contract=formal&sort=total&dir=asc"))
    heads = rows[1]
    assert heads[8:11] == ("总投资（万元）", "已认定（万元）", "到位率")
    assert [row[0] for row in rows[2:]] == ["纺织加工项目", "锂电池生产基地项目", "合计 2 个"]
    assert rows[2][8] == pytest.approx(9999.999999)
    assert rows[-1][9] == 1500
    in_yi = sheet(client.get("/projects/export.xlsx?unit=yi&big=1"))
    assert in_yi[1][8] == "总投资（亿元）"
    assert in_yi[2][8] == 3
    assert len(sheet(client.get("/projects/export.xlsx?state=ended"))) == 3


def test_the_list_takes_six_queries_however_long_it_is(sign_in, database, app, cast):
    client = sign_in("officer")
    client.get("/projects")
    counts = []
    for more in (3, 60):
        with database() as session:
            owner = make_investor(session, cast.zone)
            for _ in range(more):
                project = make_project(session, cast.zone, unit=cast.unit, investor=owner)
                make_arrival(session, cast.zone, project, WAN)
            session.commit()
        with statements(app.extensions["engine"]) as found:
            page = client.get("/projects")
        assert page.status_code == 200
        counts.append(len(found.reads))
    assert counts[0] == counts[1] <= 6
    assert len(names(page.text)) == 50


def test_a_visitor_signs_in_first(client, zone_with_projects):
    for address in ("/projects", "/projects/export.xlsx", f"/projects/{zone_with_projects['big']}"):
        answer = client.get(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in")


def test_another_zone_finds_nothing(sign_in, zone_with_projects):
    outsider = sign_in("outside_reviewer")
    assert names(outsider.get("/projects").text) == ["外区项目"]
    for key in ("big", "small", "talks"):
        number = zone_with_projects[key]
        for address in (
            f"/projects/{number}",
            f"/projects/{number}/edit",
            f"/projects/{number}/supplements/new",
        ):
            assert outsider.get(address).status_code == 404
    assert outsider.get("/projects/99999999999999999999999").status_code == 404
    assert len(sheet(outsider.get("/projects/export.xlsx"))) == 4


def test_the_page_of_a_project_shows_stages_money_and_the_contract(sign_in, zone_with_projects):
    page = sign_in("leader").get(f"/projects/{zone_with_projects['big']}").text
    assert "亿元以上" in page
    assert re.search(r"已认定</span> <b><span[^>]*>1,500.00", page)
    assert re.search(r"待审</span> <b><span[^>]*>700.00", page)
    assert re.search(r"未到</span> <b><span[^>]*>27,800.00", page)
    assert re.search(
        r'<li class="now"[^>]*>.*?<b>签约</b>\s*<div[^>]*>计划 —</div><div class="a">实际 2024-03-01',
        page,
        re.DOTALL,
    )
    assert "修改 <kbd>" not in page, "a leader reads"


def test_warnings_are_those_of_the_month_at_work(sign_in, zone_with_projects):
    client = sign_in("officer")
    assert "尚未开工" not in client.get("/projects?month=2024-06").text
    assert "签约已 244 天，尚未开工" in client.get("/projects?month=2024-10").text
    assert "签约已 242 天，尚无到位资金" in client.get("/projects?month=2024-06").text
    assert client.get("/projects?month=2024-13").status_code == 422


@pytest.mark.parametrize("stage", [Stage.terminated, Stage.lost, Stage.suspended])
def test_a_project_beside_the_road_has_a_page(sign_in, database, cast, stage):
    with database() as session:
        project = make_project(
            session, cast.zone, unit=cast.unit, signed_on=None, total_fen=None, stage=stage
        )
        session.commit()
    page = sign_in("leader").get(f"/projects/{project.id}")
    assert page.status_code == 200
    assert f">{stage.label}</span>" in page.text


def test_hostile_text_is_only_text(sign_in, database, cast):
    with database() as session:
        project = make_project(
            session,
            cast.zone,
            unit=cast.unit,
            name=XSS[:110],
            number=XSS[:40],
            investor=make_investor(session, cast.zone, XSS, origin=XSS[:40], uscc=None),
            content=XSS,
            officer=XSS[:40],
            sponsor=XSS,
            note=XSS,
            industry="C3985",
        )
        make_arrival(
            session, cast.zone, project, WAN, voucher=XSS[:50], purpose=XSS[:60],
            state=ReviewState.returned, return_reason=XSS, recorded_name=XSS,
        )  # fmt: skip
        session.commit()
    client = sign_in("officer")
    for address in (
        "/projects",
        f"/projects?q={XSS}",
        f"/projects/{project.id}",
        f"/projects/{project.id}/edit",
        f"/projects/{project.id}/supplements/new",
        f"/funds?q={XSS}",
        "/funds",
        f"/funds/new?project={project.id}",
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
