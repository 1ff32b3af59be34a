"""Whether an arrival counts in a month whose numbers are closed."""

from __future__ import annotations

from app.figures.queries import counts_by_recognition
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.journal.queries import read_books
from app.kernel.periods import Month
from app.web.session import current, db


def closed_month(arrival: FundArrival) -> Month | None:
    """The zone's last closed month, when the arrival counts and its day is closed; else None. At most one query."""
    if arrival.state is not ReviewState.recognised:
        return None
    last = read_books(db(), arrival.zone_id).last
    by_recognition = counts_by_recognition(current().zone)
    counts_on = (arrival.recognised_on if by_recognition else None) or arrival.arrived_on
    return last.period if last and counts_on <= last.until else None
