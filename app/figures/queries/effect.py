"""What the month's 到位资金 becomes when an arrival is recognised, before it happens."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.figures.queries.windows import headline, recognition_kinds
from app.figures.rules import TargetProgress, Values
from app.journal.rules import FactKind
from app.kernel.periods import Month
from app.targets.models import AnnualTarget

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
    target = session.scalars(
        select(AnnualTarget.value).where(
            AnnualTarget.zone_id == zone.id,
            AnnualTarget.year == month.year,
            AnnualTarget.figure == FUNDS,
            AnnualTarget.unit_id.is_(None),
        )
    ).one_or_none()
    return Effect(month, _standing(now, target, month), _standing(then, target, month))


def _standing(values: Values, target: int | None, month: Month) -> Standing:
    return Standing(values, TargetProgress(None, FUNDS, target, values.ytd, month) if target else None)
