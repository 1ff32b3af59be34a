"""Figures against targets, last year and the month before."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.facts.basis import Ground
from app.briefs.rules import ranks
from app.figures.queries import breakdown, headline
from app.figures.queries.year import month_by_month
from app.figures.rules import CATALOGUE, ZERO, TargetProgress, Values
from app.journal.rules import Dimension, Reading
from app.kernel.periods import Month

Data = dict[str, Any]
FUNDS = "funds.amount"


def figures_before(session: Session, zone: Zone, month: Month, ground: Ground) -> Data | None:
    """The figures of the month before, as issued when it was closed, for what this month added; None in January."""
    if month.month == 1:
        return None
    return figures_of(headline(session, zone, month.previous(), reading=ground.before))


def figures_of(values: dict[str, Values]) -> Data:
    """``{code: {month, ytd, last_year_ytd}}``."""
    return {code: asdict(value) for code, value in values.items()}


def months_of_year(session: Session, zone: Zone, month: Month, reading: Reading) -> Data:
    """到位资金 of this year and last, and contracts signed, month by month; months closed before as issued."""
    funds, signed = CATALOGUE[FUNDS], CATALOGUE["signed.count"]
    return {
        "funds": month_by_month(session, zone, month, funds, reading=reading),
        "funds_last_year": month_by_month(session, zone, month.last_year, funds, reading=reading),
        "signed": month_by_month(session, zone, month, signed, reading=reading),
    }


def whole_targets(progress: list[TargetProgress]) -> list[Data]:
    """The whole zone's targets."""
    return [{"figure": p.figure, "target": p.target, "ytd": p.ytd} for p in progress if p.unit is None]


def unit_progress(
    session: Session, zone: Zone, month: Month, progress: list[TargetProgress], ground: Ground
) -> list[Data]:
    """到位资金 of each unit with its rank now and a month ago; ranked ones first."""
    found = breakdown(session, zone, month, Dimension.unit, [FUNDS], reading=ground.reading)
    targets = {p.unit: p for p in progress if p.figure == FUNDS and p.unit}
    now = ranks({name: (p.ytd, p.target) for name, p in targets.items()})
    before = {}
    if month.month > 1:
        then = month.previous()
        values = breakdown(session, zone, then, Dimension.unit, [FUNDS], reading=ground.before)[FUNDS]
        before = ranks({name: (values.get(name, ZERO).ytd, p.target) for name, p in targets.items()})
    rows = [
        {
            "unit": name,
            "target": targets[name].target if name in targets else None,
            **asdict(values),
            "rank": now.get(name),
            "rank_before": before.get(name),
        }
        for name, values in found[FUNDS].items()
    ]
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0))
