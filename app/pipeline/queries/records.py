"""Single projects with their contracts, milestones and responsible units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol, TypeVar

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from app.kernel.errors import NotFoundError
from app.pipeline.models import Contract, Milestone, Project, Responsibility
from app.pipeline.queries.filters import has_text
from app.pipeline.rules import ENDED, ContractKind, MilestoneKind
from app.search.queries import find_records

FOUND = 60
"""So many hits of the search index are looked through for a picker."""

_BY_NUMBER = select(Project).where(
    Project.zone_id == bindparam("zone_id"), Project.number == bindparam("number")
)


def get_project(session: Session, zone_id: int, project_id: int, *, lock: bool = False) -> Project:
    """The project with its investor and lists. Raises ``NotFoundError``, also for one of another zone.

    ``lock`` keeps other writers away from it until the transaction ends.
    """
    query = (
        select(Project)
        .where(Project.zone_id == zone_id, Project.id == project_id)
        .options(
            joinedload(Project.investor),
            joinedload(Project.area),
            joinedload(Project.unit),
            joinedload(Project.chain),
            joinedload(Project.segment),
        )
    )
    project = session.scalars(query.with_for_update(of=Project) if lock else query).one_or_none()
    if project is None:
        raise NotFoundError("没有这个项目，可能已被删除或不属于本区")
    return project


def find_by_number(session: Session, zone_id: int, number: str) -> Project | None:
    """The project of that number."""
    return session.scalars(_BY_NUMBER, {"zone_id": zone_id, "number": number}).one_or_none()


def find_contract(session: Session, zone_id: int, number: str) -> Contract | None:
    """The contract of that number."""
    return session.scalars(
        select(Contract).where(Contract.zone_id == zone_id, Contract.number == number)
    ).one_or_none()


def list_contracts(session: Session, zone_id: int, project_id: int) -> list[Contract]:
    """The project's contracts, oldest first."""
    query = select(Contract).where(Contract.zone_id == zone_id, Contract.project_id == project_id)
    return list(session.scalars(query.order_by(Contract.signed_on, Contract.id)))


class Paper(Protocol):
    """A contract, on record or as it is said."""

    @property
    def kind(self) -> ContractKind: ...


PaperT = TypeVar("PaperT", bound=Paper)


def main_contract(contracts: Iterable[PaperT]) -> PaperT | None:
    """The formal contract, or else the newest framework or letter of intent."""
    main = [c for c in contracts if c.kind is not ContractKind.supplement]
    formal = [c for c in main if c.kind is ContractKind.formal]
    return formal[0] if formal else (main[-1] if main else None)


def milestones_of(session: Session, zone_id: int, project_id: int) -> dict[MilestoneKind, Milestone]:
    """The project's milestones by kind."""
    query = select(Milestone).where(Milestone.zone_id == zone_id, Milestone.project_id == project_id)
    return {milestone.kind: milestone for milestone in session.scalars(query)}


def unit_on(session: Session, zone_id: int, project_id: int, day: dt.date) -> int:
    """The unit responsible for the project on ``day`` (figures.md §1)."""
    query = (
        select(Responsibility.unit_id)
        .where(
            Responsibility.zone_id == zone_id,
            Responsibility.project_id == project_id,
            Responsibility.from_on <= day,
        )
        .order_by(Responsibility.from_on.desc())
        .limit(1)
    )
    return session.scalars(query).one()


def list_responsibilities(session: Session, zone_id: int, project_id: int) -> list[Responsibility]:
    """Which unit answered for the project from which day on, oldest first."""
    query = select(Responsibility).where(
        Responsibility.zone_id == zone_id, Responsibility.project_id == project_id
    )
    return list(session.scalars(query.order_by(Responsibility.from_on)))


def search_projects(
    session: Session,
    zone_id: int,
    text: str,
    *,
    unit_id: int | None = None,
    contracted: bool = False,
    limit: int = 10,
) -> list[Project]:
    """Projects that ``text`` leads to, as in the search box or as part of a name, newest contract first: for a picker.

    ``unit_id`` narrows to one unit, ``contracted`` to projects with a formal contract that still stand.
    """
    query = select(Project).where(Project.zone_id == zone_id).options(joinedload(Project.investor))
    if text.strip():
        found = find_records(session, zone_id, text, entities=("project",), limit=FOUND)
        query = query.where(or_(has_text(zone_id, text), Project.id.in_([hit.record_id for hit in found])))
    if unit_id is not None:
        query = query.where(Project.unit_id == unit_id)
    if contracted:
        query = query.where(Project.signed_on.is_not(None), Project.stage.not_in(ENDED))
    query = query.order_by(Project.signed_on.desc().nulls_last(), Project.id.desc()).limit(limit)
    return list(session.scalars(query))


def next_number(session: Session, zone_id: int, prefix: str, year: int) -> str:
    """A free project number ``prefix-year-NNNN``, one above the highest of that form."""
    stem = f"{prefix}-{year}-" if prefix else f"{year}-"
    query = select(Project.number).where(
        Project.zone_id == zone_id, Project.number.startswith(stem, autoescape=True)
    )
    serials = [number.removeprefix(stem) for number in session.scalars(query)]
    taken = [int(text) for text in serials if len(text) == 4 and text.isascii() and text.isdigit()]
    return f"{stem}{max(taken, default=0) + 1:04d}"
