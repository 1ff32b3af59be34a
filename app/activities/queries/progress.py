"""What was written last about projects, for tables that give their progress in one cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.activities.models import Activity


@dataclass(frozen=True)
class Entry:
    """One sentence of progress."""

    on_day: dt.date
    text: str


def progress_of(
    session: Session, zone_id: int, *, until: dt.date, most: int, since: dt.date | None = None
) -> dict[int, list[Entry]]:
    """The last entries of every project up to ``until``, oldest first; at most ``most``, none before ``since``.

    Activities that were taken back count nowhere. One query.
    """
    conditions = [
        Activity.zone_id == zone_id,
        Activity.project_id.is_not(None),
        Activity.withdrawn_at.is_(None),
        Activity.on_day <= until,
    ]
    if since is not None:
        conditions.append(Activity.on_day >= since)
    newest = (Activity.on_day.desc(), Activity.id.desc())
    place = func.row_number().over(partition_by=Activity.project_id, order_by=newest).label("place")
    ranked = select(Activity.project_id, Activity.on_day, Activity.text, place).where(*conditions).subquery()
    query = select(ranked).where(ranked.c.place <= most).order_by(ranked.c.project_id, ranked.c.place.desc())
    found: dict[int, list[Entry]] = {}
    for row in session.execute(query):
        found.setdefault(row.project_id, []).append(Entry(row.on_day, row.text))
    return found
