"""One record of each kind in a zone, every text of it marked; so that two zones can stand side by side."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sqlalchemy import Enum, String, select
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, Zone
from app.activities.models import Activity, Task
from app.activities.rules import ActivityKind
from app.audit.operations import note
from app.briefs.models import Brief, BriefComment, BriefState
from app.briefs.operations import file_of, page_of
from app.db.base import Base
from app.directory.models import ResponsibleUnit
from app.files.operations import Upload, add_files
from app.funds.rules import ReviewState
from app.jobs.models import Job
from app.jobs.operations import file_of as file_of_job
from app.jobs.rules import JobKind, JobState
from app.leads.rules import LeadState
from app.pipeline.rules import MilestoneKind, Stage
from tests.briefs.documents import make_document
from tests.factories import (
    NOW,
    YI,
    actor_of,
    make_area,
    make_arrival,
    make_chain,
    make_contact,
    make_excuse,
    make_investor,
    make_lead,
    make_project,
    make_request,
    make_target,
    make_terms,
)
from tests.files.samples import picture
from tests.project_list import make_view
from tests.reporting.records import make_report
from tests.web.ledgers import put_batch

UNMARKED = {
    "alg", "address", "agent", "brief_masthead", "csrf_secret", "currency", "figure", "hash", "industry", "kind",
    "login", "media_type", "origin", "password_hash", "prev_hash", "province", "request_id", "sha256",
    "token_hash", "uscc", "action", "entity", "by_recognition", "actor_name",
}  # fmt: skip
"""Texts that a rule reads, so that no mark can stand in them."""


def make_world(
    session: Session,
    zone: Zone,
    unit: ResponsibleUnit,
    officer: UserAccount,
    other: UserAccount,
    folder: Path,
) -> dict[str, Any]:
    """The records by the route arguments that ask for them; those of ``officer`` belong to ``unit``."""
    area = make_area(session, zone)
    investor = make_investor(session, zone)
    contact = make_contact(session, zone, investor, recorded_by=officer.id, recorded_name=officer.name)
    chain = make_chain(session, zone, segments=("正极",))
    project = make_project(
        session, zone, unit=unit, investor=investor, chain_id=chain.id, area_id=area.id,
        content="内容", note="备注", officer="责任人", sponsor="领导",
        reached={MilestoneKind.landed: dt.date(2024, 4, 1)},
    )  # fmt: skip
    terms = make_terms(session, zone, project, "条款")
    who: dict[str, Any] = {"recorded_by": officer.id, "recorded_name": officer.name}
    make_arrival(session, zone, project, voucher="已认定", **who)
    make_arrival(session, zone, project, state=ReviewState.pending, voucher="待审", **who)
    returned = make_arrival(
        session, zone, project, state=ReviewState.returned, voucher="退回", return_reason="原因", **who
    )
    make_target(session, zone, 100 * YI)
    make_target(session, zone, 50 * YI, unit=unit)
    lead = make_lead(
        session, zone, unit, content="内容", contact_name="联系人", contact_title="经理",
        contact_phone="13800138000", assessment="研判", state=LeadState.followed,
    )  # fmt: skip
    activity = Activity(
        zone_id=zone.id, kind=ActivityKind.note, on_day=NOW.date(), text="谈用地", place="地点", participants="某某",
        project_id=project.id, unit_id=unit.id, logged_by=officer.id, logged_name=officer.name, logged_at=NOW,
    )  # fmt: skip
    session.add(activity)
    session.flush()
    task = Task(
        zone_id=zone.id, text="下一步", due_on=NOW.date(), owner_id=officer.id, made_at=NOW,
        activity_id=activity.id, project_id=project.id,
    )  # fmt: skip
    session.add(task)
    times = {
        "made_name": officer.name,
        "made_at": NOW,
        "finished_at": NOW,
        "percent": 100,
        "sha256": "0" * 64,
    }
    batch, row = put_batch(session, zone, folder, "台账", **times)
    brief = Brief(zone_id=zone.id, year=2024, month=6, state=BriefState.ready, pages=1, **times)
    job = Job(
        zone_id=zone.id, kind=JobKind.export, title="项目名单", state=JobState.done, file_name="项目名单.xlsx",
        file_size=6, made_by=officer.id, made_name=officer.name, made_at=NOW, finished_at=NOW,
    )  # fmt: skip
    session.add_all([brief, job])
    document = make_document(session, zone, folder)
    comment = BriefComment(
        zone_id=zone.id, document_id=document.id, key="opening", text="核对", made_name=officer.name, made_at=NOW
    )  # fmt: skip
    session.add(comment)
    request = make_request(session, zone, project, officer, Stage.signed)
    [file] = add_files(
        session, actor_of(officer), [Upload("回单.png", picture("PNG"))],
        entity="project", entity_id=project.id, label="凭证", folder=folder,
    )  # fmt: skip
    note(
        session,
        actor_of(officer),
        action="change",
        entity="project",
        entity_id=project.id,
        after={"name": zone.name},
    )
    session.flush()
    for path in (file_of(folder, brief), page_of(folder, brief, 1), file_of_job(folder, job)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a file")
    view = make_view(session, zone, officer, name="视图")
    form, fill = make_report(session, zone, officer, folder)
    return terms | {
        "view_id": view.id,
        "investor_id": investor.id,
        "contact_id": contact.id,
        "activity_id": activity.id,
        "task_id": task.id,
        "excuse_id": make_excuse(session, zone, project, officer).id,
        "warning": "unstarted",
        "verdict": "grant",
        "brief_id": brief.id,
        "document_id": document.id,
        "key": "opening",
        "section": "opening",
        "period": "2024-06",
        "what": "leave",
        "edition": "word",
        "comment_id": comment.id,
        "sentence": "opening",
        "project_id": project.id,
        "lead_id": lead.id,
        "arrival_id": returned.id,
        "batch_id": batch.id,
        "row_id": row.id,
        "job_id": job.id,
        "form_id": form.id,
        "fill_id": fill.id,
        "entity_id": project.id,
        "file_id": file.id,
        "user_id": other.id,
        "entry_id": chain.id,
        "request_id": request.id,
        "item": "admission",
        "number": 1,
        "entity": "project",
        "name": "chain",
        "code": "funds.amount",
        "month": "2024-06",
    }


def mark_texts(session: Session, zone: Zone, mark: str) -> None:
    """Put ``mark`` into every text of every record of the zone that no rule reads."""
    session.flush()
    for mapper in Base.registry.mappers:
        texts = [
            column
            for column in mapper.columns
            if isinstance(column.type, String)
            and not isinstance(column.type, Enum)
            and column.key not in UNMARKED
        ]
        own = getattr(mapper.class_, "zone_id", None) if mapper.class_ is not Zone else Zone.id
        if own is None or not texts or mapper.class_.__tablename__.startswith("audit_"):
            continue
        for row in session.scalars(select(mapper.class_).where(own == zone.id)):
            for column in texts:
                longest = getattr(column.type, "length", None) or 200
                stamp = f"{mark}{getattr(row, 'id', 0) % 100000}"
                setattr(row, column.key, f"{stamp}{getattr(row, column.key) or ''}"[:longest])
    session.flush()
