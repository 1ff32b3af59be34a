"""From which day a list looks at projects: now, or as they stood on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select, true

from app.db.types import whole_sum
from app.pipeline.models import Contract, Project, Responsibility, StageChange
from app.pipeline.rules import ContractKind


@dataclass(frozen=True)
class Standpoint:
    """What of a project changes with the day; everything else is shown as it is now."""

    day: dt.date | None
    """None: now."""
    stage: ColumnElement[Any]
    unit_id: ColumnElement[Any]
    signed_on: ColumnElement[Any]
    total_fen: ColumnElement[Any]


NOW = Standpoint(
    None,
    Project.stage.expression,
    Project.unit_id.expression,
    Project.signed_on.expression,
    Project.total_fen.expression,
)


def standpoint(zone_id: int, day: dt.date | None) -> Standpoint:
    """Expressions on ``Project`` for ``day``: stage, responsible unit, day of the formal contract, total.

    The total on a day is the formal contract with the supplements signed by then, before a contract the
    planned total as it is now (plans have no history). A project that had no stage yet has a NULL stage.
    """
    if day is None:
        return NOW
    signed_on = case((Project.signed_on <= day, Project.signed_on))
    total = case(
        (Project.signed_on <= day, _contracted(zone_id, day)),
        (Project.signed_on.is_(None), Project.total_fen),
        else_=Project.investment_fen,
    )
    return Standpoint(day, stage_as_of(zone_id, day), _unit(zone_id, day), signed_on, total)


def _contracted(zone_id: int, day: dt.date) -> ColumnElement[int]:
    return (
        select(whole_sum(Contract.amount_fen))
        .where(
            Contract.zone_id == zone_id,
            Contract.project_id == Project.id,
            or_(Contract.kind == ContractKind.formal, Contract.kind == ContractKind.supplement),
            Contract.signed_on <= day,
        )
        .scalar_subquery()
    )


def _unit(zone_id: int, day: dt.date) -> ColumnElement[int]:
    return (
        select(Responsibility.unit_id)
        .where(
            Responsibility.zone_id == zone_id,
            Responsibility.project_id == Project.id,
            Responsibility.from_on <= day,
        )
        .order_by(Responsibility.from_on.desc())
        .limit(1)
        .scalar_subquery()
    )


def stage_as_of(zone_id: int, day: dt.date) -> ColumnElement[Any]:
    """The stage a project was in at the end of ``day``, by its history; NULL before its first stage."""
    return _last(zone_id, StageChange.to_stage, StageChange.effective_on <= day)


def stage_since(zone_id: int, at: Standpoint) -> ColumnElement[dt.date]:
    """The day on which the stage it is in began; NULL where its history doesn't say."""
    if at.day is not None:
        return _last(zone_id, StageChange.effective_on, StageChange.effective_on <= at.day)
    return _last(zone_id, case((StageChange.to_stage == Project.stage, StageChange.effective_on)), true())


def _last(zone_id: int, column: Any, condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return (
        select(column)
        .where(StageChange.zone_id == zone_id, StageChange.project_id == Project.id, condition)
        .order_by(StageChange.effective_on.desc(), StageChange.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
