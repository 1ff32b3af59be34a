"""Reading the work that people asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.jobs.models import Job
from app.jobs.rules import JobKind, JobState
from app.kernel.errors import NotFoundError

OPEN = (JobState.waiting, JobState.running)


def get_job(session: Session, zone_id: int, job_id: int) -> Job:
    """The job of that id. Raises ``NotFoundError``, also for one of another zone."""
    job = session.get(Job, (zone_id, job_id))
    if job is None:
        raise NotFoundError("没有这项任务，可能不属于本区")
    return job


@dataclass(frozen=True)
class Mine:
    """What counts as a person's own work; ``with_system``: also what the system began by itself."""

    user_id: int
    with_system: bool = False

    def holds(self, job: Job) -> bool:
        """Whether ``job`` is among it."""
        return job.made_by == self.user_id or (self.with_system and job.made_by is None)

    def condition(self) -> ColumnElement[bool]:
        """The same in SQL."""
        own = Job.made_by == self.user_id
        return or_(own, Job.made_by.is_(None)) if self.with_system else own


def find_open(session: Session, zone_id: int, kinds: Sequence[JobKind], about_id: int) -> Job | None:
    """The work of those kinds on a record that has not ended yet, or None."""
    query = (
        select(Job)
        .where(Job.zone_id == zone_id, Job.kind.in_(kinds), Job.about_id == about_id, Job.state.in_(OPEN))
        .order_by(Job.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def jobs_about(
    session: Session, zone_id: int, kinds: Sequence[JobKind], records: Sequence[int]
) -> dict[int, Job]:
    """The newest work of those kinds on each of ``records``; asks nothing when there are none."""
    if not records:
        return {}
    query = (
        select(Job)
        .where(Job.zone_id == zone_id, Job.kind.in_(kinds), Job.about_id.in_(records))
        .order_by(Job.made_at, Job.id)
    )
    return {job.about_id: job for job in session.scalars(query) if job.about_id is not None}


def find_newest(session: Session, zone_id: int, kind: JobKind) -> Job | None:
    """The zone's work of that kind that was asked for last."""
    query = select(Job).where(Job.zone_id == zone_id, Job.kind == kind)
    return session.scalar(query.order_by(Job.made_at.desc(), Job.id.desc()).limit(1))


def list_jobs(
    session: Session, zone_id: int, mine: Mine | None, *, offset: int = 0, limit: int = 50
) -> list[Job]:
    """The zone's work, newest first; with ``mine`` only that person's."""
    query = select(Job).where(Job.zone_id == zone_id)
    if mine is not None:
        query = query.where(mine.condition())
    query = query.order_by(Job.made_at.desc(), Job.id.desc()).offset(offset).limit(limit)
    return list(session.scalars(query))


def count_jobs(session: Session, zone_id: int, mine: Mine | None) -> int:
    """How much work ``list_jobs`` finds in all."""
    query = select(func.count()).select_from(Job).where(Job.zone_id == zone_id)
    if mine is not None:
        query = query.where(mine.condition())
    return session.scalar(query) or 0


def list_open(session: Session, zone_id: int, mine: Mine) -> list[Job]:
    """The person's work that has not ended, oldest first."""
    query = (
        select(Job)
        .where(Job.zone_id == zone_id, mine.condition(), Job.state.in_(OPEN))
        .order_by(Job.made_at, Job.id)
        .limit(20)
    )
    return list(session.scalars(query))


def list_all_open(session: Session) -> list[Job]:
    """The work of every zone that has not ended, oldest first; for the workers."""
    query = select(Job).where(Job.state.in_(OPEN)).order_by(Job.made_at, Job.id).limit(500)
    return list(session.scalars(query))


def list_old_files(session: Session, before: dt.datetime) -> list[Job]:
    """Work that ended before ``before`` and still keeps a file; for the workers."""
    query = select(Job).where(
        Job.state == JobState.done, Job.file_name.is_not(None), Job.finished_at < before
    )
    return list(session.scalars(query.limit(200)))
