"""The warnings of a zone as one relation: an arm for every rule that is switched on, nothing stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.activities.queries.stale import last_progress
from app.figures.queries.among import Among, arm, own_projects
from app.figures.queries.standing import arrived_until, register_on
from app.figures.queries.waits import arrivals, commitments, leads, papers
from app.figures.queries.warnings import has_no_money, has_slow_money, waits_for_start
from app.kernel.money import BIG_FEN
from app.pipeline.models import Milestone, Project
from app.pipeline.rules import ROAD, Stage
from app.warnings.rules import IDLE, LATE, WarningKind

K = WarningKind


def fired(among: Among) -> Any:
    """A subquery of every warning: kind, red (0 or 1), since, the record, its unit, and what it is about in numbers.

    None when all rules are off.
    """
    arms = [
        *_idle(among),
        *_late(among),
        *_standing(among),
        *commitments(among),
        *papers(among),
        *arrivals(among),
        *leads(among),
    ]
    return union_all(*arms).subquery("fired") if arms else None


def _by_stage(values: dict[Stage, dt.date], stage: Any) -> Any:
    return case({key: literal(day, Date) for key, day in values.items()}, value=stage)


def _idle(among: Among) -> Iterator[Select[Any]]:
    """久未更新 of all stages in one arm."""
    kinds = among.on(*IDLE)
    if not kinds:
        return
    stages = {IDLE[kind]: kind for kind in kinds}
    seen = (
        select(Project.id, Project.unit_id, Project.stage, last_progress(among.zone_id).label("last_on"))
        .where(*own_projects(among), Project.stage.in_(tuple(stages)))
        .subquery("progress")
    )
    yellow, red = (
        _by_stage({stage: among.edges(kind)[place] for stage, kind in stages.items()}, seen.c.stage)
        for place in (0, 1)
    )
    named = case({stage: kind.value for stage, kind in stages.items()}, value=seen.c.stage)
    yield arm(cast(named, String), seen.c.last_on, red, seen.c.unit_id, project_id=seen.c.id).where(
        seen.c.last_on <= yellow
    )


def _late(among: Among) -> Iterator[Select[Any]]:
    """A planned day has passed and neither the event nor a later one has been reached."""
    for kind in among.on(*LATE):
        yellow, red = among.edges(kind)
        before = ROAD[: ROAD.index(Stage(LATE[kind].value))]
        yield (
            arm(kind, Milestone.planned_on, red, Project.unit_id, project_id=Project.id)
            .select_from(Milestone)
            .join(Project, and_(Project.zone_id == Milestone.zone_id, Project.id == Milestone.project_id))
            .where(
                *own_projects(among),
                Milestone.zone_id == among.zone_id,
                Milestone.kind == LATE[kind],
                Milestone.planned_on <= yellow,
                or_(Milestone.reached_on.is_(None), Milestone.reached_on > among.day),
                Project.stage.in_(before),
            )
        )


def _standing(among: Among) -> Iterator[Select[Any]]:
    """What is signed and does not move, over the same register and by the same conditions as figures and brief."""
    kinds = among.on(K.unlanded, K.unstarted, K.unpaid, K.unfunded, K.slow_money)
    if not kinds:
        return
    narrow = among.unit_id is not None or among.project_id is not None
    own = select(Project.id).where(*own_projects(among))
    standing = register_on(among.zone_id, among.day, among=own if narrow else None)
    arrived = arrived_until(among.zone_id, among.day, among=own if narrow else None)
    seen = (
        select(standing, Project.unit_id, func.coalesce(arrived.c.arrived_fen, 0).label("money"))
        .select_from(standing)
        .join(Project, and_(Project.zone_id == among.zone_id, Project.id == standing.c.project_id))
        .outerjoin(arrived, arrived.c.project_id == standing.c.project_id)
        .cte("seen")
    )
    conditions: dict[WarningKind, tuple[Any, Callable[[], ColumnElement[bool]]]] = {
        K.unlanded: (seen.c.signed_on, lambda: and_(*_not_landed(among, seen))),
        K.unstarted: (seen.c.signed_on, lambda: waits_for_start(seen)),
        K.unpaid: (seen.c.signed_on, lambda: and_(seen.c.started.is_(None), has_no_money(seen.c.money))),
        K.unfunded: (
            seen.c.started,
            lambda: and_(seen.c.started.is_not(None), has_no_money(seen.c.money)),
        ),
        K.slow_money: (
            seen.c.started,
            lambda: and_(has_slow_money(seen, seen.c.money), seen.c.total_fen >= BIG_FEN),
        ),
    }
    for kind in kinds:
        since, condition = conditions[kind]
        yellow, red = among.edges(kind)
        yield arm(
            kind,
            since,
            red,
            seen.c.unit_id,
            project_id=seen.c.project_id,
            fen=seen.c.money,
            whole_fen=seen.c.total_fen,
        ).where(since <= yellow, condition())


def _not_landed(among: Among, seen: Any) -> Iterator[ColumnElement[bool]]:
    """Neither landed nor started; not said beside a red warning that the project has not started."""
    yield seen.c.landed.is_(None)
    yield waits_for_start(seen)
    for kind in among.on(K.unstarted):
        yield seen.c.signed_on > among.edges(kind)[1]
