"""Contracts and commitments of the projects that a filter chooses, for export; heads of the zone's own columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from app.directory.models import ResponsibleUnit
from app.investors.models import Investor
from app.pipeline.models import Commitment, Contract, Project
from app.pipeline.queries.filters import ProjectFilter, matches


def iter_contracts(session: Session, zone_id: int, wanted: ProjectFilter) -> Iterator[Row[Any]]:
    """Every contract of the projects that match, by day: ``(Contract, number, name, investor, unit)``."""
    yield from _of_projects(session, zone_id, wanted, Contract, (Contract.signed_on, Contract.id))


def iter_commitments(session: Session, zone_id: int, wanted: ProjectFilter) -> Iterator[Row[Any]]:
    """Every commitment of the projects that match, soonest due first: ``(Commitment, number, name, investor, unit)``."""
    order = (Commitment.due_on.nulls_last(), Commitment.id)
    yield from _of_projects(session, zone_id, wanted, Commitment, order)


def extra_heads(session: Session, zone_id: int, wanted: ProjectFilter | None = None) -> list[str]:
    """The heads of the zone's own ledger columns (附加列), in the order in which they are met; for long work only."""
    conditions = matches(zone_id, wanted or ProjectFilter())
    query = select(Project.extra).where(*conditions, Project.extra.is_not(None)).order_by(Project.id)
    heads: dict[str, None] = {}
    for extra in session.scalars(query, execution_options={"yield_per": 1000}):
        heads.update(dict.fromkeys(extra or {}))
    return list(heads)


def _of_projects(
    session: Session, zone_id: int, wanted: ProjectFilter, record: Any, order: tuple[Any, ...]
) -> Iterator[Row[Any]]:
    query = (
        select(
            record,
            Project.number.label("number"),
            Project.name.label("name"),
            Investor.name.label("investor"),
            ResponsibleUnit.name.label("unit"),
        )
        .join(Project, and_(Project.zone_id == record.zone_id, Project.id == record.project_id))
        .join(Investor, and_(Investor.zone_id == zone_id, Investor.id == Project.investor_id))
        .join(
            ResponsibleUnit, and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == Project.unit_id)
        )
        .where(record.zone_id == zone_id, *matches(zone_id, wanted))
        .order_by(*order)
    )
    yield from session.execute(query, execution_options={"yield_per": 1000})
