"""The life of a piece of long work in the database: asked for, taken up, ended, asked for again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.jobs.models import Job
from app.jobs.queries import find_open
from app.jobs.rules import MAX_ATTEMPTS, JobKind, JobState
from app.kernel.errors import DomainError


def ask_for(
    session: Session,
    actor: Actor,
    kind: JobKind,
    title: str,
    *,
    now: dt.datetime,
    about_id: int | None = None,
    slot: str | None = None,
    arguments: dict[str, Any] | None = None,
) -> Job:
    """New work of ``kind``, or the same on the same record that has not ended yet; to be queued after the commit."""
    if about_id is not None:
        running = find_open(session, actor.zone_id, [kind], about_id)
        if running is not None:
            return running
    job = Job(
        zone_id=actor.zone_id,
        kind=kind,
        title=title[:160],
        state=JobState.waiting,
        attempt=1,
        about_id=about_id,
        slot=slot,
        arguments=arguments,
        made_by=actor.user_id,
        made_name=actor.name,
        made_at=now,
    )
    session.add(job)
    session.flush()
    note(
        session,
        actor,
        action="ask_job",
        entity="job",
        entity_id=job.id,
        after={"kind": kind.value, "name": job.title},
    )
    return job


def ask_again(session: Session, actor: Actor, job: Job, *, now: dt.datetime) -> None:
    """Let failed work be tried once more. Raises ``DomainError`` when it has not failed or failed too often."""
    if job.state is not JobState.failed:
        raise DomainError("只有未完成的任务可以重试，请刷新页面查看")
    if job.attempt > MAX_ATTEMPTS:
        raise DomainError("这项任务已重试多次，请联系管理员查明原因")
    job.attempt += 1
    job.state, job.said = JobState.waiting, ""
    job.made_at, job.started_at, job.finished_at = now, None, None
    session.flush()
    note(
        session,
        actor,
        action="retry_job",
        entity="job",
        entity_id=job.id,
        after={"attempt": job.attempt},
    )


def take_up(session: Session, job: Job, attempt: int, *, now: dt.datetime) -> bool:
    """Begin (or go on with) attempt number ``attempt``; False when it has ended or another one has begun."""
    if job.attempt != attempt or job.state.ended:
        return False
    job.state = JobState.running
    job.started_at = job.started_at or now
    session.flush()
    return True


def finish_job(
    session: Session,
    job: Job,
    *,
    now: dt.datetime,
    said: str = "",
    file_name: str | None = None,
    file_size: int | None = None,
) -> None:
    """The work is done; ``file_name`` is what it made. A second time changes nothing."""
    if job.state.ended:
        return
    job.state, job.said, job.finished_at = JobState.done, said[:300], now
    job.file_name, job.file_size = file_name, file_size
    session.flush()
    after = {"said": job.said} | ({"file": file_name} if file_name else {})
    note(session, _asker(job), action="finish_job", entity="job", entity_id=job.id, after=after)


def fail_job(session: Session, job: Job, reason: str, *, now: dt.datetime) -> None:
    """The work ended without a result; ``reason`` is a Chinese sentence for who asked."""
    if job.state.ended:
        return
    job.state, job.said, job.finished_at = JobState.failed, reason[:300], now
    session.flush()
    note(session, _asker(job), action="fail_job", entity="job", entity_id=job.id, after={"reason": job.said})


def clear_file(session: Session, job: Job) -> None:
    """The file it made is no longer kept."""
    job.file_name = job.file_size = None
    session.flush()
    note(session, _asker(job), action="clear_job_file", entity="job", entity_id=job.id)


def _asker(job: Job) -> Actor:
    return Actor(job.zone_id, job.made_by, job.made_name)
