"""The page of the audit log: found, told in Chinese, exported, checked; only for those who audit."""

from __future__ import annotations

import ast
import io
from pathlib import Path
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from sqlalchemy import select, text

from app.accounts.rules import Role
from app.audit.models import AuditEntry
from app.audit.operations import note
from app.audit.rules import Actor
from app.web.audit.deeds import ACTIONS, ENTITIES
from tests.audit.unguarded import unguarded
from tests.browser import accessibility_faults, follow, see, serve
from tests.factories import make_lead, make_project, make_user
from tests.web.conftest import statements, token_for
from tests.web.tables import exported

APP = Path(__file__).parents[2] / "app"


@pytest.fixture
def entries(cast, database):
    """Five changes of one project, one of another zone."""
    with database() as session:
        zone = session.merge(cast.zone)
        project = make_project(
            session, zone, number="锂电-7", name="锂电<b>正极</b>材料项目", unit=session.merge(cast.unit)
        )
        actor = Actor(zone.id, cast.wu.id, "吴建军", address="10.1.2.3", request_id="ab12cd34")
        note(session, actor, action="change", entity="project", entity_id=project.id,
             before={"officer": "李四", "unit_id": cast.other_unit.id, "investment_fen": 5_800_000_000_00, "stage": "talks"},
             after={"officer": "王五100%", "unit_id": cast.unit.id, "investment_fen": 6_000_000_000_00, "stage": "signed"})  # fmt: skip
        note(session, actor, action="add_user", entity="user_account", entity_id=cast.second.id,
             after={"role": "officer", "active": True})  # fmt: skip
        far = Actor(cast.other_zone.id, cast.outsider.id, "外人")
        note(
            session, far, action="change", entity="zone", entity_id=cast.other_zone.id, after={"name": "霍城"}
        )
        session.commit()
    return project


def test_an_entry_is_told_in_chinese_with_old_and_new(sign_in, entries):
    page = sign_in("administrator").get("/audit").text
    assert "项目：修改" in page
    assert "锂电&lt;b&gt;正极&lt;/b&gt;材料项目" in page
    assert "当前阶段</span> <del>在谈</del> → <ins>签约</ins>" in page
    assert "<del>招商二部</del> → <ins>招商一部</ins>" in page
    assert "<del>580,000.00 万元</del>" in page
    assert "<ins>600,000.00 万元</ins>" in page
    assert "岗位</span> 招商专员" in page
    assert "外人" not in page
    assert "霍城" not in page


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("who=建军", 2),
        ("who=外人", 0),
        ("record=正极材料", 0),
        ("record=材料项目", 1),
        ("record=锂电-7", 1),
        ("record=古丽格娜", 1),
        ("entity=project", 1),
        ("entity=nonsense", None),
        ("q=王五", 1),
        ("q=100%", 1),
        ("q=霍城", 0),
        ("q=\\", 0),
        ("q=_", None),
        ("from=2024-01-01", None),
        ("to=2024-01-01", 0),
        ("q=王五&who=建军&entity=project&record=锂电", 1),
    ],
)
def test_the_log_is_searched_and_the_export_is_what_was_found(sign_in, entries, condition, count):
    client = sign_in("administrator")
    address = quote(condition, safe="=&")
    page = client.get(f"/audit?{address}").text
    rows = exported(client.get(f"/audit/export.xlsx?{address}"))[1:]
    if count is not None:
        assert page.count("<tr data-row>") == count
        assert len(rows) == count
    assert "霍城" not in str(rows)


@pytest.mark.parametrize("address", ["/audit?from=gestern", "/audit/export.xlsx?to=2024-02-31"])
def test_a_day_that_is_none_is_said(sign_in, entries, address):
    assert sign_in("administrator").get(address).status_code == 422


def test_the_page_takes_few_queries(app, sign_in, entries):
    client = sign_in("administrator")
    client.get("/audit?month=2024-06")
    with statements(app.extensions["engine"]) as sent:
        client.get("/audit?record=锂电&who=吴&q=王")
    assert len(sent.reads) <= 6, sent.reads


@pytest.mark.parametrize("who", ["officer", "second", "reviewer", "leader"])
@pytest.mark.parametrize("address", ["/audit", "/audit/export.xlsx", "/audit/check"])
def test_others_do_not_read_the_log(sign_in, entries, who, address):
    assert sign_in(who).get(address).status_code == 403


def test_an_auditor_reads_the_log_and_does_nothing_else(app, cast, database, entries, client):
    with database() as session:
        auditor = make_user(session, session.merge(cast.zone), Role.auditor, name="审计小组")
        session.commit()
    client.set_cookie("zhaoshang", token_for(app, auditor))
    assert "王五" in client.get("/audit").text
    assert "完整" in client.get("/audit/check").text
    assert client.get("/admin/users").status_code == 403
    assert client.get("/projects/new").status_code == 403


def test_what_a_lead_says_is_not_read_for_administrations_sake(app, cast, database, client, sign_in):
    with database() as session:
        zone = session.merge(cast.zone)
        lead = make_lead(session, zone, session.merge(cast.unit), name="机密线索")
        actor = Actor(zone.id, cast.wu.id, "吴建军")
        note(session, actor, action="answer", entity="lead", entity_id=lead.id, after={"text": "密谈"})
        auditor = make_user(session, zone, Role.auditor, name="审计小组")
        session.commit()
    administrator = sign_in("administrator")
    page = administrator.get("/audit").text
    assert "线索：首次答复" in page
    assert "内容不显示" in page
    for address in ("/audit", "/audit?q=密谈", "/audit?record=机密", "/audit/export.xlsx"):
        answer = administrator.get(address)
        told = (
            str(list(load_workbook(io.BytesIO(answer.data))["操作记录"].values))
            if "xlsx" in address
            else answer.text
        )
        assert "<tr data-row>" not in told or address == "/audit"
        assert "机密线索" not in told
        assert "密谈</" not in told
    client.set_cookie("zhaoshang", token_for(app, auditor))
    assert "密谈" in client.get("/audit?record=机密").text


def test_the_check_names_the_first_entry_that_was_touched(app, sign_in, entries):
    client = sign_in("administrator")
    whole = client.get("/audit/check").text
    assert "操作记录完整" in whole
    with app.extensions["engine"].begin() as connection, unguarded(connection):
        connection.execute(
            text("UPDATE audit_entry SET actor_name = '别人' WHERE actor_name = '吴建军' AND seq = 1")
        )
    broken = client.get("/audit/check").text
    assert "第 1 条内容与校验值不符" in broken
    assert "第 1 条" in app.test_cli_runner().invoke(
        args=["audit", "verify", "--zone", "喀什经济开发区"]
    ).output  # fmt: skip


def test_the_command_says_whether_the_chain_is_whole(app, cast, entries):
    run = app.test_cli_runner().invoke
    good = run(args=["audit", "verify", "--zone", "喀什经济开发区"])
    assert good.exit_code == 0
    head = good.output.split("链尾 ")[1].strip()
    assert run(args=["audit", "verify", "--zone", "喀什经济开发区", "--known", head]).exit_code == 0
    changed = head[:-1] + ("0" if head[-1] != "0" else "1")
    bad = run(args=["audit", "verify", "--zone", "喀什经济开发区", "--known", changed])
    assert bad.exit_code == 1
    assert "改写" in bad.output
    assert run(args=["audit", "verify", "--zone", "喀什经济开发区", "--known", "x"]).exit_code == 1
    assert run(args=["audit", "verify", "--zone", "无此区"]).exit_code == 1


def test_an_end_noted_earlier_is_compared(sign_in, entries):
    client = sign_in("administrator")
    assert "改写过" in client.get("/audit/check?known=1:" + "0" * 64).text
    assert "比先前记下的链尾短" in client.get("/audit/check?known=999:" + "0" * 64).text
    assert "请写成" in client.get("/audit/check?known=hallo").text


def test_every_entry_says_from_which_session_address_and_request(sign_in, cast, database):
    client = sign_in("administrator")
    answer = client.send("/admin/lists/area", {"name": "综合保税区"})
    with database() as session:
        row = session.execute(text("SELECT * FROM audit_entry WHERE entity = 'area'")).one()
    assert row.address == "127.0.0.1"
    assert row.request_id == answer.headers["X-Request-Id"]
    assert row.session_id is not None


def test_every_deed_in_the_code_has_a_chinese_word():
    for path in APP.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "note":
                named = {word.arg: word.value for word in call.keywords}
                for name, words in (("action", ACTIONS), ("entity", ENTITIES)):
                    value = named.get(name)
                    if isinstance(value, ast.Constant):
                        assert value.value in words, (
                            f"{path}:{call.lineno}: add {value.value!r} to app/web/audit/deeds.py"
                        )


def test_the_log_in_a_browser(app, sign_in, cast, entries, page, phone, request):
    client = sign_in("administrator")
    cookie = client.get_cookie("zhaoshang")
    with serve(app) as address:
        for view in (page, phone):
            view.context.add_cookies([{"name": "zhaoshang", "value": cookie.value, "url": address}])
            view.goto(f"{address}/audit")
            view.get_by_text("加条件").click()
            view.get_by_label("改动前后的内容").fill("王五")
            follow(view.get_by_role("button", name="按条件查看"))
            view.locator(".fchip", has_text="王五").wait_for()
            expect(view.locator("tr[data-row]")).to_have_count(1)
            assert accessibility_faults(view) == []
            follow(view.get_by_role("link", name="校验完整性"))
            see(view, "操作记录完整")
            assert accessibility_faults(view) == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/projects/export.xlsx", "不限"),
        ("/projects/contracts.xlsx?stage=talks", "阶段 在谈"),
        ("/projects/commitments.xlsx?stage=talks", "阶段 在谈"),
        ("/funds/export.xlsx?state=pending", "状态 待审核"),
        ("/investors/export.xlsx?q=恒达", "包含 恒达"),
        ("/leads/export.xlsx?q=恒达", "包含 恒达"),
        ("/activities/export.xlsx?kind=visit_in", "方式 来访接待"),
        ("/warnings/export.xlsx?tab=red&rule=signed", "范围 红色；规则 签约后未推进"),
        ("/figures/export.xlsx?source=区外境内", "资金来源 区外境内"),
        ("/audit/export.xlsx?who=吴建军", "人员 吴建军"),
    ],
)
def test_an_export_says_what_its_list_was_narrowed_to(sign_in, address, words):
    client = sign_in("administrator" if address.startswith("/audit") else "reviewer")
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    *_rows, last = load_workbook(io.BytesIO(answer.data)).worksheets[0].values
    assert str(last[0]).partition("，条件：")[2] == words


def test_an_export_says_who_made_it_and_stands_in_the_log(sign_in, entries, database, cast):
    client = sign_in("officer")
    answer = client.get("/projects/export.xlsx?big=1&q=锂电")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    assert str(rows[-1][0]).startswith("制表：喀什经济开发区　吴建军（招商专员）　20")
    assert str(rows[-1][0]).endswith("由系统导出，条件：包含 锂电；总投资 1亿元（含）以上")
    with database() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()
    assert [(entry.actor_name, (entry.after or {})["conditions"]) for entry in found] == [
        ("吴建军", "/projects/export.xlsx?big=1&q=锂电")
    ]
    assert "导出表格：导出" in sign_in("administrator").get("/audit?entity=export").text
