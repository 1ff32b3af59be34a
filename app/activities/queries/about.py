"""Finding the project, lead or company that an activity hangs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from app.accounts.rules import Role, Scope
from app.activities.rules import About, AboutKind
from app.investors.models import Investor
from app.kernel.errors import NotFoundError
from app.kernel.text import name_key
from app.leads.models import Lead
from app.leads.rules import LeadState
from app.pipeline.models import Project
from app.pipeline.queries import has_text
from app.pipeline.rules import Stage
from app.search.queries import find_records

FOUND = 60
"""So many hits of the search index are looked through for those that the person may work on."""


@dataclass(frozen=True)
class AboutRow:
    """A record one can hang an activity on; ``unit_id`` None where it belongs to no unit."""

    about: About
    name: str
    detail: str
    unit_id: int | None


def search_about(
    session: Session, scope: Scope, text: str, *, limit: int = 8, near: bool = True
) -> list[AboutRow]:
    """Projects and leads that ``scope`` may work on, and companies, that ``text`` leads to. At most three queries.

    As in the search box: part of a name, any two characters, pinyin or initials; ``near``: names with a slip too.
    """
    key = name_key(text)
    if not key:
        return []
    kinds = [kind.value for kind in AboutKind]
    found = find_records(session, scope.zone_id, text, entities=kinds, limit=FOUND, near=near)
    ids = {kind: [hit.record_id for hit in found if hit.entity == kind] for kind in AboutKind}
    texts = {
        AboutKind.project: (_projects(scope), Project.id, has_text(scope.zone_id, text)),
        AboutKind.lead: (_leads(scope), Lead.id, or_(_has(Lead.name_key, key), _has(Lead.investor_key, key))),
        AboutKind.investor: (_investors(scope), Investor.id, _has(Investor.name_key, key)),
    }
    arms = [
        arm.where(or_(said, column.in_(ids[kind]))).limit(limit).subquery()
        for kind, (arm, column, said) in texts.items()
    ]
    rows = session.execute(union_all(*(select(arm) for arm in arms)).order_by("rank", "length", "id"))
    return [_row(row) for row in rows.all()[:limit]]


def get_about(session: Session, scope: Scope, about: About) -> AboutRow:
    """The record, for somebody who may work on it. Raises ``NotFoundError`` else."""
    query, column = {
        AboutKind.project: (_projects(scope), Project.id),
        AboutKind.lead: (_leads(scope), Lead.id),
        AboutKind.investor: (_investors(scope), Investor.id),
    }[about.kind]
    row = session.execute(query.where(column == about.id)).one_or_none()
    if row is None:
        raise NotFoundError(f"没有这个{about.kind.label}，或不由您的单位负责", "about")
    return _row(row)


def _row(row: Any) -> AboutRow:
    kind = AboutKind(row.kind)
    detail = row.detail
    if kind is AboutKind.project:
        detail = f"{detail}，{Stage(row.state).label}"
    elif kind is AboutKind.lead:
        detail = f"{detail}，{LeadState(row.state).label}"
    return AboutRow(About(kind, row.id), row.name, detail or "", row.unit_id)


def _own(scope: Scope, column: Any) -> ColumnElement[bool]:
    """Officers work for their own unit; see ``Scope.may_edit_unit``."""
    if scope.role is Role.reviewer or scope.unit_id is None:
        return true()
    own: ColumnElement[bool] = column == scope.unit_id
    return own


def _has(column: Any, key: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.contains(key, autoescape=True)
    return found


def _projects(scope: Scope) -> Any:
    return (
        select(
            literal("project").label("kind"),
            literal(0).label("rank"),
            func.length(Project.name).label("length"),
            Project.id,
            Project.name,
            Project.number.label("detail"),
            type_coerce(Project.stage, String).label("state"),
            Project.unit_id,
        )
        .where(Project.zone_id == scope.zone_id, _own(scope, Project.unit_id))
        .order_by(func.length(Project.name), Project.id)
    )


def _leads(scope: Scope) -> Any:
    """Leads that became a project are found as the project."""
    return (
        select(
            literal("lead").label("kind"),
            literal(1).label("rank"),
            func.length(Lead.name).label("length"),
            Lead.id,
            Lead.name,
            Lead.investor_name.label("detail"),
            type_coerce(Lead.state, String).label("state"),
            Lead.unit_id,
        )
        .where(Lead.zone_id == scope.zone_id, Lead.project_id.is_(None), _own(scope, Lead.unit_id))
        .order_by(func.length(Lead.name), Lead.id)
    )


def _investors(scope: Scope) -> Any:
    return (
        select(
            literal("investor").label("kind"),
            literal(2).label("rank"),
            func.length(Investor.name).label("length"),
            Investor.id,
            Investor.name,
            func.coalesce(Investor.origin, "").label("detail"),
            literal("").label("state"),
            cast(null(), BigInteger).label("unit_id"),
        )
        .where(Investor.zone_id == scope.zone_id, Investor.merged_into_id.is_(None))
        .order_by(func.length(Investor.name), Investor.id)
    )
