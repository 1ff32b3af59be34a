"""Where warnings are looked for, under which rules, and the shape of one arm of their relation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    literal,
    null,
    select,
)
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.leads.models import LeadClock
from app.leads.queries import Sight
from app.leads.rules import Clocks
from app.pipeline.models import Project, StageChange
from app.pipeline.rules import How
from app.warnings.models import WarningRule
from app.warnings.rules import (
    DEFAULTS,
    KINDS,
    Subject,
    Threshold,
    Thresholds,
    WarningKind,
    edge_day,
)


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
    owed: frozenset[int] = frozenset()
    """The projects that went ahead with papers owed and still owe some (``owed_papers``)."""

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


def went_ahead() -> ColumnElement[bool]:
    """A step that somebody took here with papers owed; a ledger that was taken in owes nothing to the clock."""
    return and_(StageChange.owes > 0, StageChange.how.in_((How.form, How.board, How.bulk, How.decided)))


def rules_in_force(session: Session, zone_id: int) -> tuple[dict[WarningKind, Threshold], Clocks, bool]:
    """The zone's thresholds and its clocks of leads, the usual ones where it has set none. One query.

    The third says whether any project ever went ahead with papers owed, so that nobody asks in vain.
    """
    query = (
        select(WarningRule, LeadClock, exists().where(StageChange.zone_id == zone_id, went_ahead()))
        .select_from(Zone)
        .outerjoin(WarningRule, WarningRule.zone_id == Zone.id)
        .outerjoin(LeadClock, LeadClock.zone_id == Zone.id)
        .where(Zone.id == zone_id)
    )
    rows = session.execute(query).all()
    own = {rule.kind: Threshold(rule.active, rule.yellow, rule.red) for rule, _clock, _owes in rows if rule}
    row, owes = (rows[0][1], rows[0][2]) if rows else (None, False)
    if row is None:
        return {**DEFAULTS, **own}, Clocks(), owes
    clocks = Clocks(row.answer_days, row.assess_days, row.report_days, row.protect_days, bool(row.shared))
    return {**DEFAULTS, **own}, clocks, owes


def arm(
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


def own_projects(among: Among) -> list[ColumnElement[bool]]:
    """The projects that are looked at."""
    conditions: list[ColumnElement[bool]] = [Project.zone_id == among.zone_id]
    if among.unit_id is not None:
        conditions.append(Project.unit_id == among.unit_id)
    if among.project_id is not None:
        conditions.append(Project.id == among.project_id)
    return conditions
