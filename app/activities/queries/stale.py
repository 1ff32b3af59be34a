"""When a project was last moved (domain.md §1.3): what counts as progress, and what does not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Date, func, literal, select

from app.activities.models import Activity
from app.db.types import beijing_day, latest_day
from app.funds.models import FundArrival
from app.pipeline.models import Contract, Milestone, Project, StageChange

_NEVER = literal(dt.date(1, 1, 1), Date)


def last_progress(zone_id: int) -> Any:
    """The day of a project's last progress, for a query over ``Project``.

    Progress is an activity that stands, a contract, a milestone, a change of stage, money (the day it came,
    was entered by a person, or was reviewed); a save or an import is none. A project without any counts from
    the day it was registered.
    """
    marks = (
        (func.max(Activity.on_day), Activity, Activity.withdrawn_at.is_(None)),
        (func.max(FundArrival.arrived_on), FundArrival, None),
        (func.max(Milestone.reached_on), Milestone, None),
        (func.max(Contract.signed_on), Contract, None),
        (func.max(StageChange.effective_on), StageChange, StageChange.from_stage.is_not(None)),
        (beijing_day(func.max(FundArrival.recorded_at)), FundArrival, FundArrival.recorded_by.is_not(None)),
        (beijing_day(func.max(FundArrival.reviewed_at)), FundArrival, None),
    )
    days = [func.coalesce(_last(zone_id, *mark), _NEVER) for mark in marks]
    return func.coalesce(func.nullif(latest_day(*days), _NEVER), beijing_day(Project.created_at))


def _last(zone_id: int, value: Any, kind: Any, condition: Any) -> Any:
    query = select(value).where(kind.zone_id == zone_id, kind.project_id == Project.id)
    if condition is not None:
        query = query.where(condition)
    return query.correlate(Project).scalar_subquery()
