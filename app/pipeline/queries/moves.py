"""The history of stages: of one project, of many, and as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.pipeline.models import StageChange
from app.pipeline.rules import ROAD, Stage


def stages_as_of(zone_id: int, day: dt.date) -> Select[Any]:
    """``(project_id, stage, since)`` of every project that was on record on ``day``, from the history alone."""
    rank = func.row_number().over(
        partition_by=StageChange.project_id,
        order_by=(StageChange.effective_on.desc(), StageChange.seq.desc()),
    )
    rows = (
        select(
            StageChange.project_id,
            StageChange.to_stage.label("stage"),
            StageChange.effective_on.label("since"),
            rank.label("rank"),
        )
        .where(StageChange.zone_id == zone_id, StageChange.effective_on <= day)
        .subquery()
    )
    return select(rows.c.project_id, rows.c.stage, rows.c.since).where(rows.c.rank == 1)


def list_changes(session: Session, zone_id: int, project_id: int) -> list[StageChange]:
    """The project's history, oldest first."""
    query = select(StageChange).where(StageChange.zone_id == zone_id, StageChange.project_id == project_id)
    return list(session.scalars(query.order_by(StageChange.seq)))


def in_stage_since(session: Session, zone_id: int, project_ids: Collection[int]) -> dict[int, dt.date]:
    """Since when each project stands where it stands; for days in stage. One query.

    A step in the future cannot be, so the newest day is that of the present stage.
    """
    if not project_ids:
        return {}
    query = (
        select(StageChange.project_id, func.max(StageChange.effective_on).label("since"))
        .where(StageChange.zone_id == zone_id, StageChange.project_id.in_(project_ids))
        .group_by(StageChange.project_id)
    )
    return {row.project_id: row.since for row in session.execute(query)}


def bases_of(session: Session, zone_id: int, project_ids: Collection[int]) -> dict[int, Stage]:
    """The last stage on the road of each project, for those beside it (暂停 …); those without one are missing."""
    if not project_ids:
        return {}
    query = (
        select(StageChange.project_id, StageChange.to_stage)
        .where(
            StageChange.zone_id == zone_id,
            StageChange.project_id.in_(project_ids),
            StageChange.to_stage.in_(ROAD),
        )
        .order_by(StageChange.project_id, StageChange.seq)
    )
    return {row.project_id: row.to_stage for row in session.execute(query)}
