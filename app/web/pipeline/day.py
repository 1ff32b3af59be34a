"""The day on which projects are looked at, and what is wrong with one on it."""

from __future__ import annotations

import datetime as dt

from app.figures.rules import project_warnings, settled_by
from app.kernel import clock
from app.pipeline.rules import Stage
from app.web.session import current


def as_of() -> dt.date:
    """The day on which delays are counted: today, or the last day of an earlier month in work."""
    return min(clock.today(), current().month.last_day)


def warnings_of(stage: Stage, signed_on: dt.date | None, recognised_fen: int) -> list[str]:
    """What is wrong with a project on the day of ``as_of``."""
    day = as_of()
    return project_warnings(stage, signed_on, recognised_fen, day=day, settled_by=settled_by(day))
