"""What several arrivals of one project are entered against, read once for all of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.funds.queries.records import recorded_total
from app.pipeline.models import Project
from app.pipeline.queries import list_responsibilities


@dataclass
class OnRecord:
    """Fen of the arrivals that wait or are recognised, and the unit from each day on, oldest first."""

    already_fen: int
    units: tuple[tuple[dt.date, int], ...]

    def unit_on(self, day: dt.date) -> int:
        """The unit responsible on ``day`` (figures.md §1)."""
        return next(unit for from_on, unit in reversed(self.units) if from_on <= day)


def read_on_record(session: Session, project: Project, *, without: int | None = None) -> OnRecord:
    """As it is now, leaving out the arrival ``without``. Two queries."""
    units = list_responsibilities(session, project.zone_id, project.id)
    total = recorded_total(session, project.zone_id, project.id, without=without)
    return OnRecord(total, tuple((unit.from_on, unit.unit_id) for unit in units))


def newly_on_record(project: Project) -> OnRecord:
    """Of a project that was registered in this very transaction: no money yet, one unit from the beginning."""
    return OnRecord(0, ((dt.date.min, project.unit_id),))
