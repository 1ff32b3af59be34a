"""Reading the audit log."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry


def list_entries(
    session: Session, zone_id: int, subjects: Mapping[str, Collection[int]], *, limit: int = 200
) -> list[AuditEntry]:
    """The entries about the records named (``{entity: ids}``), newest first."""
    about = [
        and_(AuditEntry.entity == entity, AuditEntry.entity_id.in_(ids))
        for entity, ids in subjects.items()
        if ids
    ]
    query = select(AuditEntry).where(AuditEntry.zone_id == zone_id, or_(*about))
    return list(session.scalars(query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)))
