"""Projects without progress for longer than their stage bears (domain.md §1.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, case, func, literal, or_, select
from sqlalchemy.orm import Session

from app.activities.models import Activity
from app.activities.rules import days_without_progress
from app.funds.models import FundArrival
from app.kernel import clock
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.rules import Stage
from app.warnings.queries import thresholds_of
from app.warnings.rules import IDLE


@dataclass(frozen=True)
class StaleProject:
    """A project that nobody has moved: its last progress and the limit that it has passed."""

    id: int
    name: str
    stage: Stage
    officer: str
    last_on: dt.date
    limit_days: int
    days: int


def stage_limits(session: Session, zone_id: int) -> dict[Stage, int]:
    """The zone's limits in days, the yellow thresholds of its warnings; 0 is not watched. One query."""
    rules = thresholds_of(session, zone_id)
    return {stage: rules[kind].yellow if rules[kind].active else 0 for kind, stage in IDLE.items()}


def list_stale(
    session: Session, zone_id: int, unit_id: int, *, today: dt.date, limits: Mapping[Stage, int]
) -> list[StaleProject]:
    """The unit's projects past their limit, those furthest past it first. One query.

    Progress is an activity that stands, a contract, a milestone, money (the day it came, was entered by a
    person, or was reviewed). A project without any counts from the day it was registered.
    """
    watched = {stage: days for stage, days in limits.items() if days > 0}
    if not watched:
        return []
    since = case(
        {stage: literal(today - dt.timedelta(days=days), Date) for stage, days in watched.items()},
        value=Project.stage,
    )
    days = _days(zone_id)
    instants = _instants(zone_id)
    edge = {stage: _start(today - dt.timedelta(days=limit)) for stage, limit in watched.items()}
    late = case(
        {stage: literal(at, FundArrival.recorded_at.type) for stage, at in edge.items()}, value=Project.stage
    )
    query = select(
        Project.id, Project.name, Project.stage, Project.officer, Project.created_at, *days, *instants
    ).where(
        Project.zone_id == zone_id,
        Project.unit_id == unit_id,
        Project.stage.in_(tuple(watched)),
        *(or_(day.is_(None), day < since) for day in days),
        *(or_(at.is_(None), at < late) for at in instants),
    )
    found = []
    for key, name, stage, officer, created_at, *marks in session.execute(query):
        last = max((_day(mark) for mark in marks if mark is not None), default=_day(created_at))
        passed = days_without_progress(last, today)
        if passed > watched[stage]:
            found.append(StaleProject(key, name, stage, officer, last, watched[stage], passed))
    return sorted(found, key=lambda row: (row.limit_days - row.days, row.name))


def _days(zone_id: int) -> list[Any]:
    """The last day of each kind of progress, as scalar subqueries; days to come do not count."""
    marks = (
        (func.max(Activity.on_day), Activity, Activity.withdrawn_at.is_(None)),
        (func.max(FundArrival.arrived_on), FundArrival, None),
        (func.max(Milestone.reached_on), Milestone, None),
        (func.max(Contract.signed_on), Contract, None),
    )
    return [_last(zone_id, *mark) for mark in marks]


def _instants(zone_id: int) -> list[Any]:
    """When money was last entered by a person or reviewed; an import is nobody's progress."""
    entered = FundArrival.recorded_by.is_not(None)
    return [
        _last(zone_id, func.max(FundArrival.recorded_at), FundArrival, entered),
        _last(zone_id, func.max(FundArrival.reviewed_at), FundArrival, None),
    ]


def _last(zone_id: int, value: Any, kind: Any, condition: Any) -> Any:
    query = select(value).where(kind.zone_id == zone_id, kind.project_id == Project.id)
    if condition is not None:
        query = query.where(condition)
    return query.correlate(Project).scalar_subquery()


def _start(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), clock.BEIJING)


def _day(mark: dt.date | dt.datetime) -> dt.date:
    return mark.astimezone(clock.BEIJING).date() if isinstance(mark, dt.datetime) else mark
