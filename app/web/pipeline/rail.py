"""The stage rail of a project: planned and actual days, and the difference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.pipeline.models import Milestone
from app.pipeline.rules import ROAD, MilestoneKind, Stage

_MILESTONE = {
    Stage.talks: MilestoneKind.first_contact,
    Stage.landed: MilestoneKind.landed,
    Stage.started: MilestoneKind.started,
    Stage.produced: MilestoneKind.produced,
    Stage.full: MilestoneKind.full,
}


@dataclass(frozen=True)
class Step:
    """One stage on the rail; ``place`` is done, now, next or todo, ``late`` says whether the note is a warning."""

    stage: Stage
    place: str
    planned_on: dt.date | None
    reached_on: dt.date | None
    note: str
    late: bool


def steps(
    stage: Stage, signed_on: dt.date | None, milestones: Mapping[MilestoneKind, Milestone], day: dt.date
) -> list[Step]:
    """The seven stages as they look on ``day``."""
    days = {s: _days(s, signed_on, milestones) for s in ROAD}
    reached = [s for s in ROAD if days[s][1]]
    now = stage if stage in ROAD else reached[-1] if reached else Stage.lead
    return [_step(s, ROAD.index(s) - ROAD.index(now), *days[s], day) for s in ROAD]


def _days(
    stage: Stage, signed_on: dt.date | None, milestones: Mapping[MilestoneKind, Milestone]
) -> tuple[dt.date | None, dt.date | None]:
    if stage is Stage.signed:
        return None, signed_on
    milestone = milestones.get(_MILESTONE[stage]) if stage in _MILESTONE else None
    return (milestone.planned_on, milestone.reached_on) if milestone else (None, None)


def _step(stage: Stage, ahead: int, planned: dt.date | None, reached: dt.date | None, day: dt.date) -> Step:
    place = "done" if ahead < 0 else {0: "now", 1: "next"}.get(ahead, "todo")
    if planned and reached:
        days = (reached - planned).days
        return Step(stage, place, planned, reached, _difference(days), days > 0)
    if planned and day > planned:
        return Step(stage, place, planned, reached, f"已过计划 {(day - planned).days} 天", True)
    return Step(stage, place, planned, reached, "", False)


def _difference(days: int) -> str:
    if days == 0:
        return "按期"
    return f"晚 {days} 天" if days > 0 else f"早 {-days} 天"
