"""上报表 as people meet them: uploaded, tied by clicking, filled by a job, checked; and who may not."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.reporting.models import ReportFill, ReportForm
from tests.browser import accessibility_faults, follow, serve
from tests.factories import WAN, make_arrival, make_project
from tests.reporting import books
from tests.web.conftest import Cast, statements

Database = Callable[[], Session]


@pytest.fixture
def projects(database: Database, cast: Cast) -> None:
    with database() as session:
        zone, unit = session.merge(cast.zone), session.merge(cast.unit)
        for number in range(1, 4):
            project = make_project(session, zone, unit=unit, name=f"电池项目{number}", signed_on=None)
            make_arrival(session, zone, project, number * 100 * WAN)
        session.commit()


def upload(client: Any, content: bytes, name: str = "在谈库") -> Any:
    return client.send(
        "/report-forms/new",
        {"name": name, "file": (io.BytesIO(content), "表样.xlsx")},
        content_type="multipart/form-data",
    )


def only(database: Database, kind: Any) -> Any:
    with database() as session:
        return session.scalars(select(kind)).one()


def test_a_workbook_is_uploaded_tied_and_filled_by_a_job(sign_in, database, cast, projects, do_jobs):
    reviewer = sign_in("reviewer")
    answer = upload(reviewer, books.talks())
    assert answer.status_code == 303
    page = reviewer.get(answer.location).text
    assert "投资方名称" in page
    form = only(database, ReportForm)
    sent = {
        "name": "在谈库", "sheet": "在谈", "version": form.version, "head_first": 2, "head_last": 2, "data_row": 3,
        "block": 1, "last_row": 3, "t-0-A-field": "serial", "t-0-C-field": "name", "t-0-E-field": "funds_ytd",
        "t-0-E-unit": "亿元", "t-0-E-places": "4", "s-0-cell": "a1", "s-0-text": "{年}年谋划\r\n（在谈）项目库", "order": "name",
        "title": "", "stages": ["talks"], "total": "bottom",
    }  # fmt: skip
    assert reviewer.send(f"/report-forms/{form.id}", sent).status_code == 303
    stale = reviewer.send(f"/report-forms/{form.id}", sent)
    assert stale.status_code == 409
    refused = reviewer.send(f"/report-forms/{form.id}", {**sent, "version": 2, "data_row": 2})
    assert refused.status_code == 422
    assert "数据行应在表头之下" in refused.text
    officer = sign_in("officer")
    answer = officer.send(f"/report-forms/{form.id}/fill", {"month": "2024-06"})
    assert "正在" in officer.get(answer.location).text or "等待" in officer.get(answer.location).text
    # what is being filled is what was asked for, whatever becomes of the form meanwhile
    assert reviewer.send(f"/report-forms/{form.id}/remove").status_code == 303
    assert do_jobs() == 1
    page = officer.get(answer.location).text
    assert "合计与系统指标一致" in page
    link = re.search(r'href="(/jobs/\d+/file)"', page)
    assert link
    sheet = openpyxl.load_workbook(io.BytesIO(officer.get(link[1]).data)).worksheets[0]
    assert sheet["A1"].value == "2024年谋划\n（在谈）项目库"
    assert [sheet[f"C{row}"].value for row in range(3, 7)] == ["电池项目1", "电池项目2", "电池项目3", "合计"]
    assert [sheet[f"E{row}"].value for row in range(3, 7)] == [0.01, 0.02, 0.03, 0.06]
    assert sheet["E3"].number_format == "#,##0.0000"
    assert "填上报表" in officer.get("/jobs/").text
    with database() as session:
        deeds = session.scalars(
            select(AuditEntry.action).where(AuditEntry.entity == "report_form").order_by(AuditEntry.seq)
        ).all()
    assert deeds == ["make", "change", "fill", "remove"]


def test_a_difference_is_red_on_the_page_when_nothing_explains_it(sign_in, database, cast, projects, do_jobs):
    reviewer = sign_in("reviewer")
    upload(reviewer, books.monthly(), "月报")
    form = only(database, ReportForm)
    with database() as session:
        stored = session.get_one(ReportForm, (form.zone_id, form.id))
        stored.setup = {"月报": {**stored.setup["月报"], "rows": {"units": [cast.other_unit.id]}}}
        session.commit()
    reviewer.send(f"/report-forms/{form.id}/fill", {"month": "2024-06"})
    do_jobs()
    fill = only(database, ReportFill)
    page = reviewer.get(f"/report-forms/fills/{fill.id}").text
    assert "未列入本表的 3 个项目有 600.00 万元" in page
    assert "没有符合条件的项目" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "文件是空的"), (b"<html><table></table></html>", "网页"), (b"PK\x03\x04broken", "已损坏"), (b"a,b\n1,2\n", "应为 .xlsx 工作簿")],
    ids=["empty", "html", "broken", "csv"],
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_refused_beside_the_field(sign_in, database, content, words):
    answer = upload(sign_in("administrator"), content)
    assert answer.status_code == 422
    assert words in answer.text
    with database() as session:
        assert session.scalars(select(ReportForm)).all() == []


def test_officers_fill_and_do_not_change(sign_in, database, projects):
    upload(sign_in("reviewer"), books.talks())
    form = only(database, ReportForm)
    officer = sign_in("officer")
    page = officer.get("/report-forms/").text
    assert "填报" in page
    assert "上传并识别" not in page
    assert officer.get(f"/report-forms/{form.id}").status_code == 403
    assert officer.send(f"/report-forms/{form.id}/remove").status_code == 403
    for who in ("outsider", "outside_reviewer"):
        other = sign_in(who)
        assert "在谈库" not in other.get("/report-forms/").text
        assert other.send(f"/report-forms/{form.id}/fill", {"month": "2024-06"}).status_code == 404


def test_the_list_asks_six_times_whatever_it_holds(sign_in, app, database, cast, projects):
    client = sign_in("reviewer")
    for number in range(3):
        upload(client, books.talks(), f"表{number}")
    with statements(app.extensions["engine"]) as sent:
        client.get("/report-forms/")
    assert len(sent.reads) <= 6, sent.reads


def test_the_command_line_fills_and_says_how_the_sums_compare(app, sign_in, database, projects, tmp_path):
    upload(sign_in("reviewer"), books.monthly(), "月报")
    zone = ["--zone", "喀什经济开发区"]

    def run(*arguments: str) -> Any:
        return app.test_cli_runner().invoke(args=["report", *arguments, *zone])

    assert "月报　第 1 版" in run("list").output
    done = run("fill", "月报", "2024-06", "-o", str(tmp_path / "月报.xlsx"))
    assert done.exit_code == 0, done.output
    assert "本年到位资金合计：本表 600.00 万元，系统指标 600.00 万元，一致" in done.output
    assert (
        openpyxl.load_workbook(tmp_path / "月报.xlsx")["月报"]["A1"].value
        == "××县招商引资项目月报台账（2024年1—6月）"
    )
    for arguments, words in (
        (("fill", "没有", "2024-05", "-o", "x.xlsx"), "现有：月报"),
        (("fill", "月报", "2024-13", "-o", "x.xlsx"), "月份“2024-13”无法识别"),
        (("fill", "月报", "2024-05", "-o", str(tmp_path / "none" / "x.xlsx")), "不存在"),
    ):
        refused = run(*arguments)
        assert refused.exit_code == 1
        assert words in refused.output


def test_rows_columns_and_cells_are_picked_by_clicking(app, sign_in, database, projects, page, cast):
    client = sign_in("reviewer")
    upload(client, books.works())
    form = only(database, ReportForm)
    with serve(app) as address:
        page.context.add_cookies(
            [{"name": "zhaoshang", "value": client.get_cookie("zhaoshang").value, "url": address}]
        )
        page.goto(f"{address}/report-forms/{form.id}")
        expect(page.locator("tr.is-head")).to_have_count(1)
        expect(page.locator("tr.is-data")).to_have_count(1)
        page.get_by_label("数据行的行号").fill("")
        page.get_by_label("数据行的行号").focus()
        page.get_by_role("button", name="第 4 行").click()
        expect(page.get_by_label("数据行的行号")).to_have_value("4")
        page.locator('[data-at="F4"]').click()
        row = page.locator('[data-column="F"]')
        expect(row).to_contain_class("here")
        row.locator("[data-field]").select_option("funds_ytd")
        expect(row.get_by_label("单位")).to_be_visible()
        page.locator('[data-at="A1"]').click()
        cell = page.locator("[data-single-row].here")
        expect(cell.locator("[data-cell]")).to_have_value("A1")
        cell.get_by_label("文字", exact=True).fill("附件2：{年月}")
        assert accessibility_faults(page) == []
        follow(page.get_by_role("button", name="保存", exact=True))
        page.get_by_text("已保存").wait_for()
    stored = only(database, ReportForm).setup["在建"]
    assert stored["ties"]["F4"]["field"] == "funds_ytd"
    assert stored["singles"]["A1"]["text"] == "附件2：{年月}"
