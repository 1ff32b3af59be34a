"""Figures against their annual targets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.directory.models import ResponsibleUnit
from app.figures.queries.windows import breakdown, headline
from app.figures.rules import CATALOGUE, TargetProgress, Values
from app.journal.rules import LIVE, Dimension, Reading
from app.kernel.periods import Month
from app.targets.models import AnnualTarget


def target_progress(
    session: Session,
    zone: Zone,
    month: Month,
    *,
    whole: dict[str, Values] | None = None,
    by_unit: dict[str, dict[str, Values]] | None = None,
    codes: Collection[str] | None = None,
    units: bool = True,
    reading: Reading = LIVE,
) -> list[TargetProgress]:
    """Every target of the month's year with the ytd beside it: units in list order, then the whole zone.

    ``whole`` and ``by_unit`` are reused when the caller has them already; ``codes`` leaves out other figures, and
    without ``units`` there is the whole zone only. From the books the targets are those that stood at the close.
    """
    found = _posted(month, reading) if reading.seq is not None else _live(session, zone.id, month)
    rows = [row for row in found if (units or row[0] is None) and (codes is None or row[1] in codes)]
    if not rows:
        return []
    whole = headline(session, zone, month, reading=reading) if whole is None else whole
    if by_unit is None and any(unit for unit, _figure, _value in rows):
        codes = {figure for unit, figure, _value in rows if unit}
        by_unit = breakdown(session, zone, month, Dimension.unit, codes, reading=reading)
    progress = []
    for name, figure, target in rows:
        values = whole[figure] if name is None else (by_unit or {})[figure][name]
        progress.append(TargetProgress(name, figure, target, values.ytd, month))
    return progress


_Target = tuple[str | None, str, int]
"""Unit (None: the whole zone), figure, value."""


def _live(session: Session, zone_id: int, month: Month) -> list[_Target]:
    query = (
        select(AnnualTarget, ResponsibleUnit)
        .outerjoin(ResponsibleUnit, _unit_of_target())
        .where(AnnualTarget.zone_id == zone_id, AnnualTarget.year == month.year)
    )
    rows = sorted(session.execute(query).all(), key=_place)
    return [(unit.name if unit else None, target.figure, target.value) for target, unit in rows]


def _posted(month: Month, reading: Reading) -> list[_Target]:
    units = reading.labels("unit")
    places: dict[int | None, int] = {key: place for place, key in enumerate((*units, None))}
    figures = list(CATALOGUE)
    found = [row[1:] for row in reading.lists["target"] if row[0] == month.year]
    found.sort(key=lambda row: (places[row[1]], figures.index(row[0])))
    return [(None if unit is None else units[unit], figure, value) for figure, unit, value in found]


def _unit_of_target() -> ColumnElement[bool]:
    return and_(ResponsibleUnit.zone_id == AnnualTarget.zone_id, ResponsibleUnit.id == AnnualTarget.unit_id)


def _place(row: Any) -> tuple[bool, int, int, int]:
    """Units in list order, then the whole zone; figures as in the catalogue."""
    target, unit = row
    position, unit_id = (unit.position, unit.id) if unit else (0, 0)
    return unit is None, position, unit_id, list(CATALOGUE).index(target.figure)


def find_progress(
    session: Session,
    zone: Zone,
    month: Month,
    figure: str,
    unit: str | None,
    values: Values,
    *,
    reading: Reading = LIVE,
) -> TargetProgress | None:
    """The target of one figure for the unit of that name (None: the whole zone), with ``values`` beside it."""
    if reading.seq is not None:
        found = [value for name, code, value in _posted(month, reading) if (name, code) == (unit, figure)]
        return TargetProgress(unit, figure, found[0], values.ytd, month) if found else None
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
