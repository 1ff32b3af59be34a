"""Figures against their annual targets."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.directory.models import ResponsibleUnit
from app.figures.queries.windows import breakdown, headline
from app.figures.rules import CATALOGUE, TargetProgress, Values
from app.journal.rules import Dimension
from app.kernel.periods import Month
from app.targets.models import AnnualTarget


def target_progress(
    session: Session,
    zone: Zone,
    month: Month,
    *,
    whole: dict[str, Values] | None = None,
    by_unit: dict[str, dict[str, Values]] | None = None,
) -> list[TargetProgress]:
    """Every target of the month's year with the ytd beside it: units in list order, then the whole zone.

    ``whole`` and ``by_unit`` are reused when the caller has them already.
    """
    query = (
        select(AnnualTarget, ResponsibleUnit)
        .outerjoin(ResponsibleUnit, _unit_of_target())
        .where(AnnualTarget.zone_id == zone.id, AnnualTarget.year == month.year)
    )
    rows = session.execute(query).all()
    if not rows:
        return []
    whole = headline(session, zone, month) if whole is None else whole
    if by_unit is None and any(unit for _target, unit in rows):
        codes = {target.figure for target, unit in rows if unit}
        by_unit = breakdown(session, zone, month, Dimension.unit, codes)
    progress = []
    for target, unit in sorted(rows, key=_place):
        name = unit.name if unit else None
        values = whole[target.figure] if name is None else (by_unit or {})[target.figure][name]
        progress.append(TargetProgress(name, target.figure, target.value, values.ytd, month))
    return progress


def _unit_of_target() -> ColumnElement[bool]:
    return and_(ResponsibleUnit.zone_id == AnnualTarget.zone_id, ResponsibleUnit.id == AnnualTarget.unit_id)


def _place(row: Any) -> tuple[bool, int, int, int]:
    """Units in list order, then the whole zone; figures as in the catalogue."""
    target, unit = row
    position, unit_id = (unit.position, unit.id) if unit else (0, 0)
    return unit is None, position, unit_id, list(CATALOGUE).index(target.figure)


def find_progress(
    session: Session, zone: Zone, month: Month, figure: str, unit: str | None, values: Values
) -> TargetProgress | None:
    """The target of one figure for the unit of that name (None: the whole zone), with ``values`` beside it."""
    query = select(AnnualTarget.value).where(
        AnnualTarget.zone_id == zone.id, AnnualTarget.year == month.year, AnnualTarget.figure == figure
    )
    if unit is None:
        query = query.where(AnnualTarget.unit_id.is_(None))
    else:
        named = select(ResponsibleUnit.id).where(
            ResponsibleUnit.zone_id == zone.id, ResponsibleUnit.name == unit
        )
        query = query.where(AnnualTarget.unit_id.in_(named))
    target = session.scalars(query).one_or_none()
    return TargetProgress(unit, figure, target, values.ytd, month) if target else None
