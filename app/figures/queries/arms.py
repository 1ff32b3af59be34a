"""The warnings of a zone as one relation: an arm for every rule that is switched on, nothing stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.activities.queries.stale import last_progress
from app.db.types import beijing_day
from app.figures.queries.standing import arrived_until, register_on
from app.figures.queries.warnings import has_no_money, has_slow_money, waits_for_start
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.kernel.money import BIG_FEN
from app.leads.models import Lead
from app.leads.queries import Sight
from app.leads.rules import LeadState
from app.pipeline.models import Commitment, Milestone, Project
from app.pipeline.rules import ROAD, CommitmentState, Stage
from app.warnings.rules import IDLE, KINDS, LATE, Subject, Thresholds, WarningKind, edge_day

K = WarningKind


@dataclass(frozen=True)
class Among:
    """Where to look: the zone under its thresholds; one project, or one unit, or everything.

    Projects are looked at as on ``day``; leads and reviews wait for people, whose day is ``today``.
    ``leads`` None leaves leads out, for who may not read them.
    """

    zone_id: int
    day: dt.date
    today: dt.date
    thresholds: Thresholds
    leads: Sight | None = None
    unit_id: int | None = None
    project_id: int | None = None

    def edges(self, kind: WarningKind, *, more: int = 0) -> tuple[dt.date, dt.date]:
        """The days from which yellow and red count; ``more`` days of a clock run first."""
        rule = self.thresholds[kind]
        day = self.day_of(kind) - dt.timedelta(days=more)
        measure = KINDS[kind].measure
        return edge_day(measure, rule.yellow, day), edge_day(measure, rule.red, day)

    def day_of(self, kind: WarningKind) -> dt.date:
        """The day on which the rule is looked at."""
        return self.today if KINDS[kind].subject in (Subject.lead, Subject.arrival) else self.day

    def on(self, *kinds: WarningKind) -> list[WarningKind]:
        """Those of ``kinds`` that are switched on."""
        return [kind for kind in kinds if self.thresholds[kind].active]


def fired(among: Among) -> Any:
    """A subquery of every warning: kind, red (0 or 1), since, the record, its unit, and what it is about in numbers.

    None when all rules are off.
    """
    arms = [
        *_idle(among),
        *_late(among),
        *_standing(among),
        *_commitments(among),
        *_arrivals(among),
        *_leads(among),
    ]
    return union_all(*arms).subquery("fired") if arms else None


def _arm(
    kind: Any,
    since: Any,
    red_edge: Any,
    unit_id: Any,
    *,
    project_id: Any = None,
    arrival_id: Any = None,
    lead_id: Any = None,
    fen: Any = None,
    whole_fen: Any = None,
    many: Any = None,
) -> Select[Any]:
    def whole(value: Any, kind: Any = BigInteger) -> Any:
        return cast(null() if value is None else value, kind)

    return select(
        (literal(kind.value, String) if isinstance(kind, WarningKind) else kind).label("kind"),
        case((since <= red_edge, 1), else_=0).label("red"),
        since.label("since"),
        unit_id.label("unit_id"),
        whole(project_id).label("project_id"),
        whole(arrival_id).label("arrival_id"),
        whole(lead_id).label("lead_id"),
        whole(fen).label("fen"),
        whole(whole_fen).label("whole_fen"),
        whole(many, Integer).label("many"),
    )


def _own(among: Among) -> list[ColumnElement[bool]]:
    """The projects that are looked at."""
    conditions: list[ColumnElement[bool]] = [Project.zone_id == among.zone_id]
    if among.unit_id is not None:
        conditions.append(Project.unit_id == among.unit_id)
    if among.project_id is not None:
        conditions.append(Project.id == among.project_id)
    return conditions


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
        .where(*_own(among), Project.stage.in_(tuple(stages)))
        .subquery("progress")
    )
    yellow, red = (
        _by_stage({stage: among.edges(kind)[place] for stage, kind in stages.items()}, seen.c.stage)
        for place in (0, 1)
    )
    named = case({stage: kind.value for stage, kind in stages.items()}, value=seen.c.stage)
    yield _arm(cast(named, String), seen.c.last_on, red, seen.c.unit_id, project_id=seen.c.id).where(
        seen.c.last_on <= yellow
    )


def _late(among: Among) -> Iterator[Select[Any]]:
    """A planned day has passed and neither the event nor a later one has been reached."""
    for kind in among.on(*LATE):
        yellow, red = among.edges(kind)
        before = ROAD[: ROAD.index(Stage(LATE[kind].value))]
        yield (
            _arm(kind, Milestone.planned_on, red, Project.unit_id, project_id=Project.id)
            .select_from(Milestone)
            .join(Project, and_(Project.zone_id == Milestone.zone_id, Project.id == Milestone.project_id))
            .where(
                *_own(among),
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
    own = select(Project.id).where(*_own(among))
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
        yield _arm(
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


def _commitments(among: Among) -> Iterator[Select[Any]]:
    """The oldest open promise of a project whose day has passed, and how many there are."""
    for kind in among.on(K.commitment):
        yellow, red = among.edges(kind)
        oldest = func.min(Commitment.due_on)
        yield (
            _arm(kind, oldest, red, Project.unit_id, project_id=Project.id, many=func.count())
            .select_from(Commitment)
            .join(Project, and_(Project.zone_id == Commitment.zone_id, Project.id == Commitment.project_id))
            .where(
                *_own(among),
                Commitment.zone_id == among.zone_id,
                Commitment.state == CommitmentState.open,
                Commitment.due_on <= yellow,
                Project.stage.in_((*ROAD, Stage.suspended)),
            )
            .group_by(Project.id, Project.unit_id)
        )


def _arrivals(among: Among) -> Iterator[Select[Any]]:
    """Arrivals sent back and not corrected, or entered by a person and not reviewed."""
    waits = {
        K.returned: (ReviewState.returned, beijing_day(FundArrival.reviewed_at)),
        K.unreviewed: (ReviewState.pending, beijing_day(FundArrival.recorded_at)),
    }
    for kind in among.on(*waits):
        state, since = waits[kind]
        yellow, red = among.edges(kind)
        conditions = [FundArrival.zone_id == among.zone_id, FundArrival.state == state, since <= yellow]
        if among.unit_id is not None:
            conditions.append(FundArrival.unit_id == among.unit_id)
        if among.project_id is not None:
            conditions.append(FundArrival.project_id == among.project_id)
        yield _arm(
            kind,
            since,
            red,
            FundArrival.unit_id,
            project_id=FundArrival.project_id,
            arrival_id=FundArrival.id,
            fen=FundArrival.amount_fen,
        ).where(*conditions)


def _leads(among: Among) -> Iterator[Select[Any]]:
    """The clocks of leads, those of ``app.leads.rules.lates``."""
    sight = among.leads
    if sight is None or among.project_id is not None:
        return
    clocks = sight.clocks
    waits: dict[WarningKind, tuple[int, Any, ColumnElement[bool]]] = {
        K.lead_answer: (
            clocks.answer_days,
            Lead.received_at,
            and_(Lead.state == LeadState.open, Lead.answered_at.is_(None)),
        ),
        K.lead_assess: (clocks.assess_days, Lead.received_at, Lead.state == LeadState.open),
        K.lead_report: (clocks.report_days, Lead.progressed_at, Lead.state == LeadState.followed),
    }
    for kind in among.on(*waits):
        days, at, condition = waits[kind]
        since = beijing_day(at)
        yellow, red = among.edges(kind, more=days)
        query = _arm(kind, since, red, Lead.unit_id, lead_id=Lead.id, many=days).where(
            Lead.zone_id == among.zone_id, condition, since <= yellow
        )
        if sight.unit_id is not None:
            query = query.where(or_(Lead.unit_id == sight.unit_id, Lead.first_unit_id == sight.unit_id))
        if among.unit_id is not None:
            query = query.where(Lead.unit_id == among.unit_id)
        yield query
