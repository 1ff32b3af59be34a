"""Real workers in processes of their own, killed with SIGKILL while they work, on both engines."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.models import AuditEntry
from app.audit.rules import Actor
from app.briefs.models import Brief, BriefState
from app.briefs.operations import file_of, start_brief
from app.jobs.models import Job
from app.jobs.operations import ask_for, hear, is_served, open_queue, put_into_queue, queue_url
from app.jobs.rules import JobKind, JobState
from app.kernel import clock
from app.kernel.periods import Month
from app.ledger.models import BatchState, ImportBatch
from app.ledger.operations import (
    ask_judging,
    ask_undo,
    begin_batch,
    confirm_batch,
    judge_batch,
    recognise_batch,
)
from app.ledger.queries import get_batch
from app.pipeline.models import Project
from config import ROOT
from tests.factories import make_unit, make_zone
from tests.ledger.sheets import PROJECT, save, workbook

PATIENCE = 150
ROWS = 40


@dataclass
class Plant:
    """An installation of the test's own, its zone and its workers."""

    engine: Engine
    folder: Path
    zone_id: int = 0
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.engine.url.render_as_string(hide_password=False)

    @property
    def actor(self) -> Actor:
        return Actor(self.zone_id, None, "马晓琳")

    def start(self, seat: int = 1) -> subprocess.Popen[bytes]:
        """A worker, on its way."""
        environment = os.environ | {"DATABASE_URL": self.address, "INSTANCE_PATH": str(self.folder)}
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--seat", str(seat)],
                cwd=ROOT, env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        self.workers.append(worker)
        return worker

    @contextmanager
    def session(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def look(self, query):
        with Session(self.engine.execution_options(read_only=True)) as session:
            return session.scalars(query).all()

    def takes(self, job: Job) -> bool:
        """Whether the queue is there and has taken the job."""
        try:
            self.ask(job)
        except DBAPIError:
            return False
        return True

    def ask(self, job: Job) -> None:
        with open_queue(queue_url(self.address, self.folder)) as queue:
            put_into_queue(queue, job)

    def wait(self, happened: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not happened():
            log = self.folder / "worker.log"
            said = log.read_text() if log.exists() else ""
            assert time.monotonic() < deadline, f"{what}: {said[-3000:]}"
            time.sleep(0.01)

    def all_ended(self) -> bool:
        return all(state.ended for state in self.look(select(Job.state)))


@pytest.fixture
def plant(own_engine: Engine, tmp_path: Path) -> Iterator[Plant]:
    plant = Plant(own_engine, tmp_path)
    with plant.session() as session:
        zone = make_zone(session, "喀什经济开发区", number_prefix="KS")
        make_unit(session, zone, str(PROJECT["责任单位"]))
        plant.zone_id = zone.id
    yield plant
    for worker in plant.workers:
        if worker.poll() is None:
            worker.kill()
            worker.wait()


def upload(plant: Plant) -> tuple[int, Job]:
    """A ledger of many rows that somebody has confirmed; its batch and the job that writes it."""
    rows = [
        PROJECT
        | {"项目编号": f"KS-{number:04d}", "项目名称": f"项目{number}", "合同编号": f"HT-{number:04d}"}
        for number in range(ROWS)
    ]
    path = plant.folder / "sent.xlsx"
    with path.open("wb") as stream:
        save(workbook(projects=rows), stream)
    with plant.session() as session:
        zone = session.get_one(Zone, plant.zone_id)
        batch = begin_batch(
            session,
            plant.actor,
            file_name="台账.xlsx",
            content=path.read_bytes(),
            folder=plant.folder,
            add_lists=True,
        )
        recognise_batch(session, zone, batch, plant.folder)
        ask_judging(session, plant.actor, batch)
        judge_batch(session, zone, batch, plant.folder, today=clock.today())
        confirm_batch(session, plant.actor, batch)
        job = ask_for(session, plant.actor, JobKind.write, "台账", now=clock.now(), about_id=batch.id)
    return batch.id, job


def test_an_import_killed_half_way_is_written_once(plant: Plant) -> None:
    batch_id, job = upload(plant)
    worker = plant.start()

    def half_way() -> bool:
        said = hear(plant.folder, plant.zone_id, job.id)
        return said is not None and said.percent > 10

    plant.wait(half_way, "the import began")
    worker.kill()
    worker.wait()
    assert plant.look(select(func.count()).select_from(Project)) == [0], "nothing is half written"
    assert plant.look(select(Job.state)) == [JobState.running]
    assert not is_served(plant.folder)
    plant.start()
    plant.wait(plant.all_ended, "taken up again")
    assert plant.look(select(Job.state)) == [JobState.done]
    assert plant.look(select(ImportBatch.state).where(ImportBatch.id == batch_id)) == [BatchState.done]
    assert plant.look(select(func.count()).select_from(Project)) == [ROWS]
    imports = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "import")
    assert plant.look(imports) == [1], "exactly once"
    with plant.session() as session:
        ask_undo(session, plant.actor, get_batch(session, plant.zone_id, batch_id))
        undo = ask_for(session, plant.actor, JobKind.undo, "撤销", now=clock.now(), about_id=batch_id)
    plant.ask(undo)
    plant.wait(plant.all_ended, "taken back")
    assert plant.look(select(ImportBatch.state)) == [BatchState.undone]
    assert plant.look(select(func.count()).select_from(Project)) == [0]


def test_a_brief_killed_while_printing_is_made_once(plant: Plant) -> None:
    with plant.session() as session:
        zone = session.get_one(Zone, plant.zone_id)
        brief, _new = start_brief(
            session, plant.actor, zone, month=Month(2024, 6), now=clock.now(), today=dt.date(2024, 7, 3)
        )
        job = ask_for(session, plant.actor, JobKind.brief, "六月", now=clock.now(), about_id=brief.id)
    first, second = plant.start(1), plant.start(2)

    def printing() -> bool:
        said = hear(plant.folder, plant.zone_id, job.id)
        return said is not None and said.percent >= 30

    plant.wait(lambda: plant.takes(job), "a worker has made the queue")
    plant.ask(job)  # asked for twice under one name
    plant.wait(printing, "the brief is frozen")
    [frozen] = plant.look(select(Brief.snapshot))
    for worker in (first, second):
        worker.kill()
        worker.wait()
    assert plant.look(select(Brief.state)) == [BriefState.making]
    # Only one comes back, on a seat of its own: what the other had in hand is taken over.
    plant.start(3)
    plant.wait(plant.all_ended, "made")
    with plant.session() as session:
        brief = session.scalars(select(Brief)).one()
        assert brief.state is BriefState.ready, brief.step
        assert brief.snapshot == frozen, "the numbers are those that were read first"
        assert file_of(plant.folder, brief).read_bytes().startswith(b"%PDF")
    finished = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "finish_brief")
    assert plant.look(finished) == [1]
