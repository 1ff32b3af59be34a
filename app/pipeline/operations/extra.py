"""The columns of a zone's own ledger that the system has no field for."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.pipeline.models import Project

LONGEST = 2000


def keep_extra(session: Session, actor: Actor, project: Project, extra: Mapping[str, str]) -> bool:
    """Keep what stood under each head beside what is kept already; whether anything changed.

    A text is cut at ``LONGEST`` characters; a head that is not given stays as it is.
    """
    stored = project.extra or {}
    after = stored | {head: text[:LONGEST] for head, text in extra.items()}
    changed = {head: text for head, text in after.items() if stored.get(head) != text}
    if not changed:
        return False
    project.extra = after
    session.flush()
    note(
        session, actor, action="change", entity="project", entity_id=project.id,
        before={"extra": {head: stored.get(head) for head in changed}}, after={"extra": changed},
    )  # fmt: skip
    return True
