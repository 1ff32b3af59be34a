"""Figures against their annual targets."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.directory.models import ResponsibleUnit
from app.directory.queries import labels
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
    query = select(AnnualTarget).where(AnnualTarget.zone_id == zone.id, AnnualTarget.year == month.year)
    targets = list(session.scalars(query))
    if not targets:
        return []
    units = labels(session, zone.id, "unit")
    whole = headline(session, zone, month) if whole is None else whole
    if by_unit is None and any(t.unit_id for t in targets):
        by_unit = breakdown(session, zone, month, Dimension.unit, {t.figure for t in targets if t.unit_id})
    figures, order = list(CATALOGUE), list(units)
    targets.sort(
        key=lambda t: (t.unit_id is None, order.index(t.unit_id) if t.unit_id else 0, figures.index(t.figure))
    )
    progress = []
    for target in targets:
        name = units[target.unit_id] if target.unit_id else None
        values = whole[target.figure] if name is None else (by_unit or {})[target.figure][name]
        progress.append(TargetProgress(name, target.figure, target.value, values.ytd, month))
    return progress


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
