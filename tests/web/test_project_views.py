"""Saved views, columns of one's own, the list as of a day, its export, and the sheet at the side."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.funds.rules import ReviewState
from app.pipeline.models import ProjectView, ProjectViewUse
from app.pipeline.rules import MilestoneKind, Stage
from tests.factories import WAN, YI, make_arrival, make_contract, make_project, make_target, make_terms
from tests.project_list import make_stages, make_view
from tests.web.conftest import XSS, statements
from tests.web.tables import exported


@pytest.fixture
def projects(database, cast):
    """A big one that was signed in March and started in June 2024, and one in talks."""
    with database() as session:
        big = make_project(
            session, cast.zone, unit=cast.unit, name="锂电池基地", total_fen=3 * YI, sponsor="李文涛",
            signed_on=dt.date(2024, 3, 1), jobs=120, land_hundredths=12550,
            reached={MilestoneKind.started: dt.date(2024, 6, 10)},
        )  # fmt: skip
        make_stages(
            session, big,
            (Stage.talks, dt.date(2024, 1, 5)), (Stage.signed, dt.date(2024, 3, 1)), (Stage.started, dt.date(2024, 6, 10)),
        )  # fmt: skip
        make_arrival(session, cast.zone, big, 500 * WAN, arrived_on=dt.date(2024, 4, 1))
        make_arrival(session, cast.zone, big, 700 * WAN, arrived_on=dt.date(2024, 6, 6))
        make_arrival(session, cast.zone, big, 90 * WAN, state=ReviewState.pending)
        talks = make_project(
            session,
            cast.zone,
            unit=cast.other_unit,
            name="纺织洽谈项目",
            signed_on=None,
            total_fen=YI,
            jobs=30,
        )
        make_stages(session, talks, (Stage.lead, dt.date(2024, 5, 1)), (Stage.talks, dt.date(2024, 5, 20)))
        session.commit()
    return {"big": big, "talks": talks}


def names(page: str) -> list[str]:
    return re.findall(r'<td class="nm pin c-name">.*?>([^<]+)</a>', page, re.DOTALL)


def heads(page: str) -> list[str]:
    table = page[page.index("<thead>") : page.index("</thead>")]
    return [
        re.sub(r"<[^>]+>|[↓↑]", "", head).split()[0] for head in re.findall(r"<th.*?</th>", table, re.DOTALL)
    ]


def tab(page: str, name: str) -> str:
    """The address of a tab."""
    [line] = [line for line in page.splitlines() if f"{name}" in line and line.startswith("<a href")]
    found = re.search(r'href="([^"]+)"', line)
    assert found
    return found[1].replace("&amp;", "&")


def sheet(answer) -> list[tuple]:
    return [row for row in exported(answer) if any(row)]


def test_a_view_keeps_filter_order_and_columns_and_is_a_tab(sign_in, projects, database):
    client = sign_in("officer")
    answer = client.send("/projects/views/new?stage=started&sort=total&dir=asc", {"name": " 我的开工 "})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert names(page) == ["锂电池基地"]
    assert re.search(r'class="on" aria-current="page"[^>]*>我的开工 <em>1</em>', page)
    address = tab(client.get("/projects").text, "我的开工")
    assert "stage=started" in address
    assert "sort=total" in address
    with database() as session:
        view = session.scalars(select(ProjectView)).one()
        assert view.content["filter"] == {"stage": ["started"]}
        assert (view.content["sort"], view.content["dir"]) == ("total", "asc")
        assert view.content["columns"][:2] == ["name", "investor"]
        assert (
            session.scalars(select(AuditEntry).where(AuditEntry.action == "save_view")).one().entity_id
            == view.id
        )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "请给视图起个名字"),
        ("　", "请给视图起个名字"),
        ("全部", "已有名为"),
        ("在谈的", "已有名为"),
        ("长" * 21, "最多 20 个字"),
    ],
)
def test_a_view_needs_a_name_of_its_own(sign_in, database, cast, name, said):
    with database() as session:
        make_view(session, cast.zone, cast.wu)
        session.commit()
    answer = sign_in("officer").send("/projects/views/new?stage=started", {"name": name})
    assert answer.status_code == 422
    assert re.search(rf'class="err" id="name-error.*?{said}', answer.text, re.DOTALL)
    with database() as session:
        assert len(session.scalars(select(ProjectView)).all()) == 1


def test_only_what_is_shared_is_seen_by_others_and_only_the_owner_changes_it(sign_in, database, cast):
    with database() as session:
        own = make_view(session, cast.zone, cast.wu, name="自己看")
        shared = make_view(session, cast.zone, cast.wu, name=XSS[:20], shared=True)
        session.commit()
    other, administrator, outsider = sign_in("second"), sign_in("administrator"), sign_in("outsider")
    page = other.get("/projects").text
    assert "自己看" not in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert other.get(f"/projects?view={own.id}").status_code == 404
    assert other.get(f"/projects/export.xlsx?view={own.id}").status_code == 404
    assert other.get(f"/projects?view={shared.id}", follow_redirects=True).status_code == 200
    assert other.send(f"/projects/views/{shared.id}", {"name": "抢", "version": "1"}).status_code == 403
    assert other.send(f"/projects/views/{shared.id}/remove", {"sure": "1"}).status_code == 403
    assert administrator.send(f"/projects/views/{own.id}/remove", {"sure": "1"}).status_code == 403
    assert outsider.send(f"/projects/views/{shared.id}/remove", {"sure": "1"}).status_code == 404
    assert XSS[:10] not in outsider.get("/projects").text
    assert administrator.send(f"/projects/views/{shared.id}/remove", {"sure": "1"}).status_code == 303
    with database() as session:
        assert [view.name for view in session.scalars(select(ProjectView))] == ["自己看"]


def test_a_view_is_renamed_shared_and_takes_new_conditions_with_its_version(
    sign_in, database, cast, projects
):
    with database() as session:
        view = make_view(session, cast.zone, cast.wu)
        session.commit()
    client, address = sign_in("officer"), f"/projects/views/{view.id}?stage=started&view={view.id}"
    assert "改为现在的条件" in client.get(address).text
    form = {"name": "开工的", "shared": "y", "version": "1", "conditions": "1"}
    assert client.send(address, form).status_code == 303
    assert names(sign_in("second").get(tab(sign_in("second").get("/projects").text, "开工的")).text) == [
        "锂电池基地"
    ]
    late = client.send(address, {**form, "name": "又改"})
    assert late.status_code == 422
    assert "刚刚在别处改过" in late.text
    with database() as session:
        kept = session.scalars(select(ProjectView)).one()
        assert (kept.name, kept.shared, kept.version) == ("开工的", True, 2)
        assert kept.content["filter"] == {"stage": ["started"]}


def test_the_view_that_opens_first_leads_there_and_all_projects_stay_one_click_away(
    sign_in, database, cast, projects
):
    with database() as session:
        view = make_view(session, cast.zone, cast.reviewer)
        session.commit()
    client = sign_in("reviewer")
    assert client.send(f"/projects/views/{view.id}/first", {"on": "1"}).status_code == 303
    answer = client.get("/projects")
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert names(page) == ["纺织洽谈项目"]
    assert len(names(client.get(tab(page, "全部 ")).text)) == 2
    assert client.get("/projects/board").status_code == 200
    client.send(f"/projects/views/{view.id}/first", {"on": "0"})
    assert len(names(client.get("/projects").text)) == 2


def test_a_view_of_a_list_entry_that_is_gone_still_opens(sign_in, database, cast, projects):
    with database() as session:
        gone = {"filter": {"area": ["12345"]}, "sort": "signed", "dir": "desc", "columns": ["name"]}
        view = make_view(session, cast.zone, cast.wu, content=gone)
        session.commit()
    answer = sign_in("officer").get(f"/projects?view={view.id}")
    assert answer.status_code == 200
    assert len(names(answer.text)) == 2


def test_columns_are_remembered_per_person_and_per_view_and_the_export_follows(
    sign_in, database, cast, projects
):
    client = sign_in("officer")
    answer = client.send(
        "/projects/columns", {"column": ["jobs", "stage", "land", "pending"], "next": "/projects"}
    )
    assert (answer.status_code, answer.location) == (303, "/projects")
    page = client.get("/projects").text
    assert heads(page) == ["项目名称", "带动就业", "阶段", "用地面积", "待审"]
    foot = re.sub(r"(?:<[^>]+>|\s)+", " ", page[page.index("<tfoot>") :])
    assert re.search(r"合计 2 个 .*150 .*125.5 .*90.00", foot)
    assert heads(sign_in("second").get("/projects").text)[1] == "投资方"
    rows = sheet(client.get("/projects/export.xlsx?stage=started"))
    assert rows[1] == ("项目名称", "项目编号", "带动就业（人）", "阶段", "用地面积（亩）", "待审（万元）")
    assert (rows[2][0], *rows[2][2:]) == ("锂电池基地", 120, "开工", 125.5, 90)
    assert rows[3][0] == "合计 1 个"
    with database() as session:
        view = make_view(session, cast.zone, cast.wu)
        session.commit()
    address = f"/projects?stage=talks&view={view.id}"
    assert heads(client.get(address).text) == ["项目名称", "阶段"]
    client.send(f"/projects/columns?view={view.id}", {"column": ["sponsor", "name", "nonsense"]})
    assert heads(client.get(address).text) == ["项目名称", "包联领导"]
    assert heads(client.get("/projects").text)[1] == "带动就业"
    client.send("/projects/columns", {"usual": "1"})
    assert heads(client.get("/projects").text)[1] == "投资方"
    with database() as session:
        assert len(session.scalars(select(ProjectViewUse)).all()) == 2


def test_without_a_script_a_button_moves_a_column(sign_in, projects):
    client = sign_in("officer")
    answer = client.send(
        "/projects/columns", {"column": ["stage", "jobs", "area"], "move": "up:jobs", "next": "/projects"}
    )
    assert answer.location == "/projects#columns"
    assert heads(client.get("/projects").text) == ["项目名称", "带动就业", "阶段", "落地片区"]
    client.send(
        "/projects/columns", {"column": ["jobs", "stage"], "move": "down:stage", "next": "//evil.example"}
    )
    assert heads(client.get("/projects").text) == ["项目名称", "带动就业", "阶段"]


@pytest.mark.parametrize(
    ("day", "expected", "total", "recognised"),
    [
        ("2023-12-31", {}, "0.00", "0.00"),
        ("2024-02-01", {"锂电池基地": "在谈"}, "30,000.00", "0.00"),
        ("2024-03-31", {"锂电池基地": "签约"}, "30,000.00", "0.00"),
        ("2024-05-10", {"锂电池基地": "签约", "纺织洽谈项目": "线索"}, "40,000.00", "500.00"),
        ("2024-06-30", {"锂电池基地": "开工", "纺织洽谈项目": "在谈"}, "40,000.00", "1,200.00"),
    ],
)
def test_the_list_as_of_a_day(sign_in, projects, day, expected, total, recognised):
    client = sign_in("leader")
    page = client.get(f"/projects?asof={day}").text
    found = dict(
        re.findall(r'c-name">.*?>([^<]+)</a>.*?c-stage[^>]*><span class="st [^"]+">([^<]+)<', page, re.DOTALL)
    )
    assert found == expected
    assert f"截至 {day}" in page
    if expected:
        foot = re.sub(r"(?:<[^>]+>|\s)+", " ", page[page.index("<tfoot>") :])
        assert total in foot
        assert recognised in foot
        rows = sheet(client.get(f"/projects/export.xlsx?asof={day}"))
        assert f"截至 {day}" in str(rows[0][0])
        assert {row[0]: row[3] for row in rows[2:-1]} == expected
    assert 'name="pick"' not in page, "the past is not changed"


def test_as_of_a_day_a_supplement_of_later_counts_not_yet_and_the_unit_is_that_of_the_day(
    sign_in, database, cast, projects
):
    with database() as session:
        big = session.merge(projects["big"])
        big.total_fen = 5 * YI
        make_contract(
            session, cast.zone, big, kind="supplement", signed_on=dt.date(2024, 6, 20), amount_fen=2 * YI
        )
        session.commit()
    client = sign_in("leader")
    assert "30,000.00" in client.get("/projects?asof=2024-06-19&stage=started").text
    assert "50,000.00" in client.get("/projects?asof=2024-06-20&stage=started").text
    assert names(client.get(f"/projects?asof=2024-06-20&dept={cast.other_unit.id}").text) == ["纺织洽谈项目"]
    assert names(client.get("/projects?asof=2024-03-31&big=1&contract=formal").text) == ["锂电池基地"]


@pytest.mark.parametrize("day", ["2199-01-01", "gestern"])
def test_a_day_that_is_none_or_to_come_is_told(sign_in, projects, day):
    answer = sign_in("leader").get(f"/projects?asof={day}")
    assert answer.status_code == 422
    assert "日期" in answer.text or "请填" in answer.text


def test_views_and_columns_cost_no_further_query(sign_in, database, app, cast, projects):
    client = sign_in("officer")
    with database() as session:
        for number in range(5):
            make_view(session, cast.zone, cast.wu, name=f"视图{number}")
        session.commit()
    client.send(
        "/projects/columns", {"column": ["jobs", "segment", "origin", "started", "pending", "contract"]}
    )
    with statements(app.extensions["engine"]) as found:
        assert client.get("/projects?stage=started").status_code == 200
    assert len(found.reads) <= 6, found.reads
    with statements(app.extensions["engine"]) as found:
        assert client.get("/projects?asof=2024-06-30").status_code == 200
    assert len(found.reads) <= 6, found.reads
    with statements(app.extensions["engine"]) as found:
        assert client.get("/projects/board").status_code == 200
    assert len(found.reads) <= 7, found.reads


def test_the_sheet_tells_money_gate_and_news_and_belongs_to_the_zone(sign_in, projects):
    address = f"/projects/{projects['big'].id}/glance"
    text = re.sub(r"(?:<[^>]+>|\s)+", " ", sign_in("leader").get(address).text)
    assert re.search(r"合同总投资 30,000.00 万元", text)
    assert re.search(r"已认定 1,200.00 （4.0%） 待审 90.00", text)
    assert re.search(r"距投产还差 3 项", text)
    assert "登记到账" not in text, "a leader reads"
    assert "登记到账" in sign_in("officer").get(address).text
    assert sign_in("outsider").get(address).status_code == 404


def test_the_zones_own_columns_contracts_and_commitments_are_exported(sign_in, projects, database, cast):
    """附加列 is one column on the page and one for each head in the export; the rest follows the same filter."""
    with database() as session:
        zone = session.merge(cast.zone)
        one = make_project(
            session,
            zone,
            unit=session.merge(cast.unit),
            name="有附加列的项目",
            extra={"存在问题": "缺电", "=x": "+1"},
        )
        make_terms(session, zone, one, "承诺内容")
        session.commit()
    client = sign_in("officer")
    client.send("/projects/columns", {"column": ["number", "extra", "total"], "next": "/projects"})
    assert "存在问题：缺电；=x：+1" in client.get("/projects").text
    rows = sheet(client.get("/projects/export.xlsx?q=有附加列"))
    assert rows[1] == ("项目名称", "项目编号", "存在问题", "=x", "总投资（万元）")
    assert rows[2][2:4] == ("缺电", "+1")
    contracts = sheet(client.get("/projects/contracts.xlsx?q=有附加列"))
    assert {row[0] for row in contracts[2:]} == {"有附加列的项目"}
    assert "正式合同" in {row[4] for row in contracts[2:]}
    assert "承诺内容" in str(sheet(client.get("/projects/commitments.xlsx?q=有附加列")))
    assert len(sheet(client.get("/projects/commitments.xlsx?q=没有这样的"))) == 2


def test_targets_are_exported_as_a_ledger_names_them(sign_in, database, cast):
    with database() as session:
        make_target(session, session.merge(cast.zone), 100 * YI, year=2024)
        session.commit()
    rows = sheet(sign_in("administrator").get("/admin/targets/export.xlsx?year=2024"))
    assert rows[1] == ("2024", "全区", "到位资金", 1_000_000, "万元")
