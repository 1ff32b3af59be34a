"""导出与任务: what waits, runs, failed and is ready; long tables; and the sign in the frame."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount
from app.audit.models import AuditEntry
from app.db.engine import WAIT_MS
from app.jobs.models import Job
from app.jobs.operations import fail_job, file_of, take_seat, tell
from app.jobs.rules import JobKind, JobState
from app.kernel import clock
from app.web import downloads
from tests.browser import accessibility_faults, follow, see, serve, shoot
from tests.factories import make_project
from tests.web.conftest import Cast, statements

Database = Callable[[], Session]


@pytest.fixture
def projects(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """More projects than a page writes while somebody waits."""
    monkeypatch.setattr(downloads, "AT_ONCE", 3)
    with database() as session:
        zone = session.merge(cast.zone)
        for number in range(5):
            make_project(session, zone, unit=cast.unit, name=f"项目{number}")
        make_project(session, session.merge(cast.other_zone), name="外区暗记")
        session.commit()


def made(database: Database, cast: Cast, who: str = "officer", **fields: Any) -> Job:
    person = cast.of(who)
    with database() as session:
        job = Job(
            **{
                "zone_id": person.zone_id,
                "kind": JobKind.export,
                "title": "项目名单",
                "state": JobState.waiting,
                "attempt": 1,
                "arguments": {"address": "/projects/export.xlsx"},
                "made_by": person.id,
                "made_name": person.name,
                "made_at": clock.now(),
            }
            | fields
        )
        session.add(job)
        session.commit()
        return job


def only_job(database: Database) -> Job:
    with database() as session:
        return session.scalars(select(Job)).one()


def ask(client, address: str = "/projects/export.xlsx", name: str = "项目名单"):
    return client.send("/jobs/export", {"address": address, "name": name})


def test_a_short_table_comes_at_once(sign_in, database, cast) -> None:
    answer = sign_in("officer").get("/projects/export.xlsx")
    assert answer.mimetype == downloads.XLSX
    with database() as session:
        assert session.scalars(select(Job)).all() == []


def test_a_long_table_is_written_by_a_worker_and_fetched(
    sign_in, database, cast, projects, do_jobs, tmp_path: Path
) -> None:
    client = sign_in("officer")
    page = client.get("/projects/export.xlsx?unit=yi")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "超过 3 行" in page.text
    assert 'value="/projects/export.xlsx?unit=yi"' in page.text
    assert ask(client).status_code == 303
    assert ask(client).status_code == 303, "pressed twice"
    job = only_job(database)
    assert (job.state, job.made_by, job.zone_id) == (JobState.waiting, cast.wu.id, cast.zone.id)
    assert do_jobs() == 1
    job = only_job(database)
    assert job.state is JobState.done, job.said
    assert "下载" in client.get("/jobs/").text
    file = client.get(f"/jobs/{job.id}/file")
    assert file.headers["Content-Disposition"].startswith("attachment")
    (tmp_path / "got.xlsx").write_bytes(file.data)
    cells = [
        str(c) for row in openpyxl.load_workbook(tmp_path / "got.xlsx").worksheets[0].values for c in row if c
    ]
    assert all(f"项目{number}" in cells for number in range(5))
    assert "外区暗记" not in cells
    for other in ("second", "leader", "administrator", "outsider"):
        assert sign_in(other).get(f"/jobs/{job.id}/file").status_code == 404, other


@pytest.mark.parametrize(
    "address",
    ["/projects/", "/jobs/", "//elsewhere/export", "https://elsewhere/x", "/no/such", "", "/leads/1"],
)
def test_only_exports_are_written(sign_in, database, cast, address: str) -> None:
    assert ask(sign_in("officer"), address).status_code == 400
    with database() as session:
        assert session.scalars(select(Job)).all() == []


def test_who_may_not_see_a_list_may_not_have_it_written(sign_in, database, cast) -> None:
    assert ask(sign_in("administrator"), "/leads/export.xlsx").status_code == 403
    assert ask(sign_in("officer"), "/audit/export.xlsx").status_code == 403
    with database() as session:
        assert session.scalars(select(Job)).all() == []


def test_rights_are_asked_again_when_it_is_written(sign_in, database, cast, projects, do_jobs) -> None:
    ask(sign_in("officer"))
    with database() as session:
        session.get_one(UserAccount, (cast.zone.id, cast.wu.id)).active = False
        session.commit()
    do_jobs()
    job = only_job(database)
    assert (job.state, job.file_name) == (JobState.failed, None)
    assert "停用" in job.said


def test_at_most_five_tables_at_a_time(sign_in, database, cast) -> None:
    for number in range(5):
        made(database, cast, arguments={"address": f"/projects/export.xlsx?page={number}"})
    answer = ask(sign_in("officer"), "/funds/export.xlsx")
    assert answer.status_code == 422
    assert "已有 5 份表格在导出" in answer.text


def test_the_page_tells_waiting_running_failed(sign_in, app, database, cast) -> None:
    client = sign_in("officer")
    waiting = made(database, cast)
    text = client.get("/jobs/").text
    assert "等待后台服务" in text
    assert "flask --app wsgi worker" not in text, "what to do on the server is for the administrator"
    assert "flask --app wsgi worker" in sign_in("administrator").get("/jobs/").text
    seat = take_seat(app.extensions["config"].instance_path)
    assert seat is not None
    try:
        assert "排队等待处理" in client.get("/jobs/").text
        with database() as session:
            session.merge(waiting).state = JobState.running
            session.commit()
        tell(app.extensions["config"].instance_path, cast.zone.id, waiting.id, "已写 500 行", 40)
        assert client.get("/jobs/running").get_json() == {
            str(waiting.id): {"step": "已写 500 行", "percent": 40}
        }
        assert 'value="40"' in client.get("/jobs/").text
        assert sign_in("second").get("/jobs/running").get_json() == {}
    finally:
        seat.leave()
    with database() as session:
        fail_job(session, session.merge(waiting), "磁盘空间不足", now=clock.now())
        session.commit()
    text = client.get("/jobs/").text
    assert "磁盘空间不足" in text
    assert "重试" in text


def test_retrying_is_for_who_asked_and_what_failed(sign_in, database, cast, do_jobs) -> None:
    job = made(database, cast, state=JobState.failed, said="x", finished_at=clock.now())
    for other, status in (("second", 404), ("administrator", 404), ("outsider", 404)):
        assert sign_in(other).send(f"/jobs/{job.id}/retry").status_code == status
    client = sign_in("officer")
    assert client.send(f"/jobs/{job.id}/retry").status_code == 303
    assert client.send(f"/jobs/{job.id}/retry").status_code == 422, "it waits already"
    again = only_job(database)
    assert (again.attempt, again.state, again.workflow_id[-2:]) == (2, JobState.waiting, ":2")
    assert do_jobs() == 1
    assert only_job(database).state is JobState.done
    with database() as session:
        deeds = session.scalars(select(AuditEntry.action).where(AuditEntry.entity == "job")).all()
    assert deeds == ["retry_job", "finish_job"]


def test_the_administrator_sees_the_zone_and_fetches_nothing(sign_in, database, cast) -> None:
    made(
        database,
        cast,
        title="招商一部名单",
        state=JobState.done,
        finished_at=clock.now(),
        file_name="a.xlsx",
        file_size=5,
    )
    made(database, cast, "outsider", title="外区暗记")
    client = sign_in("administrator")
    assert "招商一部名单" not in client.get("/jobs/").text
    whole = client.get("/jobs/?all=1").text
    assert "招商一部名单" in whole
    assert "/file" not in whole
    assert "外区暗记" not in whole
    assert "招商一部名单" not in sign_in("second").get("/jobs/?all=1").text


def test_a_cleared_file_is_said_to_be_gone(sign_in, database, app, cast) -> None:
    job = made(database, cast, state=JobState.done, finished_at=clock.now(), file_name="a.xlsx", file_size=5)
    answer = sign_in("officer").get(f"/jobs/{job.id}/file")
    assert answer.status_code == 404
    assert "已过保存期限" in answer.text


def test_the_page_asks_little_whatever_there_is(sign_in, app, database, cast) -> None:
    for _ in range(30):
        made(database, cast)
    client = sign_in("officer")
    client.get("/jobs/")
    with statements(app.extensions["engine"]) as sent:
        assert client.get("/jobs/").text.count("data-job=") == 30
    assert len(sent.reads) <= 6


def test_the_sign_in_the_frame_costs_other_pages_nothing(sign_in, app, database, cast, projects) -> None:
    client = sign_in("officer")
    client.get("/password")
    with statements(app.extensions["engine"]) as before:
        assert "任务进行中" not in client.get("/password").text
    ask(client)
    with statements(app.extensions["engine"]) as after:
        assert "任务进行中" in client.get("/password").text
    assert len(after.reads) == len(before.reads)
    with database() as session:
        session.delete(session.scalars(select(Job)).one())
        session.commit()
    client.get("/jobs/running")
    assert "任务进行中" not in client.get("/password").text


@pytest.mark.parametrize(
    ("typed", "kept"), [("5", 5), ("", None), ("0", "自动起草日请填"), ("29", "自动起草日请填")]
)
def test_the_day_of_the_draft_is_the_zones(sign_in, database, cast, typed: str, kept: Any) -> None:
    form = {"name": "喀什经济开发区", "province": "新疆维吾尔自治区", "cutoff_day": "0", "draft_day": typed}
    answer = sign_in("administrator").send("/admin/zone", form)
    with database() as session:
        stored = session.merge(cast.zone, load=True)
        session.refresh(stored)
    if isinstance(kept, str):
        assert answer.status_code == 422
        assert kept in answer.text
        assert stored.draft_day is None
    else:
        assert answer.status_code == 303, answer.text
        assert stored.draft_day == kept


def test_asked_for_followed_and_fetched_in_a_browser(
    app, sign_in, database, cast, projects, do_jobs, page, phone
) -> None:
    cookie = sign_in("officer").get_cookie("zhaoshang")
    done = made(database, cast, title="到位资金名单", state=JobState.done, file_name="到位资金.xlsx", file_size=20_480,
                started_at=clock.now() - dt.timedelta(seconds=8), finished_at=clock.now())  # fmt: skip
    made(database, cast, title="线索名单", state=JobState.failed, said="您的岗位已不能查看这份名单，没有生成文件",
         finished_at=clock.now())  # fmt: skip
    target = file_of(app.extensions["config"].instance_path, done)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"a table")
    with serve(app) as address:
        for view in (page, phone):
            view.context.add_cookies([{"name": "zhaoshang", "value": cookie.value, "url": address}])
        page.goto(f"{address}/projects/export.xlsx")
        assert accessibility_faults(page) == []
        follow(page.get_by_role("button", name="由后台生成"))
        see(page, "等待后台服务启动")
        assert accessibility_faults(page) == []
        shoot(page, "jobs")
        phone.goto(f"{address}/jobs/")
        assert accessibility_faults(phone) == []
        shoot(phone, "jobs-phone")
        assert do_jobs() == 1
        page.locator("li", has_text="项目").get_by_role("link", name="下载").wait_for()
        with page.expect_download() as fetched:
            page.locator("li", has_text="到位资金名单").get_by_role("link", name="下载").click()
        assert fetched.value.suggested_filename == "到位资金.xlsx"


def test_no_page_waits_for_an_import_that_writes(sign_in, app, database, cast, monkeypatch) -> None:
    """Reading a page a minute later notes that the person was seen; not while an import holds the lock."""
    client = sign_in("officer")
    client.get("/jobs/")
    later = clock.now() + dt.timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    with database() as importing:
        make_project(importing, importing.merge(cast.zone), unit=cast.unit)
        importing.flush()
        started = time.monotonic()
        assert client.get("/jobs/").status_code == 200
        assert time.monotonic() - started < WAIT_MS / 2000
        importing.rollback()
