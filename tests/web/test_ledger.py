"""A ledger comes in through the browser: recognised, judged, put right in place, written by a worker, taken back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html  # type: ignore[import-untyped]
from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.funds.models import FundArrival
from app.jobs.models import Job
from app.jobs.rules import JobState
from app.kernel import clock
from app.ledger.models import BatchState, ImportBatch, ImportRow
from app.ledger.rules import ARRIVALS, PROJECTS, TARGETS
from app.ledger.workbook import read_workbook
from app.pipeline.models import Project
from tests.factories import WAN, make_investor, make_project
from tests.ledger.sheets import ARRIVAL, PROJECT, TARGET, save, workbook
from tests.web.conftest import Cast, Client, statements
from tests.web.ledgers import line, officers_ledger

Database = Callable[[], Session]


def xlsx(**rows: list[dict[str, Any]]) -> io.BytesIO:
    stream = io.BytesIO()
    save(workbook(**rows), stream)
    stream.seek(0)
    return stream


def upload(client: Client, stream: io.BytesIO, name: str = "台账.xlsx", **fields: str) -> str:
    """Send a file; returns the address of its page."""
    answer = client.send("/ledger/", {"file": (stream, name), **fields}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    address: str = answer.location
    answer.close()
    return address


COUNTED = ("新增", "变更", "无变化", "未写入")


@pytest.fixture
def wait(do_jobs: Callable[[], int]) -> Callable[[Client, str], str]:
    """The page once a worker has done its part."""

    def done(client: Client, address: str) -> str:
        assert do_jobs() == 1
        assert not client.get(f"{address}/progress").get_json()["running"]
        return client.get(address, follow_redirects=True).text

    return done


def say(client: Client, address: str, **said: str) -> str:
    """Send one answer or decision and give the page that follows."""
    answer = client.send(address, said)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location, follow_redirects=True).text


def count(database: Database, kind: Any) -> int:
    with database() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def row_id(database: Database, row: int) -> int:
    with database() as session:
        return session.scalars(select(ImportRow.id).where(ImportRow.row == row)).one()


def words(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def test_project_cards_are_recognised_and_judged(sign_in: Callable[[str], Client], wait: Any) -> None:
    book, stream = Workbook(), io.BytesIO()
    sheet = book.create_sheet("卡片", 0)
    for cells in (
        ["项目信息卡"], ["项目名称", "电池项目", "投资方", "江苏恒科有限公司"], ["责任单位", "招商一部", "项目阶段", "签约"],
        ["签约时间", "2024-13-05", "总投资（万元）", 9000],
    ):  # fmt: skip
        sheet.append(cells)
    book.save(stream)
    stream.seek(0)
    client = sign_in("reviewer")
    address = upload(client, stream, name="信息卡.xlsx", add_lists="y")
    page = wait(client, address)
    assert "是项目信息卡：1 行" in words(page)
    assert 'data-field="' not in page, "no column of the sheet is a field"
    assert say(client, f"{address}/judge")
    assert "B4" in wait(client, address), "what is wrong on a card is named by its cell in the file"


def test_the_whole_road_and_back(
    sign_in: Callable[[str], Client], database: Database, cast: Cast, wait: Any
) -> None:
    with database() as session:
        owner = make_investor(session, cast.zone, "旧项目投资有限公司")
        make_project(session, cast.zone, unit=cast.unit, investor=owner, name="旧项目", total_fen=13000 * WAN)
        session.commit()
    client = sign_in("reviewer")
    rows = [
        line(1, "电池项目", **{"2024年1月到位资金": 800}),
        line(2, "纺织项目", 签约时间="2024-13-05"),
        line(3, "旧项目", 总投资=130000000),
        line(4, "不要的项目"),
    ]
    address = upload(client, officers_ledger(rows, notes="请勿外传"), name="推进表.xlsx", add_lists="y")
    page = words(wait(client, address))
    assert "识别结果" in page
    assert "推进表.xlsx" in page
    assert "未识别" in page, "the sheet of notes is a tab that says so"
    assert "附加列" in page
    assert "→ 已用作金额单位" in page

    # A column that the system does not know is told by hand, and its reason stands with it.
    page = say(client, f"{address}/recognise", sheet="台账", letters="J", field="建设内容")
    assert re.search(r'data-column="J"[^>]*data-field="建设内容"[^>]*data-how="指定"', page)
    refused = words(say(client, f"{address}/recognise", sheet="台账", letters="J", field="瞎填的字段"))
    assert "无法识别" in refused
    assert "瞎填" in refused

    assert say(client, f"{address}/judge")
    page = words(wait(client, address))
    assert "没有 13 月" in page or "不存在" in page
    assert count(database, Project) == 1, "nothing is written before somebody says so"

    page = words(say(client, f"{address}/rows/{row_id(database, 5)}/cell", cell="F5", text="2023-12-05"))
    assert "第 5 行已改，现在是" in page
    old = row_id(database, 6)
    with database() as session:
        [question] = session.get_one(ImportRow, (cast.zone.id, old)).questions
    page = say(client, f"{address}/rows/{old}/choose", question=question["key"], value="keep")
    assert html.fromstring(page).xpath("//button[@aria-pressed='true']/text()") == ["留现值"]
    page = words(say(client, f"{address}/take", row=str(row_id(database, 7)), take="0"))
    assert "之后改动、答复的 3 行未计入" in page
    # Judged anew, the figures are those of what was put right and chosen, which stays.
    say(client, f"{address}/judge")
    assert "未计入" not in wait(client, address)
    with database() as session:
        taken = {row.row: row.take for row in session.scalars(select(ImportRow))}
    assert taken == {4: True, 5: True, 6: taken[6], 7: False}

    assert say(client, f"{address}/confirm")
    result = wait(client, address)
    assert "已写入" in words(result)
    assert "撤销整批" in result
    with database() as session:
        named = set(session.scalars(select(Project.name)))
        assert named == {"旧项目", "电池项目", "纺织项目"}
        assert (
            session.scalars(select(Project.content).where(Project.name == "电池项目")).one() == "年产 1 万件"
        )
        assert session.scalars(select(FundArrival.claimed_fen)).one() == 800 * WAN
    late = client.send(f"{address}/confirm")
    assert late.status_code == 303
    assert "这次导入现在是“已导入”" in words(client.get(late.headers["Location"]).text)
    # Its rows lead to the records, its file can be had again.
    assert html.fromstring(result).xpath(
        "//table[contains(@class, 'written')]//a[starts-with(@href, '/projects/')]"
    )
    assert client.get(f"{address}/file").data[:2] == b"PK"

    assert say(client, f"{address}/undo")
    undone = wait(client, address)
    assert "已撤销整批" in words(undone)
    links = html.fromstring(undone).xpath("//table[contains(@class, 'written')]//a/@href")
    assert [link for link in links if client.get(link).status_code != 200] == []
    assert count(database, Project) == 1
    assert count(database, FundArrival) == 0
    listed = client.get("/ledger/").text
    assert "撤销" in listed
    # The list says what was written, by what the answers made of it, not what the judging had found.
    cells = {word: html.fromstring(listed).xpath(f"//td[@data-word='{word}']/text()") for word in COUNTED}
    assert cells == {"新增": ["2"], "变更": ["1"], "无变化": ["0"], "未写入": ["1"]}

    # What was said about the column is known to the next file.
    page = wait(client, upload(client, officers_ledger(rows[:1])))
    assert re.search(r'data-column="J"[^>]*data-field="建设内容"[^>]*data-how="上次"', page)
    assert "上次对应" in page


def test_what_is_in_doubt_is_asked_and_answered_on_the_page(
    sign_in: Callable[[str], Client], wait: Any
) -> None:
    client = sign_in("reviewer")
    address = upload(client, officers_ledger([line(1, "电池项目")], unit="", notes="说明文字"))
    page = wait(client, address)
    assert "没有写明单位" in page
    answer = client.send(f"{address}/judge")
    assert answer.status_code == 303
    assert "处需要确定" in client.get(answer.location).text, "while something is open nothing is judged"
    doubts = page.count('class="note w ask"')
    page = say(client, f"{address}/recognise", sheet="台账", letters="H", unit="万元")
    assert page.count('class="note w ask"') == doubts - 1

    page = say(client, f"{address}/recognise", unit="万元")
    assert 'class="note w ask"' not in page
    page = words(say(client, f"{address}/recognise", sheet="台账", head_first="1", head_last="1"))
    assert "手工指定" in page or "没有识别出" in page
    page = words(say(client, f"{address}/recognise", sheet="台账", forget="heads"))
    assert "手工指定" not in page
    page = words(say(client, f"{address}/recognise", sheet="台账", skip="1"))
    assert "此表不导入" in page
    page = words(say(client, f"{address}/recognise", sheet="台账", skip="0"))
    assert "此表不导入" not in page


def test_a_value_that_no_column_gives_is_filled_in_once_for_all_rows(
    sign_in: Callable[[str], Client], database: Database, wait: Any
) -> None:
    client = sign_in("reviewer")
    rows = [line(n, f"项目{n}", 投资方所在地=None, **{"2024年1月到位资金": 80 * n}) for n in (1, 2)]
    address = upload(client, officers_ledger(rows))
    wait(client, address)
    say(client, f"{address}/judge")
    page = wait(client, address)
    assert words(page).count("请填写资金来源") >= 2
    assert html.fromstring(page).xpath("//form[contains(@action, '/fill')]//option[. = '区外境内']")
    answer = client.send(f"{address}/fill", {"field": "资金来源", "value": "区外境内"})
    assert answer.status_code == 303
    assert "写入 2 行" in wait(client, address)
    assert client.send(f"{address}/fill", {"field": "没有的字段", "value": "x"}).status_code == 303
    assert "不是字段" in client.get(f"{address}/verdicts").text


def test_a_long_sheet_is_sent_in_windows_and_long_verdicts_in_pages(
    sign_in: Callable[[str], Client], app: Flask, database: Database, cast: Cast, wait: Any
) -> None:
    client = sign_in("reviewer")
    rows = [line(number, f"项目{number:03}") for number in range(1, 171)]
    address = upload(client, officers_ledger(rows), add_lists="y")
    page = wait(client, address)
    shown = html.fromstring(page).xpath("//tbody[@data-rows]/tr")
    assert len(shown) == 100
    further = client.get(f"{address}/rows?sheet=台账&start=101").text
    assert len(html.fromstring(further).xpath("//tr")) == 73
    assert "项目170" in further
    assert "data-more" not in further
    with database() as session:
        batch = session.scalars(select(ImportBatch)).one()
        batch.state, batch.figures = BatchState.judged, []
        for number in range(300):
            session.add(
                ImportRow(
                    zone_id=cast.zone.id, batch_id=batch.id, sheet="台账", row=number + 4, kind="project",
                    label=f"项目{number}", verdict="new" if number % 2 else "refused", take=bool(number % 2),
                    problems=[] if number % 2 else [{"cell": f"E{number + 4}", "head": "合同签订日期", "message": "没有 13 月"}],
                    changes=[{"cell": "C4", "head": "项目名称", "old": "", "new": f"项目{number}"}], questions=[],
                )
            )  # fmt: skip
        session.commit()
    with statements(app.extensions["engine"]) as sent:
        page = client.get(f"{address}/verdicts").text
    assert len(sent.reads) <= 10
    assert len(html.fromstring(page).xpath("//table[contains(@class, 'verdicts')]/tbody/tr")) == 50
    assert "第 1 / 6 页" in page
    assert "写入 150 行" in page
    assert "写入 0 行" in say(client, f"{address}/take?tab=new", tab="new", take="0")
    assert "写入 150 行" in say(client, f"{address}/take?tab=new", tab="new", take="1")


def test_hostile_words_stay_words(sign_in: Callable[[str], Client], wait: Any) -> None:
    client = sign_in("reviewer")
    script = "<script>alert(1)</script>"
    rows = [line(1, script, 总投资=script)]
    address = upload(client, officers_ledger(rows, name="<b>台账"), name="<b>坏.xlsx", add_lists="y")
    page = wait(client, address)
    assert say(client, f"{address}/judge")
    page += wait(client, address) + client.get("/ledger/").text
    assert "不是金额" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "<b>坏" not in page
    assert "<b>台账" not in page


@pytest.mark.parametrize(("content", "told"), [(b"PK\x03\x04 torn off", "没有读成"), (b"", "空")])
def test_what_is_no_workbook_is_refused(
    sign_in: Callable[[str], Client], content: bytes, told: str, wait: Any
) -> None:
    client = sign_in("administrator")
    answer = client.send(
        "/ledger/", {"file": (io.BytesIO(content), "x.xlsx")}, content_type="multipart/form-data"
    )
    page = answer.text if answer.status_code == 422 else ""
    if answer.status_code == 303:
        address = answer.location
        answer.close()
        page = wait(client, address)
        assert "另存为" in page
    assert told in page


def test_without_a_file_the_form_says_so(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("reviewer")
    assert "第一次导入" in client.get("/ledger/").text
    answer = client.send("/ledger/", {}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "请选择要导入的台账文件" in answer.text


def test_only_who_may_import_sees_an_import_and_only_in_its_zone(
    sign_in: Callable[[str], Client], database: Database, wait: Any
) -> None:
    address = upload(
        sign_in("reviewer"), officers_ledger([line(1, "秘密项目")]), name="秘密台账.xlsx", add_lists="y"
    )
    wait(sign_in("reviewer"), address)
    pages = ("", "/progress", "/recognise", "/rows", "/verdicts", "/result", "/file")
    deeds = (
        "/recognise",
        "/judge",
        "/rows/1/cell",
        "/rows/1/choose",
        "/take",
        "/answers",
        "/confirm",
        "/undo",
    )
    for who, status in (("outsider", 404), ("officer", 403), ("leader", 403)):
        client = sign_in(who)
        assert {client.get(address + page).status_code for page in pages} == {status}
        assert {client.send(address + deed).status_code for deed in deeds} == {status}
        assert client.get("/ledger/").status_code == (200 if who == "outsider" else 403)
        assert "秘密台账" not in client.get("/ledger/").text
    client = sign_in("reviewer")
    assert client.post(f"{address}/judge").status_code == 400, "without its token no form is taken"
    # A row of another import is no row of this one.
    other = upload(client, officers_ledger([line(1, "别的项目")]), add_lists="y")
    wait(client, other)
    say(client, f"{other}/judge")
    wait(client, other)
    say(client, f"{address}/judge")
    wait(client, address)
    with database() as session:
        [strange] = session.scalars(select(ImportRow.id).where(ImportRow.label == "别的项目"))
    assert client.send(f"{address}/rows/{strange}/cell", {"cell": "F4", "text": "x"}).status_code == 404


def test_without_a_worker_the_page_says_what_it_waits_for(
    sign_in: Callable[[str], Client], do_jobs: Callable[[], int]
) -> None:
    client = sign_in("reviewer")
    address = upload(client, xlsx(projects=[PROJECT]), add_lists="y")
    state = client.get(f"{address}/progress").get_json()
    assert state["running"]
    assert "等待后台服务" in state["step"]
    assert "等待后台服务" in client.get(address).text
    assert do_jobs() == 1
    assert "识别结果" in client.get(address, follow_redirects=True).text


def test_a_failed_job_says_why_and_is_tried_again(
    sign_in: Callable[[str], Client], database: Database, app: Flask, wait: Any, do_jobs: Any
) -> None:
    client = sign_in("reviewer")
    address = upload(client, xlsx(projects=[PROJECT]), add_lists="y")
    [path] = Path(app.extensions["config"].instance_path).glob("imports/*/*.xlsx")
    whole = path.read_bytes()
    path.write_bytes(whole[:200])
    assert "什么都没有写入" in wait(client, address)
    with database() as session:
        job = session.scalars(select(Job)).one()
        assert (job.state, job.attempt) == (JobState.failed, 1)
        assert job.said
    path.write_bytes(whole)
    assert client.send(f"/jobs/{job.id}/retry").status_code == 303
    assert "识别结果" in wait(client, address)
    assert do_jobs() == 0
    with database() as session:
        assert session.scalars(select(Job.state)).one() is JobState.done


def test_the_products_own_form_takes_the_same_road(
    sign_in: Callable[[str], Client], database: Database, wait: Any
) -> None:
    client = sign_in("reviewer")
    address = upload(client, xlsx(projects=[PROJECT], arrivals=[ARRIVAL], targets=[TARGET]), add_lists="y")
    wait(client, address)
    assert say(client, f"{address}/judge")
    page = words(wait(client, address))
    assert "将补充" in page
    assert "写入 3 行" in page
    say(client, f"{address}/confirm")
    assert "已写入 3 行" in words(wait(client, address))
    # The same file again: nothing to write, and the button says so.
    again = upload(client, xlsx(projects=[PROJECT], arrivals=[ARRIVAL], targets=[TARGET]))
    wait(client, again)
    say(client, f"{again}/judge")
    page = words(wait(client, again))
    assert "台账与系统一致" in page
    assert "没有勾选要写入的行" in page
    assert client.send(f"{again}/confirm").status_code == 303
    assert count(database, Project) == 1


def test_everybody_of_the_zone_may_download_the_empty_ledger(
    sign_in: Callable[[str], Client], tmp_path: Path
) -> None:
    for who in ("officer", "leader", "reviewer"):
        answer = sign_in(who).get("/ledger/template.xlsx")
        assert answer.status_code == 200
    path = tmp_path / "empty.xlsx"
    path.write_bytes(answer.data)
    book = read_workbook(path)
    assert [sheet.name for sheet in book.sheets if not sheet.hidden] == [
        f.name for f in (PROJECTS, ARRIVALS, TARGETS)
    ]


def test_the_list_of_imports_asks_the_database_little(
    sign_in: Callable[[str], Client], app: Flask, database: Database, cast: Cast
) -> None:
    with database() as session:
        for number in range(30):
            session.add(
                ImportBatch(
                    zone_id=cast.zone.id,
                    file_name=f"{number}.xlsx",
                    sha256="0" * 64,
                    state=BatchState.done,
                    made_name="马晓琳",
                    made_at=clock.now(),
                )
            )
        session.commit()
    client = sign_in("reviewer")
    client.get("/ledger/")
    with statements(app.extensions["engine"]) as sent:
        assert client.get("/ledger/").status_code == 200
    assert len(sent.reads) <= 6
