"""A brief on the web: asked for, made by a worker, seen page by page, downloaded; and its links."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.briefs.facts import take_snapshot
from app.briefs.facts.basis import usual_reading
from app.briefs.models import Brief, BriefState
from app.journal.operations import post_close
from app.kernel import clock
from app.kernel.periods import Month
from app.pipeline.rules import MilestoneKind
from tests.factories import YI, make_area, make_arrival, make_chain, make_investor, make_project, make_target
from tests.web.conftest import Cast, Client, statements

Database = Callable[[], Session]
SignIn = Callable[[str], Client]


@pytest.fixture
def june(database: Database, cast: Cast) -> None:
    """Projects of June 2024 in the cast's zone."""
    with database() as session:
        zone = session.merge(cast.zone)
        area, chain = (
            make_area(session, zone, "北区"),
            make_chain(session, zone, "锂电", ("电池",), leading=True),
        )
        investor = make_investor(session, zone, "湖北宏源锂电有限公司", origin="湖北省")
        place: dict[str, Any] = {
            "area_id": area.id,
            "chain_id": chain.id,
            "unit": cast.unit,
            "investor": investor,
        }
        project = make_project(
            session,
            zone,
            total_fen=5 * YI,
            signed_on=dt.date(2024, 6, 3),
            reached={MilestoneKind.started: dt.date(2024, 6, 20)},
            name="锂电池扩建项目",
            **place,
        )
        make_arrival(session, zone, project, YI, arrived_on=dt.date(2024, 6, 10))
        make_project(session, zone, total_fen=2 * YI, signed_on=dt.date(2023, 5, 1), **place)
        make_target(session, zone, 10 * YI)
        make_target(session, zone, 10 * YI, unit=cast.unit)
        session.commit()


def ask_for(client: Client, month: str) -> str:
    """Press the button; returns the address of the brief's page."""
    answer = client.send("/briefs/", {"month": month})
    assert answer.status_code == 303, answer.text
    address: str = answer.location
    answer.close()
    return address


def progress(client: Client, address: str) -> dict[str, Any]:
    """How far the brief is."""
    found: dict[str, Any] | None = client.get(f"{address}/progress").json
    assert found is not None
    return found


def test_a_reviewer_makes_a_brief(
    sign_in: SignIn, database: Database, cast: Cast, june: None, tmp_path: Path, do_jobs: Callable[[], int]
) -> None:
    client = sign_in("reviewer")
    assert "尚未起草" in client.get("/briefs/?month=2024-06").text
    address = ask_for(client, "2024-06")
    assert ask_for(client, "2024-06") == address, "a second press shows the one that is being made"
    assert do_jobs() == 1
    page = client.get(address).text
    assert "下载 PDF" in page, page[-2000:]
    with database() as session:
        brief = session.scalars(select(Brief)).one()
    assert (brief.state, brief.made_name, brief.zone_id) == (BriefState.ready, "马晓琳", cast.zone.id)
    assert page.count('<img class="sheet"') == brief.pages

    image = client.get(f"{address}/pages/1.png")
    assert image.mimetype == "image/png"
    assert image.data.startswith(b"\x89PNG")
    assert client.get(f"{address}/pages/{brief.pages + 1}.png").status_code == 404
    file = client.get(f"{address}/brief.pdf")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{address}/brief.pdf?open=1").headers["Content-Disposition"].startswith("inline")
    (tmp_path / "got.pdf").write_bytes(file.data)
    text = subprocess.run(
        ["pdftotext", tmp_path / "got.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    assert "新签订招商引资合同项目1个、总投资5亿元" in re.sub(r"\s", "", text)

    leader = sign_in("leader")
    assert "下载 PDF" in leader.get(address).text
    assert "重新生成" not in leader.get(address).text
    assert sign_in("outside_reviewer").get(address).status_code == 404
    assert sign_in("outside_reviewer").get(f"{address}/brief.pdf").status_code == 404


@pytest.mark.parametrize("who", ["officer", "second", "leader"])
def test_others_may_read_only(sign_in: SignIn, database: Database, who: str) -> None:
    client = sign_in(who)
    page = client.get("/briefs/")
    assert page.status_code == 200
    assert "生成简报</button>" not in page.text
    assert client.send("/briefs/", {"month": "2024-06"}).status_code == 403
    with database() as session:
        assert session.scalars(select(Brief)).all() == []


@pytest.mark.parametrize(
    ("month", "status", "sentence"),
    [("2099-01", 422, "尚未开始"), ("2024-13", 422, "无法识别"), ("x", 422, "无法识别"), ("", 400, "")],
)
def test_months_that_cannot_be(
    sign_in: SignIn, database: Database, month: str, status: int, sentence: str
) -> None:
    answer = sign_in("reviewer").send("/briefs/", {"month": month})
    assert answer.status_code == status
    assert sentence in answer.text
    with database() as session:
        assert session.scalars(select(Brief)).all() == []


def kept(database: Database, cast: Cast, **fields: Any) -> str:
    """A brief in the database; the address of its page."""
    values = {
        "year": 2024,
        "month": 6,
        "state": BriefState.making,
        "made_name": "马晓琳",
        "made_at": clock.now(),
    }
    with database() as session:
        brief = Brief(zone_id=cast.zone.id, **{**values, **fields})
        session.add(brief)
        session.commit()
        return f"/briefs/{brief.id}"


def test_a_making_that_was_killed_is_shown_as_such(sign_in: SignIn, database: Database, cast: Cast) -> None:
    client = sign_in("reviewer")
    address = kept(
        database, cast, made_at=clock.now() - dt.timedelta(minutes=11), percent=30, step="正在排版"
    )
    assert progress(client, address) == {
        "running": False, "word": "已中断", "kind": "b", "step": "生成过程中断，没有生成文件，请重新生成", "percent": 30,
    }  # fmt: skip
    assert "生成过程中断" in client.get(address).text
    assert client.get(f"{address}/brief.pdf").status_code == 404
    assert ask_for(client, "2024-06") != address


def test_one_under_way_shows_its_step(sign_in: SignIn, database: Database, cast: Cast) -> None:
    client = sign_in("leader")
    address = kept(database, cast, percent=30, step="正在排版")
    page = client.get(address).text
    assert "正在排版" in page
    assert f'data-progress="{address}/progress"' in page
    assert progress(client, address)["running"] is True


def test_a_failure_is_told_line_by_line(sign_in: SignIn, database: Database, cast: Cast) -> None:
    step = "数据自检未通过，未生成简报：\n各阶段在册项目：分项之和2个与合计1个不符"
    page = sign_in("reviewer").get(kept(database, cast, state=BriefState.failed, step=step)).text
    assert "没有生成文件" in page
    assert "<div>各阶段在册项目：分项之和2个与合计1个不符</div>" in page


def test_the_list_needs_few_reads(app: Flask, sign_in: SignIn, database: Database, cast: Cast) -> None:
    for month in range(1, 7):
        kept(database, cast, month=month, snapshot={"data": "x" * 1000})
    client = sign_in("leader")
    client.get("/briefs/?month=2024-06")
    with statements(app.extensions["engine"]) as sent:
        page = client.get("/briefs/?month=2024-06").text
    assert page.count("month-row") == 12
    assert len(sent.reads) <= 6
    assert not any("snapshot" in text for text in sent.reads)


def addresses(content: Any) -> Iterator[tuple[str, str]]:
    """Every linked text with its address."""
    if isinstance(content, dict):
        if content.keys() == {"t", "u"}:
            yield content["t"], content["u"]
        for value in content.values():
            yield from addresses(value)
    elif isinstance(content, list):
        for value in content:
            yield from addresses(value)


@pytest.mark.parametrize("closed", [False, True])
def test_every_link_of_a_brief_leads_to_a_page(
    sign_in: SignIn, database: Database, cast: Cast, june: None, closed: bool
) -> None:
    with database() as session:
        zone = session.merge(cast.zone)
        month = Month(2024, 6)
        if closed:
            post_close(session, Actor(zone.id, None, "马晓琳"), zone=zone, month=month, checks=[])
        reading = usual_reading(session, zone, month)
        snapshot = take_snapshot(
            session, zone, month, issued_on=dt.date(2024, 7, 3), public_url="", reading=reading
        )
        session.commit()
    assert ("basis=closed" in str(snapshot["content"])) == closed
    client = sign_in("leader")
    found = dict.fromkeys(address for _text, address in addresses(snapshot["content"]))
    assert len(found) > 60
    answers = {unquote(address): client.get(address) for address in found}
    broken = [
        f"{address}: {answer.status_code}" for address, answer in answers.items() if answer.status_code >= 400
    ]
    assert broken == []
