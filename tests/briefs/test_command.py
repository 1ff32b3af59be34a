"""``brief MONTH`` on the command line: exit codes, sentences, the file and the record."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.briefs.models import Brief, BriefState
from app.briefs.operations.documents import open_document
from app.briefs.rules import DocumentState
from app.journal.operations import post_close
from app.kernel.periods import Month
from tests.briefs.paper import text_of
from tests.factories import NOW, YI, make_project, make_zone

Run = Callable[..., Result]


@pytest.fixture
def run(own_engine: Engine, app_on: Callable[..., Flask], tmp_path: Path) -> Run:
    """Runs a command of ours on a database with one zone and one project."""
    with Session(own_engine) as session:
        make_project(session, make_zone(session, "试验区"), total_fen=3 * YI, signed_on=dt.date(2024, 6, 3))
        session.commit()

    def invoke(*arguments: str, **settings: object) -> Result:
        return app_on(own_engine, tmp_path, **settings).test_cli_runner().invoke(args=list(arguments))

    return invoke


def briefs(engine: Engine) -> list[Brief]:
    with Session(engine) as session:
        return list(session.scalars(select(Brief).order_by(Brief.id)))


def test_a_brief_is_printed_and_recorded(run: Run, own_engine: Engine, tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    done = run("brief", "2024-06", "--zone", "试验区", "-o", str(target), "--issued-on", "2024-07-03")
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"2024年6月招商引资工作简报：{target}（")
    assert "新签订招商引资合同项目1个、总投资3亿元" in text_of(target)
    assert "2024年7月3日" in text_of(target, 1)
    brief = briefs(own_engine)[0]
    assert (brief.state, brief.percent) == (BriefState.ready, 100)
    assert brief.snapshot is not None
    assert brief.snapshot["data"]["figures"]["signed.count"]["ytd"] == 1
    assert (tmp_path / "briefs" / str(brief.zone_id) / str(brief.id) / "001.png").is_file()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("2024-13", "--zone", "试验区"), "月份“2024-13”无法识别"),
        (("2099-01", "--zone", "试验区"), "2099年1月尚未开始"),
        (("2024-06", "--zone", "别处"), "没有名为“别处”的开发区"),
    ],
)
def test_a_refusal_says_why(
    run: Run, own_engine: Engine, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    done = run("brief", *arguments, "-o", str(tmp_path / "out.pdf"))
    assert done.exit_code == 1
    assert sentence in done.stderr
    assert not (tmp_path / "out.pdf").exists()
    assert briefs(own_engine) == []


def test_a_folder_that_is_not_there(run: Run, own_engine: Engine, tmp_path: Path) -> None:
    done = run("brief", "2024-06", "--zone", "试验区", "-o", str(tmp_path / "no" / "out.pdf"))
    assert done.exit_code == 1
    assert "不存在，请先建立" in done.stderr
    assert briefs(own_engine) == []


@pytest.mark.parametrize(
    "arguments", [("brief",), ("brief", "2024-06"), ("brief", "2024-06", "--zone", "试验区")]
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_missing_face_is_told_and_recorded(run: Run, own_engine: Engine, tmp_path: Path) -> None:
    done = run(
        "brief", "2024-06", "--zone", "试验区", "-o", str(tmp_path / "out.pdf"), fonts_path=tmp_path / "none"
    )
    assert done.exit_code == 1
    assert "缺少公文字体：仿宋" in done.stderr
    brief = briefs(own_engine)[0]
    assert brief.state is BriefState.failed
    assert brief.step.startswith("缺少公文字体")


def test_the_sample_needs_no_database(run: Run, tmp_path: Path) -> None:
    done = run("brief-sample", "-o", str(tmp_path / "sample.pdf"))
    assert done.exit_code == 0, done.output
    assert "58.32亿元" in text_of(tmp_path / "sample.pdf")


def test_a_file_is_verified_on_the_command_line(run: Run, own_engine: Engine, tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    done = run("brief", "2024-06", "--zone", "试验区", "-o", str(target), "--issued-on", "2024-07-03")
    assert done.exit_code == 0, done.output
    told = run("brief", "verify", str(target), "--zone", "试验区")
    assert told.exit_code == 1
    assert "未经签发" in told.stderr
    with Session(own_engine) as session:
        zone = session.scalars(select(Zone)).one()
        actor = Actor(zone.id, None, "马晓琳")
        post_close(session, actor, zone=zone, month=Month(2024, 6), checks=[])
        document, _new = open_document(
            session, actor, zone, month=Month(2024, 6), issued_on=dt.date(2024, 7, 3), now=NOW,
            today=dt.date(2024, 7, 3), public_url="",
        )  # fmt: skip
        document.state, document.code = DocumentState.issued, "202406-0000-0000-0001"
        document.sha256 = hashlib.sha256(target.read_bytes()).hexdigest()
        session.commit()
    told = run("brief", "verify", str(target), "--zone", "试验区")
    assert told.exit_code == 0, told.output
    assert "逐字节相同" in told.output
    assert "印发的数与账簿一致" in told.output
    assert run("brief", "verify", str(tmp_path / "none.pdf"), "--zone", "试验区").exit_code == 2
    assert run("brief", "verify", str(target), "--zone", "别处").exit_code == 1
