"""What the closing of months forbids with arrivals; asked here and nowhere else."""

from __future__ import annotations

import datetime as dt

from app.journal.queries import read_books
from app.web.session import current, db


def closed_until() -> dt.date | None:
    """The last day of the zone's last closed month; None while no month is closed. One query."""
    last = read_books(db(), current().zone.id).last
    return last.until if last else None
