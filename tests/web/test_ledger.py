"""A ledger comes in through the browser: judged first, written when confirmed, by a worker."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.jobs.models import Job
from app.jobs.rules import JobState
from app.kernel import clock
from app.ledger.models import BatchState, ImportBatch
from app.ledger.operations import begin_batch
from app.ledger.rules import ARRIVALS, PROJECTS, TARGETS
from app.ledger.workbook import read_workbook
from app.pipeline.models import Project
from tests.ledger.sheets import ARRIVAL, PROJECT, TARGET, save, workbook
from tests.web.conftest import Cast, Client, statements

ROADS = [("get", "/ledger/"), ("post", "/ledger/"), ("get", "/ledger/1"), ("get", "/ledger/1/progress"),
         ("post", "/ledger/1/confirm")]  # fmt: skip


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


@pytest.fixture
def wait(do_jobs: Callable[[], int]) -> Callable[[Client, str], str]:
    """The page once a worker has done its part."""

    def done(client: Client, address: str) -> str:
        assert do_jobs() == 1
        assert not client.get(f"{address}/progress").get_json()["running"]
        return client.get(address).text

    return done


def judge(client: Client, address: str, wait: Any) -> str:
    """The page of verdicts: recognised first, then judged."""
    assert "已识别" in wait(client, address)
    client.send(f"{address}/confirm").close()
    page: str = wait(client, address)
    return page


def count(database: Callable[[], Session], kind: Any) -> int:
    with database() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_reviewer_takes_a_ledger_in(
    sign_in: Callable[[str], Client], database: Callable[[], Session], cast: Cast, wait: Any
) -> None:
    client = sign_in("reviewer")
    address = upload(client, xlsx(projects=[PROJECT], arrivals=[ARRIVAL], targets=[TARGET]), add_lists="y")
    judged = judge(client, address, wait)
    assert "已核对，尚未写入" in judged
    assert "将补充名单“产业链”：锂电新能源" in judged
    assert count(database, Project) == 0

    answer = client.send(f"{address}/confirm")
    answer.close()
    assert "已全部写入" in wait(client, address)
    assert count(database, Project) == 1
    with database() as session:
        assert session.scalars(select(Project.zone_id)).one() == cast.zone.id

    # A second confirmation finds nothing to do.
    assert client.send(f"{address}/confirm").status_code == 422
    assert "台账.xlsx" in client.get("/ledger/").text

    # The same ledger again: there is nothing to confirm.
    again = upload(client, xlsx(projects=[PROJECT], arrivals=[ARRIVAL], targets=[TARGET]))
    again = judge(client, again, wait)
    assert "与系统一致" in again
    assert "确认导入" not in again


def test_a_bad_cell_is_named_and_nothing_is_written(
    sign_in: Callable[[str], Client], database: Callable[[], Session], wait: Any
) -> None:
    client = sign_in("reviewer")
    bad = PROJECT | {"合同总投资": "<script>alert(1)</script>"}
    address = upload(client, xlsx(projects=[bad]), name="<b>坏.xlsx", add_lists="y")
    page = judge(client, address, wait)
    assert "T2" in page
    assert "不是金额" in page
    assert "<script>alert" not in page
    assert "<b>坏" not in page
    assert count(database, Project) == 0
    assert client.send(f"{address}/confirm").status_code == 422


@pytest.mark.parametrize(("content", "words"), [(b"not a workbook", ".xlsx"), (b"", "空")])
def test_what_is_no_workbook_is_refused(
    sign_in: Callable[[str], Client], content: bytes, words: str, wait: Any
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
    assert words in page


def test_without_a_file_the_form_says_so(sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("reviewer").send("/ledger/", {}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "请选择要导入的台账文件" in answer.text


@pytest.mark.parametrize("who", ["officer", "leader"])
@pytest.mark.parametrize(("method", "address"), ROADS)
def test_other_roles_are_refused(
    sign_in: Callable[[str], Client], who: str, method: str, address: str
) -> None:
    client = sign_in(who)
    answer = client.get(address) if method == "get" else client.send(address)
    assert answer.status_code == 403


def test_another_zones_import_does_not_exist(
    sign_in: Callable[[str], Client], app: Flask, database: Callable[[], Session], cast: Cast
) -> None:
    with database() as session:
        batch = begin_batch(
            session,
            Actor(cast.zone.id, cast.reviewer.id, "马晓琳"),
            file_name="秘密台账.xlsx",
            content=b"x",
            folder=app.extensions["config"].instance_path,
            add_lists=False,
        )
        session.commit()
        number = batch.id
    outsider = sign_in("outsider")
    assert outsider.get(f"/ledger/{number}").status_code == 404
    assert outsider.get(f"/ledger/{number}/progress").status_code == 404
    assert outsider.send(f"/ledger/{number}/confirm").status_code == 404
    assert "秘密台账" not in outsider.get("/ledger/").text


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
    assert "已识别" in client.get(address).text


def test_a_failed_job_says_why_and_is_tried_again(
    sign_in: Callable[[str], Client], database: Callable[[], Session], app: Flask, wait: Any, do_jobs: Any
) -> None:
    client = sign_in("reviewer")
    address = upload(client, xlsx(projects=[PROJECT]), add_lists="y")
    [path] = Path(app.extensions["config"].instance_path).glob("imports/*/*.xlsx")
    whole = path.read_bytes()
    path.write_bytes(whole[:200])
    assert "工作簿" in wait(client, address) or "损坏" in client.get(address).text
    with database() as session:
        job = session.scalars(select(Job)).one()
        assert (job.state, job.attempt) == (JobState.failed, 1)
        assert job.said
    path.write_bytes(whole)
    assert client.send(f"/jobs/{job.id}/retry").status_code == 303
    assert "已识别" in wait(client, address)
    assert do_jobs() == 0
    with database() as session:
        assert session.scalars(select(Job.state)).one() is JobState.done


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
    sign_in: Callable[[str], Client], app: Flask, database: Callable[[], Session], cast: Cast
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
