"""The figures that an import moves: those of the month in work and of each year it touches, before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries import headline
from app.figures.rules import CATALOGUE, Figure, Measure
from app.kernel.money import FEN_PER_WAN, cut_zeros
from app.kernel.periods import FIRST_YEAR, Month
from app.ledger.rules.effect import NOTHING, Effect
from app.ledger.workbook.recognising import FormRow

MOST_YEARS = 6
"""The newest years of a long history are shown."""
Figures = dict[tuple[str, str, str], int]
"""Whole fen or counts by figure, window (``month``, ``ytd``, ``year``) and the period in words."""


def years_of(rows: Iterable[FormRow]) -> set[int]:
    """The years that the days and months of a ledger lie in."""
    found: set[int] = set()
    for row in rows:
        if row.month is not None:
            found.add(row.month[0])
            if not row.in_list:
                continue
        found |= {cell.value.year for cell in row.cells.values() if isinstance(cell.value, dt.date)}
    return found


def read_figures(
    session: Session, zone: Zone, years: Iterable[int], today: dt.date, more: Effect = NOTHING
) -> Figures:
    """The figures of the month of ``today`` and of its year so far, and of each of ``years`` as a whole.

    ``more`` is added to them: what is not written yet.
    """
    now = Month.of(today, zone.cutoff_day)
    found: Figures = {}
    for code, values in headline(session, zone, now).items():
        figure = CATALOGUE[code]
        found[code, "month", now.label] = values.month + more.of(figure, now.window)
        found[code, "ytd", f"{now.year}年1—{now.month}月"] = values.ytd + more.of(figure, now.ytd)
    past = sorted((year for year in set(years) if FIRST_YEAR <= year < now.year), reverse=True)
    for year in past[:MOST_YEARS]:
        december = Month(year, 12, zone.cutoff_day)
        for code, values in headline(session, zone, december).items():
            found[code, "year", f"{year}年"] = values.ytd + more.of(CATALOGUE[code], december.ytd)
    return found


def beside(before: Figures, after: Figures) -> list[dict[str, Any]]:
    """The two side by side as plain values, amounts in 万元, in the order of the catalogue."""
    return [
        {
            "code": code,
            "name": CATALOGUE[code].name,
            "unit": CATALOGUE[code].unit,
            "window": window,
            "period": period,
            "before": _written(CATALOGUE[code], before.get((code, window, period), 0)),
            "after": _written(CATALOGUE[code], value),
        }
        for (code, window, period), value in after.items()
    ]


def _written(figure: Figure, value: int) -> str:
    return str(value) if figure.measure is Measure.count else cut_zeros(Decimal(value) / FEN_PER_WAN)
