"""What a worker does now and then: takes up what was left lying, starts drafts that are due, clears old files."""

from __future__ import annotations

import datetime as dt

from dbos import DBOS
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import SYSTEM, Actor
from app.jobs.models import Job
from app.jobs.operations import (
    Seat,
    ask_for,
    clear_file,
    file_of,
    list_seats,
    open_queue,
    put_into_queue,
    queue_url,
    take_seat,
)
from app.jobs.operations.workers import name_of
from app.jobs.queries import get_job, list_all_open, list_old_files
from app.jobs.rules import KEEP_FILES_DAYS, JobKind, draft_due
from app.kernel import clock
from app.worker.runtime import Runtime
from app.worker.tasks import end_job

DEAD = ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
KILLED = "处理时后台服务多次意外中断，已停止处理，请联系管理员查看 jobs.log"
PATIENCE = dt.timedelta(seconds=10)
"""A job asked for just now is being queued by the page itself."""
KEEP_WORKFLOWS = dt.timedelta(days=30)


def look_after(here: Runtime, seat: Seat) -> None:
    """One round."""
    now = clock.now()
    take_over(here, seat)
    ask_for_drafts(here, now)
    settle_open(here, now)
    clear_old(here, now)


def take_over(here: Runtime, seat: Seat) -> None:
    """Go on with what workers had in hand whose seat is empty; the seat is held meanwhile."""
    for number, process in list_seats(here.config.instance_path).items():
        if process is not None or number == seat.number:
            continue
        empty = take_seat(here.config.instance_path, number)
        if empty is not None:
            try:
                # What DBOS's own service for many workers calls; there is no public name for it.
                DBOS._recover_pending_workflows([name_of(number)])
            finally:
                empty.leave()


def ask_for_drafts(here: Runtime, now: dt.datetime) -> int:
    """Ask for the brief of last month in zones whose day has come; once, however many workers look."""
    asked, today = 0, clock.day_of(now)
    with here.open_session(read_only=True) as session:
        zones = session.execute(
            select(Zone.id, Zone.cutoff_day, Zone.draft_day).where(Zone.draft_day.is_not(None))
        ).all()
        known = drafted(session)
    for zone_id, cutoff, day in zones:
        month = draft_due(today, cutoff, day or 1)
        if month is None or (zone_id, str(month)) in known:
            continue
        actor = Actor(zone_id, None, SYSTEM)
        try:
            with here.open_session() as session:
                ask_for(
                    session, actor, JobKind.draft, f"{month.label}简报（自动起草）", now=now, slot=str(month)
                )
            asked += 1
        except IntegrityError:
            continue  # another worker was first
    return asked


def drafted(session: Session) -> set[tuple[int, str | None]]:
    """The months that were drafted by themselves, with their zones."""
    rows = session.execute(select(Job.zone_id, Job.slot).where(Job.kind == JobKind.draft))
    return {(zone_id, slot) for zone_id, slot in rows}


def settle_open(here: Runtime, now: dt.datetime) -> None:
    """Queue what the page could not queue, end what will never end by itself."""
    with here.open_session(read_only=True) as session:
        jobs = list_all_open(session)
        session.expunge_all()
    if not jobs:
        return
    known = {
        found.workflow_id: found.status
        for found in DBOS.list_workflows(
            workflow_ids=[job.workflow_id for job in jobs], load_input=False, load_output=False
        )
    }
    with open_queue(queue_url(here.config.database_url, here.config.instance_path)) as queue:
        for job in jobs:
            status = known.get(job.workflow_id)
            if status is None and (now - job.made_at > PATIENCE or job.made_by is None):
                put_into_queue(queue, job)
            elif status in DEAD:
                end_job(here, job.zone_id, job.id, {"failed": KILLED})


def clear_old(here: Runtime, now: dt.datetime) -> None:
    """Remove exported files whose time is over."""
    with here.open_session(read_only=True) as session:
        old = [
            (job.zone_id, job.id, file_of(here.config.instance_path, job))
            for job in list_old_files(session, now - dt.timedelta(days=KEEP_FILES_DAYS))
        ]
    for zone_id, job_id, path in old:
        path.unlink(missing_ok=True)
        with here.open_session() as session:
            _clear(session, zone_id, job_id)


def _clear(session: Session, zone_id: int, job_id: int) -> None:
    clear_file(session, get_job(session, zone_id, job_id))
