"""What is done with a company, and by whom: its activities, and the units that work with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.accounts.rules import Scope
from app.activities.models import Activity
from app.activities.queries.filters import ActivityFilter, conditions
from app.activities.queries.listing import ActivityRow, readable
from app.files.models import StoredFile
from app.investors.models import Contact, Investor
from app.investors.queries import KnownAs
from app.leads.models import Lead
from app.leads.queries.companies import is_of_company
from app.pipeline.models import Project

KINDS = {
    "projects": "项目",
    "contacts": "联系人",
    "leads": "线索",
    "activities": "活动",
    "files": "文件",
    "children": "下属企业",
    "absorbed": "先前并入的企业",
}
"""What hangs on a company, in the order in which a merge shows it."""


@dataclass(frozen=True)
class Involvement:
    """Whether the asker's unit works with the company (``own``), and whether any unit does."""

    own: bool
    any: bool


def involvement(session: Session, scope: Scope, known: KnownAs) -> Involvement:
    """Who has a project, a lead or an activity with the company. One query."""
    zone_id, unit = scope.zone_id, scope.unit_id
    projects = (Project.zone_id == zone_id) & Project.investor_id.in_(known.ids)
    leads = is_of_company(zone_id, known)
    visits = (
        (Activity.zone_id == zone_id) & Activity.investor_id.in_(known.ids) & Activity.withdrawn_at.is_(None)
    )
    own = or_(
        exists().where(projects, Project.unit_id == unit),
        exists().where(leads, or_(Lead.unit_id == unit, Lead.first_unit_id == unit)),
        exists().where(visits, Activity.unit_id == unit),
    )
    anybody = or_(exists().where(projects), exists().where(leads), exists().where(visits))
    row = session.execute(select(own.label("own"), anybody.label("any"))).one()
    return Involvement(bool(row.own), bool(row.any))


def company_activities(session: Session, scope: Scope, known: KnownAs, *, limit: int) -> list[ActivityRow]:
    """Activities with the company, its projects and its leads, as far as ``scope`` sees them, newest first."""
    zone_id = scope.zone_id
    projects = select(Project.id).where(Project.zone_id == zone_id, Project.investor_id.in_(known.ids))
    leads = select(Lead.id).where(is_of_company(zone_id, known))
    query = readable(zone_id).where(
        *conditions(scope, ActivityFilter()),
        or_(
            Activity.investor_id.in_(known.ids),
            Activity.project_id.in_(projects),
            Activity.lead_id.in_(leads),
        ),
    )
    rows = session.execute(query.order_by(Activity.on_day.desc(), Activity.id.desc()).limit(limit))
    return [ActivityRow(**row._mapping) for row in rows]


def held(zone_id: int, investor_id: int) -> dict[str, Select[int]]:
    """For each of ``KINDS``, the ids of what hangs on the company's row."""
    columns: dict[str, tuple[Any, Any]] = {
        "projects": (Project, Project.investor_id),
        "contacts": (Contact, Contact.investor_id),
        "leads": (Lead, Lead.investor_id),
        "activities": (Activity, Activity.investor_id),
        "files": (StoredFile, StoredFile.entity_id),
        "children": (Investor, Investor.parent_id),
        "absorbed": (Investor, Investor.merged_into_id),
    }
    found: dict[str, Select[int]] = {}
    for kind, (record, column) in columns.items():
        query = select(record.id).where(record.zone_id == zone_id, column == investor_id)
        found[kind] = query.where(StoredFile.entity == "investor") if record is StoredFile else query
    return found


def holdings(session: Session, zone_id: int, investor_id: int) -> dict[str, int]:
    """How many of each of ``KINDS`` hang on the company's row. One query."""
    arms = [
        select(literal(kind).label("kind"), func.count().label("number")).select_from(ids.subquery())
        for kind, ids in held(zone_id, investor_id).items()
    ]
    rows = {row.kind: row.number for row in session.execute(union_all(*arms))}
    return {kind: rows[kind] for kind in KINDS}
