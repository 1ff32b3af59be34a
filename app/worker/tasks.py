"""What each kind of job does, step by step; a step may be run again and then does only what is not done yet."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from app.accounts.models import UserAccount, Zone
from app.accounts.rules import Permission, may
from app.audit.rules import SYSTEM, Actor
from app.briefs.operations.documents import open_document, printable
from app.briefs.operations.editions import editions_of, find_phone, find_word
from app.briefs.operations.issuing import start_document_file
from app.briefs.operations.steps import (
    complete_brief,
    draw_preview,
    freeze_once,
    give_up_brief,
    is_making,
    print_pages,
)
from app.briefs.pdf import Printed
from app.briefs.queries import get_document
from app.closing.operations import close_month
from app.jobs.models import Job
from app.jobs.operations import fail_job, finish_job, forget
from app.jobs.operations import file_of as job_file
from app.jobs.queries import get_job
from app.jobs.rules import IMPORTS, JobKind
from app.journal.queries import read_books
from app.kernel import clock
from app.kernel.errors import DomainError, NotFoundError
from app.kernel.periods import Month
from app.worker.exports import write_export
from app.worker.fills import fill_report
from app.worker.imports import give_up_batch, take_batch
from app.worker.runtime import Runtime

Outcome = dict[str, Any]
"""Plain values: ``failed`` (why, in Chinese), ``said``, ``file_name``, ``file_size`` and what later steps need."""
Step = Callable[[Runtime, int, int, Outcome], Outcome]


def _about(here: Runtime, zone_id: int, job_id: int) -> int:
    with here.open_session(read_only=True) as session:
        about = get_job(session, zone_id, job_id).about_id
    if about is None:
        raise RuntimeError(f"job {job_id} is about nothing")
    return about


def _draft(here: Runtime, zone_id: int, job_id: int, _so_far: Outcome) -> Outcome:
    """Write the draft of the month that the job's slot names, once, with its file; a draft that a person began
    already stays that person's.
    """
    with here.open_session() as session:
        job = get_job(session, zone_id, job_id)
        if job.about_id is not None:
            return {}
        zone = session.get_one(Zone, zone_id)
        actor = Actor(zone_id, None, SYSTEM)
        document, new = open_document(
            session,
            actor,
            zone,
            month=Month.parse(job.slot or "", zone.cutoff_day),
            issued_on=clock.today(),
            now=clock.now(),
            today=clock.today(),
            public_url=here.config.public_url,
        )
        if not new:
            return {"over": True, "said": f"{document.started_name}已起草第{document.number}期，没有重复起草"}
        job.about_id = start_document_file(session, actor, document, now=clock.now()).id
    return {}


def _freeze(here: Runtime, zone_id: int, job_id: int, so_far: Outcome) -> Outcome:
    if "over" in so_far:
        return {}
    brief_id = _about(here, zone_id, job_id)
    here.teller(zone_id, job_id)("正在汇总数据", 5)
    if is_making(here.workshop, zone_id, brief_id):
        freeze_once(here.workshop, zone_id, brief_id, issued_on=clock.today())
    here.teller(zone_id, job_id)("正在排版", 30)
    return {}


def _print(here: Runtime, zone_id: int, job_id: int, so_far: Outcome) -> Outcome:
    if "over" in so_far:
        return {}
    brief_id = _about(here, zone_id, job_id)
    if not is_making(here.workshop, zone_id, brief_id):
        return {}
    printed = asdict(print_pages(here.workshop, zone_id, brief_id))
    here.teller(zone_id, job_id)("正在生成页面预览", 80)
    return {"printed": printed}


def _draw(here: Runtime, zone_id: int, job_id: int, so_far: Outcome) -> Outcome:
    if "printed" in so_far:
        draw_preview(here.workshop, zone_id, _about(here, zone_id, job_id))
    return {}


def _complete(here: Runtime, zone_id: int, job_id: int, so_far: Outcome) -> Outcome:
    if "printed" not in so_far:
        return {}
    printed = Printed(**so_far["printed"])
    complete_brief(here.workshop, zone_id, _about(here, zone_id, job_id), printed)
    return {"said": f"共 {printed.pages} 页"}


def _import(here: Runtime, zone_id: int, job_id: int, _so_far: Outcome) -> Outcome:
    return take_batch(here, zone_id, _about(here, zone_id, job_id), here.teller(zone_id, job_id))


def _export(here: Runtime, zone_id: int, job_id: int, _so_far: Outcome) -> Outcome:
    return write_export(here, zone_id, job_id)


def _fill(here: Runtime, zone_id: int, job_id: int, _so_far: Outcome) -> Outcome:
    return fill_report(here, zone_id, job_id, _about(here, zone_id, job_id))


def _edition(here: Runtime, zone_id: int, job_id: int, _so_far: Outcome) -> Outcome:
    """Another edition of the document that the job's arguments name, as it stands now; printed before, it is copied."""
    with here.open_session(read_only=True) as session:
        job, zone = get_job(session, zone_id, job_id), session.get_one(Zone, zone_id)
        document = get_document(session, zone_id, (job.arguments or {})["document"])
        snapshot, kind = printable(session, document), job.kind
        target = job_file(here.config.instance_path, job)
        name = f"{zone.name}{document.year}年{document.month}月招商引资工作简报"
        folder = editions_of(here.config.instance_path, document)
    here.teller(zone_id, job_id)("正在排版", 30)
    settings, find = here.config, find_word if kind is JobKind.word else find_phone
    made = find(snapshot, folder, fonts=settings.fonts_path, site_fonts=settings.site_fonts_path)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".part")
    shutil.copyfile(made, fresh)
    fresh.replace(target)
    more = "（手机版）" if kind is JobKind.phone else ""
    return {"file_name": f"{name}{more}{kind.suffix}", "file_size": target.stat().st_size}


def _close(here: Runtime, zone_id: int, job_id: int, _so_far: Outcome) -> Outcome:
    """Close the month of the job's arguments, in the name of who asked; one that is closed already stays so."""
    here.teller(zone_id, job_id)("正在核对并记账", 20)
    with here.open_session() as session:
        job, zone = get_job(session, zone_id, job_id), session.get_one(Zone, zone_id)
        asked = job.arguments or {}
        month = Month.parse(asked["month"], zone.cutoff_day)
        standing = read_books(session, zone_id).find(month)
        if standing is not None:
            return {"said": f"{month.label}已由{standing.user_name}关账"}
        user = session.get(UserAccount, (zone_id, job.made_by)) if job.made_by else None
        if user is None or not user.active or not may(user.role, Permission.close_month):
            raise DomainError(f"{job.made_name}现在没有关账的权限，{month.label}没有关账")
        actor = Actor(zone_id, user.id, user.name)
        close_month(session, actor, zone=zone, month=month, waive_rest=asked.get("waive"))
    return {"said": f"{month.label}已关账"}


_BRIEF: dict[str, Step] = {"freeze": _freeze, "print": _print, "draw": _draw, "complete": _complete}
STEPS: Mapping[JobKind, Mapping[str, Step]] = {
    JobKind.brief: _BRIEF,
    JobKind.draft: {"draft": _draft, **_BRIEF},
    JobKind.word: {"edition": _edition},
    JobKind.phone: {"edition": _edition},
    **{kind: {"import": _import} for kind in IMPORTS},
    JobKind.export: {"export": _export},
    JobKind.fill: {"fill": _fill},
    JobKind.close: {"close": _close},
}


def end_job(here: Runtime, zone_id: int, job_id: int, outcome: Outcome) -> None:
    """Write down how a job ended: its own record first, then the job. A second time changes nothing."""
    now = clock.now()
    if "failed" in outcome:
        _release(here, zone_id, job_id, outcome["failed"])
    with here.open_session() as session:
        job = get_job(session, zone_id, job_id)
        if "failed" in outcome:
            fail_job(session, job, outcome["failed"], now=now)
        else:
            finish_job(
                session,
                job,
                now=now,
                said=outcome.get("said", ""),
                file_name=outcome.get("file_name"),
                file_size=outcome.get("file_size"),
            )
    forget(here.config.instance_path, zone_id, job_id)


def _release(here: Runtime, zone_id: int, job_id: int, reason: str) -> None:
    """The record that a failed job worked on says why, too."""
    with here.open_session(read_only=True) as session:
        job: Job = get_job(session, zone_id, job_id)
        kind, about = job.kind, job.about_id
    if about is None:
        return
    with suppress(NotFoundError):  # the record is gone, which may be why the job failed
        if kind in (JobKind.brief, JobKind.draft):
            give_up_brief(here.workshop, zone_id, about, reason)
        elif kind in IMPORTS:
            give_up_batch(here, zone_id, about, reason)
