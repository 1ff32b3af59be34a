"""Bringing one field of a project back to what it was before a change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.rules import Actor
from app.kernel.errors import DomainError
from app.pipeline.models import Project
from app.pipeline.operations.data import as_it_stands
from app.pipeline.operations.project import save_project
from app.pipeline.rules import check_restorable


def restore_value(
    session: Session,
    actor: Actor,
    project: Project,
    entry: AuditEntry,
    field: str,
    *,
    version: int,
    today: dt.date,
) -> None:
    """Give ``field`` the value it had before the change ``entry``, by the same rules as the form.

    Raises ``DomainError`` for a field or a project that is not to be restored, and for a value that was
    restored already or does not fit any more; ``ConflictError`` when ``version`` is not the present one.
    """
    check_restorable(field, entry.before, project.stage)
    old = (entry.before or {})[field]
    if getattr(project, field) == old:
        raise DomainError("这一项现在就是这个值，不需要恢复")
    data = replace(as_it_stands(session, project), **{field: old})
    if field == "chain_id":
        data = replace(data, segment_id=None)
    save_project(
        session, actor, project, project.investor_id, data,
        today=today, source="", version=version, action="restore",
    )  # fmt: skip
