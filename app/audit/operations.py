"""Writing the audit log."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.rules import Actor, as_json
from app.kernel import clock


def note(
    session: Session,
    actor: Actor,
    *,
    action: str,
    entity: str,
    entity_id: int,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Record one change in the actor's zone, in the same transaction as the change itself."""
    session.add(
        AuditEntry(
            zone_id=actor.zone_id,
            at=clock.now(),
            actor_id=actor.user_id,
            actor_name=actor.name,
            action=action,
            entity=entity,
            entity_id=entity_id,
            before=None if before is None else {k: as_json(v) for k, v in before.items()},
            after=None if after is None else {k: as_json(v) for k, v in after.items()},
        )
    )
