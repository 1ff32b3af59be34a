"""Reading annual targets."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.targets.models import AnnualTarget


def list_targets(session: Session, zone_id: int, year: int) -> dict[tuple[int | None, str], AnnualTarget]:
    """The zone's targets of one year by (unit id or None for 全区, figure code)."""
    query = select(AnnualTarget).where(AnnualTarget.zone_id == zone_id, AnnualTarget.year == year)
    return {(target.unit_id, target.figure): target for target in session.scalars(query)}
