"""When a brief may be made, and when a making has died."""

from __future__ import annotations

import datetime as dt

from app.kernel.errors import DomainError
from app.kernel.periods import Month

PATIENCE = dt.timedelta(minutes=10)
"""A making that has not ended by then was killed; printing itself stops after five minutes."""


def check_month(month: Month, today: dt.date) -> None:
    """Refuse a month that has not begun."""
    if month.window.start > today:
        raise DomainError(f"{month.label}尚未开始，不能生成简报", "month")


def is_silent(made_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a brief still recorded as being made can no longer be."""
    return now - made_at > PATIENCE
