"""What the project ledger can show besides its usual columns, read only for those who chose it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from app.db.types import whole_sum
from app.directory.models import Segment
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.investors.models import Investor
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.rules import ContractKind, MilestoneKind

Extra = Callable[[int], ColumnElement[Any]]


def _of_project(column: Any) -> Extra:
    return lambda _zone_id: column


def _reached(kind: MilestoneKind) -> Extra:
    def read(zone_id: int) -> ColumnElement[Any]:
        return (
            select(Milestone.reached_on)
            .where(Milestone.zone_id == zone_id, Milestone.project_id == Project.id, Milestone.kind == kind)
            .correlate(Project)
            .scalar_subquery()
        )

    return read


def _segment(zone_id: int) -> ColumnElement[Any]:
    query = select(Segment.name).where(Segment.zone_id == zone_id, Segment.id == Project.segment_id)
    return query.correlate(Project).scalar_subquery()


def _contract_number(zone_id: int) -> ColumnElement[Any]:
    return (
        select(Contract.number)
        .where(
            Contract.zone_id == zone_id,
            Contract.project_id == Project.id,
            Contract.kind == ContractKind.formal,
        )
        .correlate(Project)
        .scalar_subquery()
    )


def _pending(zone_id: int) -> ColumnElement[Any]:
    return (
        select(whole_sum(FundArrival.amount_fen))
        .where(
            FundArrival.zone_id == zone_id,
            FundArrival.project_id == Project.id,
            FundArrival.state == ReviewState.pending,
        )
        .correlate(Project)
        .scalar_subquery()
    )


def _origin(zone_id: int) -> ColumnElement[Any]:
    query = select(Investor.origin).where(Investor.zone_id == zone_id, Investor.id == Project.investor_id)
    return query.correlate(Project).scalar_subquery()


EXTRAS: dict[str, Extra] = {
    "segment": _segment,
    "industry": _of_project(Project.industry),
    "origin": _origin,
    "sponsor": _of_project(Project.sponsor),
    "content": _of_project(Project.content),
    "contract": _contract_number,
    "investment": _of_project(Project.investment_fen),
    "fixed": _of_project(Project.fixed_asset_fen),
    "pending": _pending,
    "land": _of_project(Project.land_hundredths),
    "output": _of_project(Project.output_fen),
    "tax": _of_project(Project.tax_fen),
    "jobs": _of_project(Project.jobs),
    "contacted": _reached(MilestoneKind.first_contact),
    "landed": _reached(MilestoneKind.landed),
    "started": _reached(MilestoneKind.started),
    "produced": _reached(MilestoneKind.produced),
    "full": _reached(MilestoneKind.full),
    "note": _of_project(Project.note),
    "extra": _of_project(Project.extra),
    "created": _of_project(Project.created_at),
    "updated": _of_project(Project.updated_at),
}
"""By the key of the column; amounts in fen, land in hundredths of 亩."""
SUMMED = frozenset({"investment", "fixed", "pending", "land", "output", "tax", "jobs"})
"""Columns that are added up in the foot."""


def extra_columns(zone_id: int, keys: Iterable[str]) -> list[ColumnElement[Any]]:
    """The chosen ones, labelled ``extra_<key>``; others are not read at all."""
    return [EXTRAS[key](zone_id).label(f"extra_{key}") for key in keys if key in EXTRAS]


def extras_of(row: Any) -> dict[str, Any]:
    """The values of ``extra_columns`` in a row, by key."""
    return {name.removeprefix("extra_"): value for name, value in row.items() if name.startswith("extra_")}
