"""What only an officer or a reviewer sees on the first page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from app.accounts.rules import Permission, Scope
from app.figures.rules import TargetProgress, Values
from app.funds.queries import ArrivalFilter, ArrivalOrder, ArrivalRow, arrival_sums, list_arrivals
from app.funds.rules import ReviewState
from app.pipeline.queries.stages import UnitStages, unit_stages
from app.web.home.overview import FUNDS, Overview

TODO = 8


@dataclass(frozen=True)
class OwnUnit:
    """The officer's unit: projects by stage, money against target, and entries to look after."""

    stages: UnitStages
    most: int
    funds: Values
    target: TargetProgress | None
    rank: tuple[int, int] | None
    todo: list[ArrivalRow]


def own_unit(session: Session, scope: Scope, overview: Overview) -> OwnUnit | None:
    """The block of an officer's own unit; None for others. Two queries."""
    if scope.unit_id is None or not scope.may(Permission.enter) or scope.may(Permission.review):
        return None
    stages = unit_stages(session, scope.zone_id, scope.unit_id)
    ranked = sorted(
        (p for p in overview.progress if p.figure == FUNDS and p.unit is not None),
        key=lambda p: Decimal(p.ytd) / p.target,
        reverse=True,
    )
    own = next((p for p in ranked if p.unit == stages.unit), None)
    wanted = ArrivalFilter(states=(ReviewState.returned, ReviewState.pending), units=(scope.unit_id,))
    todo = list_arrivals(
        session, scope.zone_id, wanted, order=ArrivalOrder.waiting, descending=False, limit=TODO
    )
    return OwnUnit(
        stages=stages,
        most=max(count for count, _fen in stages.stages.values()),
        funds=overview.by_unit[FUNDS][stages.unit],
        target=own,
        rank=(ranked.index(own) + 1, len(ranked)) if own else None,
        todo=sorted(todo, key=lambda row: row.state is not ReviewState.returned),
    )


def waiting_arrivals(session: Session, scope: Scope) -> tuple[int, int] | None:
    """Number and fen of the arrivals a reviewer has to look at; None for other roles. One query."""
    if not scope.may(Permission.review):
        return None
    return arrival_sums(session, scope.zone_id, ArrivalFilter()).of(ReviewState.pending)
