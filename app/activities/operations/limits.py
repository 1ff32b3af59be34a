"""The zone's limits of stages."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.activities.models import ActivityLimit
from app.activities.queries import stage_limits
from app.activities.rules import check_limits
from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.pipeline.rules import Stage


def set_limits(session: Session, actor: Actor, limits: Mapping[Stage, int]) -> bool:
    """Set after how many days without progress a project is 久未更新, by stage; whether anything changed.

    Raises ``DomainError`` for what ``check_limits`` refuses.
    """
    check_limits(limits)
    before = {stage.value: days for stage, days in stage_limits(session, actor.zone_id).items()}
    old, new = difference(before, {stage.value: days for stage, days in limits.items()})
    if not new:
        return False
    for name in new:
        stage = Stage(name)
        session.merge(ActivityLimit(zone_id=actor.zone_id, stage=stage, days=limits[stage]))
    session.flush()
    note(
        session,
        actor,
        action="set_limits",
        entity="zone",
        entity_id=actor.zone_id,
        before=old,
        after=new,
    )
    return True
