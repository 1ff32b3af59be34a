"""The rounds of a worker: drafts that are due, old files; and what a workflow's name stands for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.audit.rules import Actor
from app.briefs.models import Brief, BriefDocument, BriefState, BriefStep
from app.briefs.operations.documents import open_document
from app.briefs.rules import DocumentState
from app.jobs.models import Job
from app.jobs.operations import (
    ask_again,
    ask_for,
    fail_job,
    file_of,
    finish_job,
    list_seats,
    take_seat,
    take_up,
)
from app.jobs.rules import MAX_ATTEMPTS, JobKind, JobState, draft_due
from app.journal.models import MonthClose
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.worker.caretaker import ask_for_drafts, clear_old
from app.worker.runtime import Runtime, use
from app.worker.workflows import FAULT, perform
from tests.factories import make_user, make_zone

NOW = dt.datetime(2024, 7, 5, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def here(own_engine, app_on, tmp_path: Path) -> Runtime:
    runtime = Runtime(app_on(own_engine, tmp_path))
    use(runtime)
    return runtime


@pytest.mark.parametrize(
    ("today", "cutoff", "day", "month"),
    [
        (dt.date(2024, 7, 4), 0, 5, None),
        (dt.date(2024, 7, 5), 0, 5, Month(2024, 6)),
        (dt.date(2024, 7, 31), 0, 5, Month(2024, 6)),
        (dt.date(2024, 1, 5), 0, 5, Month(2023, 12)),
        (dt.date(2024, 6, 26), 25, 26, Month(2024, 6, 25)),
        (dt.date(2024, 6, 20), 25, 3, Month(2024, 5, 25)),
    ],
)
def test_which_month_is_due(today: dt.date, cutoff: int, day: int, month: Month | None) -> None:
    assert draft_due(today, cutoff, day) == month


def test_a_draft_is_asked_for_once_a_month_and_made(here: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    with here.open_session() as session:
        zone = make_zone(session, "喀什经济开发区")
        zone.draft_day = 5
        make_zone(session, "霍尔果斯经济开发区")
    before = dt.datetime(2024, 7, 4, 15, 59, tzinfo=dt.UTC)
    assert ask_for_drafts(here, before) == 0, "still the fourth in Beijing"
    assert ask_for_drafts(here, before + dt.timedelta(minutes=1)) == 1
    assert ask_for_drafts(here, NOW) == 0
    with here.open_session() as session:
        job = session.scalars(select(Job)).one()
        assert (job.kind, job.slot, job.made_by) == (JobKind.draft, "2024-06", None)
        assert job.workflow_id == f"draft:{job.zone_id}:2024-06:1"
        key = job.zone_id, job.id, job.attempt
    monkeypatch.setattr(clock, "today", lambda: dt.date(2024, 7, 5))
    perform(*key)
    perform(*key)
    with here.open_session() as session:
        brief = session.scalars(select(Brief)).one()
        assert (brief.year, brief.month, brief.state) == (2024, 6, BriefState.ready)
        document = session.scalars(select(BriefDocument)).one()
        assert (document.id, document.state) == (brief.document_id, DocumentState.draft)
        assert (document.started_by, document.started_name) == (None, "系统")
        assert [step.person_name for step in session.scalars(select(BriefStep))] == ["系统"]
        assert session.scalars(select(Job.state)).one() is JobState.done
    assert ask_for_drafts(here, NOW + dt.timedelta(days=31)) == 1


def test_a_draft_that_a_person_began_stays_theirs(here: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2024, 7, 5))
    with here.open_session() as session:
        zone = make_zone(session, "喀什经济开发区")
        zone.draft_day = 5
        begun, _new = open_document(
            session, Actor(zone.id, 7, "马晓琳"), zone, month=Month(2024, 6), issued_on=NOW.date(), now=NOW,
            today=NOW.date(), public_url="http://localhost",
        )  # fmt: skip
        begun_id = begun.id
    assert ask_for_drafts(here, NOW) == 1
    with here.open_session() as session:
        job = session.scalars(select(Job)).one()
        key = job.zone_id, job.id, job.attempt
    perform(*key)
    with here.open_session(read_only=True) as session:
        job, document = session.scalars(select(Job)).one(), session.scalars(select(BriefDocument)).one()
        assert (document.id, document.started_name) == (begun_id, "马晓琳")
        assert (job.state, job.said) == (JobState.done, "马晓琳已起草第6期，没有重复起草")
        assert session.scalars(select(Brief)).all() == []


def test_two_workers_ask_at_the_same_moment(here: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    with here.open_session() as session:
        zone = make_zone(session, "喀什经济开发区")
        zone.draft_day = 5
        actor = Actor(zone.id, None, "系统命令")
        session.flush()
        ask_for(session, actor, JobKind.draft, "六月", now=NOW, slot="2024-06")
    # The other worker has looked before the first one wrote.
    monkeypatch.setattr("app.worker.caretaker.drafted", lambda _session: set())
    assert ask_for_drafts(here, NOW) == 0
    with here.open_session(read_only=True) as session:
        assert len(session.scalars(select(Job)).all()) == 1


def test_old_files_are_cleared(here: Runtime) -> None:
    with here.open_session() as session:
        zone = make_zone(session, "喀什经济开发区")
        actor = Actor(zone.id, None, "系统命令")
        jobs = [ask_for(session, actor, JobKind.export, f"表{n}", now=NOW) for n in range(2)]
        for job, days in zip(jobs, (8, 6), strict=True):
            take_up(session, job, 1, now=NOW)
            finish_job(session, job, now=NOW - dt.timedelta(days=days), file_name="表.xlsx", file_size=1)
            path = file_of(here.config.instance_path, job)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
        old, young = (file_of(here.config.instance_path, job) for job in jobs)
    clear_old(here, NOW)
    assert not old.exists()
    assert young.exists()
    with here.open_session(read_only=True) as session:
        names = dict(session.execute(select(Job.title, Job.file_name)).all())
    assert names == {"表0": None, "表1": "表.xlsx"}


def test_a_fault_ends_the_job_with_a_sentence(here: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    with here.open_session() as session:
        zone = make_zone(session, "喀什经济开发区")
        job = ask_for(session, Actor(zone.id, None, "x"), JobKind.judge, "台账", now=NOW, about_id=424242)
        session.flush()
        key = job.zone_id, job.id, 1
    perform(*key)
    with here.open_session(read_only=True) as session:
        job = session.scalars(select(Job)).one()
        assert job.state is JobState.failed
        assert "没有这次导入" in job.said
    assert FAULT.startswith("系统处理时出错")


def test_the_life_of_a_job(session: Session) -> None:
    zone = make_zone(session)
    actor = Actor(zone.id, None, "马晓琳")
    job = ask_for(session, actor, JobKind.judge, "台账", now=NOW, about_id=7)
    assert ask_for(session, actor, JobKind.judge, "台账", now=NOW, about_id=7) is job, "it has not ended"
    assert take_up(session, job, 1, now=NOW)
    assert take_up(session, job, 1, now=NOW), "gone on with after the worker was killed"
    fail_job(session, job, "不行", now=NOW)
    finish_job(session, job, now=NOW, said="行")
    assert (job.state, job.said) == (JobState.failed, "不行")
    assert not take_up(session, job, 1, now=NOW)
    ask_again(session, actor, job, now=NOW)
    assert not take_up(session, job, 1, now=NOW), "that was the first attempt"
    assert take_up(session, job, 2, now=NOW)
    with pytest.raises(DomainError, match="未完成"):
        ask_again(session, actor, job, now=NOW)
    fail_job(session, job, "不行", now=NOW)
    job.attempt = MAX_ATTEMPTS + 1
    with pytest.raises(DomainError, match="多次"):
        ask_again(session, actor, job, now=NOW)


def test_seats(tmp_path: Path) -> None:
    first, second = take_seat(tmp_path), take_seat(tmp_path)
    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("worker-1", "worker-2")
    assert take_seat(tmp_path, 2) is None
    assert list(list_seats(tmp_path)) == [1, 2]
    first.leave()
    assert list_seats(tmp_path)[1] is None
    assert list_seats(tmp_path)[2] is not None
    again = take_seat(tmp_path)
    assert again is not None
    assert again.number == 1
    again.leave()
    second.leave()


def test_a_month_is_closed_once_in_the_name_of_who_asked(
    here: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2024, 7, 5))
    with here.open_session() as session:
        zone = make_zone(session, "喀什经济开发区")
        reviewer = make_user(session, zone, Role.reviewer, name="马晓琳")
        actor = Actor(zone.id, reviewer.id, reviewer.name)
        arguments = {"month": "2024-06", "waive": "首次关账"}
        jobs = [
            ask_for(session, actor, JobKind.close, "六月关账", now=NOW, arguments=arguments) for _ in range(2)
        ]
        keys = [(job.zone_id, job.id, 1) for job in jobs]
    for key in (*keys, keys[0]):
        perform(*key)
    with here.open_session(read_only=True) as session:
        said = [job.said for job in session.scalars(select(Job).order_by(Job.id))]
        assert said == ["2024年6月已关账", "2024年6月已由马晓琳关账"]
        closes = session.scalars(select(MonthClose)).all()
        assert [(close.year, close.month, close.user_name) for close in closes] == [(2024, 6, "马晓琳")]
