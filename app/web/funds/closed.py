"""What the closing of months forbids with arrivals; asked here and nowhere else."""

from __future__ import annotations

import datetime as dt


def closed_until() -> dt.date | None:
    """The last day of the zone's last closed month; None while no month is closed."""
    return None
