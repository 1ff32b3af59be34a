"""Arms of the relation of warnings: what waits for somebody (promises, papers, reviews, leads)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    or_,
)

from app.db.types import beijing_day
from app.figures.queries.among import Among, arm, own_projects, went_ahead
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.leads.models import Lead
from app.leads.rules import LeadState
from app.pipeline.models import Commitment, Project, StageChange
from app.pipeline.rules import ROAD, CommitmentState, Stage
from app.warnings.rules import WarningKind

K = WarningKind


def commitments(among: Among) -> Iterator[Select[Any]]:
    """The oldest open promise of a project whose day has passed, and how many there are."""
    for kind in among.on(K.commitment):
        yellow, red = among.edges(kind)
        oldest = func.min(Commitment.due_on)
        yield (
            arm(kind, oldest, red, Project.unit_id, project_id=Project.id, many=func.count())
            .select_from(Commitment)
            .join(Project, and_(Project.zone_id == Commitment.zone_id, Project.id == Commitment.project_id))
            .where(
                *own_projects(among),
                Commitment.zone_id == among.zone_id,
                Commitment.state == CommitmentState.open,
                Commitment.due_on <= yellow,
                Project.stage.in_((*ROAD, Stage.suspended)),
            )
            .group_by(Project.id, Project.unit_id)
        )


def papers(among: Among) -> Iterator[Select[Any]]:
    """Projects that went ahead without papers and still owe them, from the last such step on."""
    for kind in among.on(K.papers) if among.owed else ():
        yellow, red = among.edges(kind)
        last = func.max(StageChange.effective_on)
        yield (
            arm(kind, last, red, Project.unit_id, project_id=Project.id)
            .select_from(StageChange)
            .join(Project, and_(Project.zone_id == StageChange.zone_id, Project.id == StageChange.project_id))
            .where(*own_projects(among), went_ahead(), Project.id.in_(among.owed))
            .group_by(Project.id, Project.unit_id)
            .having(last <= yellow)
        )


def arrivals(among: Among) -> Iterator[Select[Any]]:
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
        yield arm(
            kind,
            since,
            red,
            FundArrival.unit_id,
            project_id=FundArrival.project_id,
            arrival_id=FundArrival.id,
            fen=FundArrival.amount_fen,
        ).where(*conditions)


def leads(among: Among) -> Iterator[Select[Any]]:
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
        query = arm(kind, since, red, Lead.unit_id, lead_id=Lead.id, many=days).where(
            Lead.zone_id == among.zone_id, condition, since <= yellow
        )
        if sight.unit_id is not None:
            query = query.where(or_(Lead.unit_id == sight.unit_id, Lead.first_unit_id == sight.unit_id))
        if among.unit_id is not None:
            query = query.where(Lead.unit_id == among.unit_id)
        yield query
