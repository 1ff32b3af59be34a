"""预警 on the web: who sees what, excuses of two people, rules tried out before they are saved, counted queries."""

from __future__ import annotations

import datetime as dt
import io

import lxml.html  # type: ignore[import-untyped]
import openpyxl
import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.audit.models import AuditEntry
from app.kernel import clock
from app.pipeline.models import Project
from app.warnings.models import WarningExcuse, WarningRule
from app.warnings.rules import KINDS, ExcuseState, WarningKind
from tests.factories import YI, make_lead, make_project, make_target, make_user
from tests.web.conftest import statements

SCRIPT = "<img src=x onerror=alert(1)>"


def ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


@pytest.fixture
def signed(cast, database) -> dict[str, Project]:
    """Own: signed 250 days ago, yellow; other: signed 500 days ago by the other unit, red."""
    with database() as session:
        zone = session.merge(cast.zone)
        made = {
            "own": make_project(
                session, zone, unit=cast.unit, name="棉纺织项目", signed_on=ago(250), officer="吴建军"
            ),
            "other": make_project(session, zone, unit=cast.other_unit, name="别部的项目", signed_on=ago(500)),
        }
        make_project(session, zone, unit=cast.unit, name="今天刚签的项目", signed_on=clock.today())
        session.commit()
        return made


def rows(answer) -> list[str]:
    assert answer.status_code == 200
    return [
        " ".join(row.text_content().split()) for row in lxml.html.fromstring(answer.text).xpath("//tbody/tr")
    ]


def test_everything_that_is_wrong_with_why_and_cure(sign_in, signed):
    found = rows(sign_in("leader").get("/warnings?rule=unstarted"))
    assert len(found) == 2
    assert found[0].startswith("红色 别部的项目")
    assert f"{ago(500)} 签约，已 500 天，尚未开工" in found[0]
    assert "登记开工日期" in found[0]
    assert found[1].startswith("黄色 棉纺织项目")


def test_filters_of_level_rule_unit_and_mine(sign_in, cast, signed):
    client = sign_in("officer")
    assert len(rows(client.get("/warnings?rule=unstarted&tab=red"))) == 1
    assert all("棉纺织项目" in row for row in rows(client.get("/warnings?tab=mine")))
    assert all("别部的项目" in row for row in rows(client.get(f"/warnings?dept={cast.other_unit.id}")))
    for bad in ("rule=nothing", "tab=nothing", "dept=x", "dept=1;2"):
        assert client.get(f"/warnings?{bad}").status_code == 422
    assert "没有符合条件的预警" in client.get("/warnings?rule=commitment").text


def test_the_export_holds_exactly_the_filtered_rows(sign_in, signed):
    answer = sign_in("officer").get("/warnings/export.xlsx?rule=unstarted&tab=red")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[2] for row in cells if row[0] in ("红色", "黄色")] == ["别部的项目"]


def test_leads_are_named_only_to_who_may_read_them(sign_in, cast, database):
    with database() as session:
        at = clock.now() - dt.timedelta(days=30)
        make_lead(session, session.merge(cast.zone), cast.unit, name="机密意向", reported_at=at)
        session.commit()
    assert "机密意向" in sign_in("officer").get("/warnings").text
    assert "机密意向" in sign_in("reviewer").get("/warnings").text
    for name in ("second", "administrator", "outsider", "outside_reviewer"):
        assert "机密意向" not in sign_in(name).get("/warnings").text
        assert sign_in(name).get("/warnings/count").json["number"] == 0


def test_another_zone_has_its_own(sign_in, signed):
    page = sign_in("outsider").get("/warnings").text
    assert "棉纺织项目" not in page
    assert "没有触发的预警" in page
    own = signed["own"].id
    assert sign_in("outside_reviewer").get(f"/warnings/{own}/excuse/unstarted").status_code == 404


def excuse(client, project: Project, **changes):
    data = {"reason": "等环评批复", "until_on": str(clock.today() + dt.timedelta(days=60)), **changes}
    return client.send(f"/warnings/{project.id}/excuse/unstarted", data)


def test_an_excuse_takes_two_people(sign_in, database, signed):
    officer, own = sign_in("officer"), signed["own"]
    assert "签约后未开工" in officer.get(f"/warnings/{own.id}/excuse/unstarted").text
    assert excuse(officer, own).status_code == 303
    assert excuse(officer, own).status_code == 422
    assert "说明待确认：等环评批复" in officer.get("/warnings?rule=unstarted").text
    with database() as session:
        [stored] = session.scalars(select(WarningExcuse))
    grant = f"/warnings/excuses/{stored.id}/grant"
    assert officer.send(grant).status_code == 403
    assert sign_in("outside_reviewer").send(grant).status_code == 404
    leader = sign_in("leader")
    assert len(rows(leader.get("/warnings?tab=asked"))) == 1
    assert leader.get("/warnings/count").json["waiting"] == 1
    assert leader.send(f"/warnings/excuses/{stored.id}/refuse").status_code == 422
    assert leader.send(grant, {"next": "/warnings?tab=asked"}).location == "/warnings?tab=asked"
    assert leader.send(grant).status_code == 422
    assert not any("棉纺织项目" in row for row in rows(leader.get("/warnings?rule=unstarted")))
    [apart] = rows(leader.get("/warnings?rule=unstarted&tab=excused"))
    assert "已说明，有效至" in apart
    page = officer.get(f"/projects/{own.id}").text
    assert "等环评批复" in page
    assert "李文涛" in page
    with database() as session:
        assert session.get_one(WarningExcuse, (stored.zone_id, stored.id)).state is ExcuseState.granted
        actions = list(session.scalars(select(AuditEntry.action).where(AuditEntry.entity_id == own.id)))
        assert {"ask_excuse", "grant_excuse"} <= set(actions)


def test_a_reviewer_does_not_acknowledge_the_own_excuse(sign_in, database, signed):
    reviewer = sign_in("reviewer")
    assert excuse(reviewer, signed["other"]).status_code == 303
    with database() as session:
        [stored] = session.scalars(select(WarningExcuse))
    answer = reviewer.send(f"/warnings/excuses/{stored.id}/grant")
    assert answer.status_code == 422
    assert "不能确认自己写的" in answer.text


def test_an_excuse_that_is_none_says_so_beside_its_field(sign_in, database, signed):
    officer, own = sign_in("officer"), signed["own"]
    for changes, said in (
        ({"reason": ""}, "请写明原因"),
        ({"until_on": str(ago(1))}, "已过"),
        ({"until_on": "2099-01-01"}, "最长一年"),
        ({"until_on": "明天"}, "无法识别"),
    ):
        answer = excuse(officer, own, **changes)
        assert answer.status_code == 422
        assert said in answer.text
    assert excuse(officer, signed["other"]).status_code == 403
    assert officer.send(f"/warnings/{own.id}/excuse/slow_money", {}).status_code == 303
    assert officer.send(f"/warnings/{own.id}/excuse/nothing", {}).status_code == 404
    with database() as session:
        assert not session.scalars(select(WarningExcuse)).all()


def rules(**changes: str) -> dict[str, str]:
    """The form as it stands usually, with changes; None leaves a field out."""
    values: dict[str, str] = {}
    for kind, rule in KINDS.items():
        values |= {f"{kind}-yellow": str(rule.yellow), f"{kind}-red": str(rule.red)}
        if rule.active:
            values[f"{kind}-on"] = "1"
    return {**values, **{name.replace("__", "-"): value for name, value in changes.items()}}


def test_rules_are_tried_out_before_they_are_saved(sign_in, database, signed):
    administrator = sign_in("administrator")
    for name in ("officer", "reviewer", "leader"):
        assert sign_in(name).get("/warnings/rules").status_code == 403
    page = administrator.get("/warnings/rules").text
    assert 'value="6"' in page
    tried = administrator.send(
        "/warnings/rules", {**rules(unstarted__yellow="7", unstarted__red="8"), "do": "try"}
    )
    assert tried.status_code == 200
    assert "还没有保存" in tried.text
    with database() as session:
        assert not session.scalars(select(WarningRule)).all()
    assert rows(sign_in("officer").get("/warnings?rule=unstarted"))[1].startswith("黄色")
    saved = administrator.send("/warnings/rules", rules(unstarted__yellow="7", unstarted__red="8"))
    assert saved.status_code == 303
    assert rows(sign_in("officer").get("/warnings?rule=unstarted"))[1].startswith("红色")
    with database() as session:
        [stored] = session.scalars(select(WarningRule))
        assert (stored.kind, stored.yellow, stored.red) == (WarningKind.unstarted, 7, 8)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "set_warnings")).one()
        assert entry.after == {"unstarted": "黄 7 个月，红 8 个月"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unstarted__red": "5"}, "不能小于黄色"),
        ({"idle_talks__yellow": "0"}, "1 至 365 天"),
        ({"idle_talks__yellow": ""}, "的整数"),
        ({"idle_talks__yellow": "三十"}, "的整数"),
        ({"behind__red": "101"}, "1 至 100 个百分点"),
    ],
)
def test_rules_that_are_none_are_refused_beside_their_field(sign_in, database, changes, said):
    answer = sign_in("administrator").send("/warnings/rules", rules(**changes))
    assert answer.status_code == 422
    [field] = lxml.html.fromstring(answer.text).xpath('//input[@aria-invalid="true"]')
    [error] = lxml.html.fromstring(answer.text).xpath(f'//*[@id="{field.get("aria-describedby")}"]')
    assert said in error.text_content()
    with database() as session:
        assert not session.scalars(select(WarningRule)).all()


def test_units_behind_the_calendar(sign_in, cast, database):
    with database() as session:
        zone = session.merge(cast.zone)
        make_target(session, zone, 10 * YI)
        make_target(session, zone, 5 * YI, unit=cast.unit)
        session.commit()
    found = rows(sign_in("leader").get("/warnings?tab=behind&month=2024-06"))
    assert any("招商一部" in row and "50.00" in row and row.startswith("红色") for row in found)
    assert sign_in("leader").get("/warnings/export.xlsx?tab=behind&month=2024-06").status_code == 200


def test_a_month_long_past_is_looked_at_on_its_last_day(sign_in, cast, database):
    with database() as session:
        make_project(session, session.merge(cast.zone), unit=cast.unit, signed_on=dt.date(2023, 12, 31))
        session.commit()
    client = sign_in("officer")
    assert "项目看到 2024-06-30" in client.get("/warnings?month=2024-06").text
    assert "项目看到 2024-06-30" in client.get("/?month=2024-06").text
    [row] = rows(client.get("/warnings?month=2024-06&rule=unstarted"))
    assert "已 182 天" in row
    assert f"项目看到 {clock.today()}" in client.get(f"/warnings?month={clock.today():%Y-%m}").text


def test_the_day_lists_the_worst_first_and_each_project_once(sign_in, signed):
    page = lxml.html.fromstring(sign_in("officer").get(f"/?month={clock.today():%Y-%m}").text)
    [panel] = page.xpath('//section[@aria-labelledby="todo-title"]')
    lines = [" ".join(line.text_content().split()) for line in panel.find_class("li")]
    assert len([line for line in lines if "棉纺织项目" in line]) == 1
    assert "另有" in lines[0]
    assert not any("别部的项目" in line for line in lines)


def test_counted_queries(sign_in, app, cast, database, signed):
    def reads(who: str, address: str) -> int:
        client = sign_in(who)
        client.get(address)
        with statements(app.extensions["engine"]) as sent:
            assert client.get(address).status_code == 200
        return len(sent.reads)

    first = {who: reads(who, "/warnings") for who in ("officer", "reviewer", "leader")}
    homes = {who: reads(who, "/") for who in ("officer", "reviewer", "leader", "administrator")}
    with database() as session:
        zone = session.merge(cast.zone)
        for number in range(30):
            make_project(session, zone, unit=cast.unit, signed_on=ago(30 * number + 200))
        make_user(session, zone, Role.auditor, login="shenji", name="审计")
        session.commit()
    assert first == {who: reads(who, "/warnings") for who in first}
    assert homes == {who: reads(who, "/") for who in homes}
    assert max(first.values()) <= 6
    assert homes["officer"] <= 12
    assert max(homes.values()) <= 15
    assert reads("officer", "/warnings/count") <= 6
    assert reads("administrator", "/warnings/rules") <= 15


def test_scripts_stay_words(sign_in, cast, database):
    with database() as session:
        project = make_project(
            session,
            session.merge(cast.zone),
            unit=cast.unit,
            name=SCRIPT,
            signed_on=ago(300),
            officer=SCRIPT[:40],
        )
        session.commit()
    officer = sign_in("officer")
    assert excuse(officer, project, reason=SCRIPT).status_code == 303
    for address in (
        "/",
        "/warnings",
        f"/projects/{project.id}",
        "/tasks",
        f"/warnings/{project.id}/excuse/unstarted",
    ):
        page = officer.get(address).text
        assert SCRIPT not in page
        assert "&lt;img" in page
    assert SCRIPT not in sign_in("leader").get("/warnings?tab=asked").text
