"""Changing one thing of a project without its form: for lists of projects."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.directory.queries import check_in_use
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.text import clean, has_control
from app.pipeline.models import Project
from app.pipeline.operations.finding import make_findable
from app.pipeline.operations.handover import hand_over
from app.pipeline.queries import list_contracts
from app.pipeline.rules import ENDED, check_handover

LENGTHS = {"officer": 40, "sponsor": 60}
CHANGEABLE = ("officer", "sponsor", "area_id", "chain_id")
LISTED = {"area_id": "area", "chain_id": "chain"}


def change_field(
    session: Session, actor: Actor, project: Project, field: str, value: Any, *, version: int
) -> None:
    """Give one of ``CHANGEABLE`` another value; with another chain the segment is open again.

    Raises ``ConflictError`` when the project was changed since ``version``, ``DomainError`` for an ended one,
    for a text that cannot be, and where nothing would change.
    """
    _check_open(project, version)
    kept = _text(field, value) if field in LENGTHS else value
    if getattr(project, field) == kept:
        raise DomainError("现在就是这个值，不需要修改")
    if field in LISTED:
        check_in_use(session, project.zone_id, {LISTED[field]: value}, "value")
    before = {field: getattr(project, field)}
    after = {field: kept}
    if field == "chain_id" and project.segment_id is not None:
        before["segment_id"], after["segment_id"] = project.segment_id, None
    for name, new in after.items():
        setattr(project, name, new)
    _touch(session, project)
    note(session, actor, action="change", entity="project", entity_id=project.id, before=before, after=after)


def change_unit(
    session: Session,
    actor: Actor,
    project: Project,
    unit_id: int,
    *,
    from_on: dt.date,
    today: dt.date,
    version: int,
) -> None:
    """Hand the project over from a day on; arrivals follow through ``funds``. Raises as ``change_field``."""
    _check_open(project, version)
    if project.unit_id == unit_id:
        raise DomainError("现在就由这个单位负责，不需要移交")
    check_handover(from_on, today)
    check_in_use(session, project.zone_id, {"unit": unit_id}, "value")
    hand_over(session, actor, project, unit_id, from_on=from_on)
    _touch(session, project)
    make_findable(session, project, list_contracts(session, project.zone_id, project.id))


def _check_open(project: Project, version: int) -> None:
    if project.version != version:
        raise ConflictError("刚刚被其他人修改，请回到列表重新选择")
    if project.stage in ENDED:
        raise DomainError(f"项目已{project.stage.label}，不再修改")


def _text(field: str, value: Any) -> str:
    text = clean(str(value))
    if has_control(text):
        raise DomainError("含有看不见的控制字符，请手工重新输入", "value")
    if len(text) > LENGTHS[field]:
        raise DomainError(f"最多 {LENGTHS[field]} 个字", "value")
    return text


def _touch(session: Session, project: Project) -> None:
    project.version += 1
    project.updated_at = clock.now()
    session.flush()
