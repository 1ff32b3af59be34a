"""Handing in papers for a gate, and a reviewer's consent to what a gate asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.files.operations import Upload, add_files
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.text import clean, has_control
from app.pipeline.models import Approval, Project, ProjectPaper
from app.pipeline.queries import find_approval, gate_items, paper_items
from app.pipeline.rules import GateKind, Item, check_day, check_happened


def hand_in(
    session: Session,
    actor: Actor,
    project: Project,
    code: str,
    uploads: Sequence[Upload],
    *,
    folder: Path,
    today: dt.date,
    number: str = "",
    issued_on: dt.date | None = None,
) -> list[ProjectPaper]:
    """Keep files of the project as the paper ``code`` of the zone's gates. Cures what was owed, too.

    Raises ``DomainError`` for a paper that no gate asks for and for files that are refused (field ``files``).
    """
    found = {item.code: item for item in paper_items(gate_items(session, project.zone_id))}
    if code not in found:
        raise DomainError("本园区的要件清单中没有这一项，请刷新后重试", "files")
    number = clean(number)
    if has_control(number) or len(number) > 60:
        raise DomainError("文号最多 60 个字，不能含有不可见字符", "number")
    if issued_on is not None:
        check_day(issued_on, "签发日期", "issued_on")
        check_happened(issued_on, today, "签发日期", "issued_on")
    label = found[code].label
    files = add_files(
        session, actor, uploads, entity="project", entity_id=project.id, label=label, folder=folder
    )
    papers = [
        ProjectPaper(
            zone_id=project.zone_id,
            project_id=project.id,
            code=code,
            file_id=file.id,
            number=number,
            issued_on=issued_on,
            handed_name=actor.name,
            handed_at=clock.now(),
        )
        for file in files
    ]
    session.add_all(papers)
    session.flush()
    if number or issued_on:
        after = {"paper": label, "paper_number": number, "issued_on": issued_on}
        note(session, actor, action="hand_in", entity="project", entity_id=project.id, after=after)
    return papers


def approve(
    session: Session, actor: Actor, project: Project, code: str, *, today: dt.date, remark: str = ""
) -> Approval:
    """A reviewer consents to an item of kind 审批. Raises ``DomainError`` for another item, ``ConflictError`` twice.

    The caller has decided that the actor reviews, and has not moved the project to where it stands.
    """
    item = _approval_item(session, project, code)
    if find_approval(session, project.zone_id, project.id, code) is not None:
        raise ConflictError(f"“{item.label}”已经同意过")
    if actor.user_id is None:
        raise DomainError("审批须由审核岗本人办理")
    remark = _checked(remark)
    approval = Approval(
        zone_id=project.zone_id,
        project_id=project.id,
        code=code,
        reviewer_id=actor.user_id,
        reviewer_name=actor.name,
        approved_on=today,
        remark=remark,
        recorded_at=clock.now(),
    )
    session.add(approval)
    session.flush()
    after = {"approval": item.label, "remark": remark}
    note(session, actor, action="approve", entity="project", entity_id=project.id, after=after)
    return approval


def take_back_approval(session: Session, actor: Actor, project: Project, code: str) -> None:
    """Withdraw a consent, by anybody who reviews. Raises ``ConflictError`` when there is none."""
    item = _approval_item(session, project, code)
    approval = find_approval(session, project.zone_id, project.id, code)
    if approval is None:
        raise ConflictError(f"“{item.label}”还没有同意过")
    session.delete(approval)
    session.flush()
    before = {"approval": item.label, "remark": approval.remark}
    note(session, actor, action="unapprove", entity="project", entity_id=project.id, before=before)


def _approval_item(session: Session, project: Project, code: str) -> Item:
    for item in gate_items(session, project.zone_id):
        if item.kind is GateKind.approval and item.code == code:
            return item
    raise DomainError("本园区的要件清单中没有这一项审批，请刷新后重试")


def _checked(remark: str) -> str:
    remark = clean(remark)
    if has_control(remark) or len(remark) > 200:
        raise DomainError("意见最多 200 个字，不能含有不可见字符", "remark")
    return remark
