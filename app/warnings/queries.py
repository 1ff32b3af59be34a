"""Reading the zone's thresholds, and excuses."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import NotFoundError
from app.warnings.models import WarningExcuse, WarningRule
from app.warnings.rules import DEFAULTS, ExcuseState, Threshold, WarningKind


def thresholds_of(session: Session, zone_id: int) -> dict[WarningKind, Threshold]:
    """Every rule as the zone has set it, the usual one where it has set none. One query."""
    query = select(WarningRule.kind, WarningRule.active, WarningRule.yellow, WarningRule.red).where(
        WarningRule.zone_id == zone_id
    )
    own = {kind: Threshold(active, yellow, red) for kind, active, yellow, red in session.execute(query)}
    return {**DEFAULTS, **own}


def list_excuses(session: Session, zone_id: int, project_id: int) -> list[WarningExcuse]:
    """Everything that was said about the project's warnings, newest first. One query."""
    query = select(WarningExcuse).where(
        WarningExcuse.zone_id == zone_id, WarningExcuse.project_id == project_id
    )
    return list(session.scalars(query.order_by(WarningExcuse.asked_at.desc(), WarningExcuse.id.desc())))


def get_excuse(session: Session, zone_id: int, excuse_id: int) -> WarningExcuse:
    """One excuse, locked. Raises ``NotFoundError``."""
    query = select(WarningExcuse).where(WarningExcuse.zone_id == zone_id, WarningExcuse.id == excuse_id)
    excuse = session.scalars(query.with_for_update()).one_or_none()
    if excuse is None:
        raise NotFoundError("没有这条情况说明")
    return excuse


def find_asked(session: Session, zone_id: int, project_id: int, kind: WarningKind) -> WarningExcuse | None:
    """The excuse that waits for somebody's decision."""
    query = select(WarningExcuse).where(
        WarningExcuse.zone_id == zone_id,
        WarningExcuse.project_id == project_id,
        WarningExcuse.kind == kind,
        WarningExcuse.state == ExcuseState.asked,
    )
    return session.scalars(query).one_or_none()
