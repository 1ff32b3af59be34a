"""The business day is Beijing's (stack.md §2); instants are stored in UTC."""

from __future__ import annotations

import datetime as dt

BEIJING = dt.timezone(dt.timedelta(hours=8))


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The present day in Beijing."""
    return dt.datetime.now(BEIJING).date()


def midnight(day: dt.date) -> dt.datetime:
    """The instant at which ``day`` begins in Beijing."""
    return dt.datetime.combine(day, dt.time(), BEIJING)


def day_of(instant: dt.datetime) -> dt.date:
    """The day in Beijing of an aware instant."""
    return instant.astimezone(BEIJING).date()
