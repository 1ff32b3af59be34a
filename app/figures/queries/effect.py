"""What the month's 到位资金 becomes when an arrival is recognised, before it happens."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries.basis import recognition_kinds
from app.figures.queries.targets import find_progress
from app.figures.queries.windows import headline
from app.figures.rules import TargetProgress, Values
from app.journal.rules import FactKind
from app.kernel.periods import Month

FUNDS = "funds.amount"


@dataclass(frozen=True)
class Standing:
    """到位资金 of a month, and how it stands against the zone's annual target if there is one."""

    values: Values
    progress: TargetProgress | None


@dataclass(frozen=True)
class Effect:
    """The figure of ``month`` without and with the arrival."""

    month: Month
    before: Standing
    after: Standing


def recognition_effect(
    session: Session, zone: Zone, *, arrived_on: dt.date, fen: int, today: dt.date, at_work: Month
) -> Effect:
    """The effect of recognising ``fen`` today, on the month at work or else on the month the money belongs to."""
    by_recognition = FactKind.funds in recognition_kinds(zone)
    own = Month.of(today if by_recognition else arrived_on, zone.cutoff_day)
    month = at_work if at_work.year == own.year and at_work >= own else own
    now = headline(session, zone, month, [FUNDS])[FUNDS]
    then = Values(now.month + (fen if month == own else 0), now.ytd + fen, now.last_year_ytd)
    return Effect(
        month, *(Standing(v, find_progress(session, zone, month, FUNDS, None, v)) for v in (now, then))
    )
