"""Which activities a list shows: one filter for rows, sums and exports alike, within what a person may see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.accounts.rules import Permission, Role, Scope
from app.activities.models import Activity
from app.activities.rules import ActivityKind
from app.investors.models import Investor
from app.kernel.text import name_key, narrow
from app.leads.models import Lead, LeadClock
from app.pipeline.models import Project
from app.pipeline.queries import has_text


class Linked(StrEnum):
    """Whether an activity hangs on a record yet."""

    linked = "linked"
    unlinked = "unlinked"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"linked": "已关联", "unlinked": "未关联"}[self.value]


@dataclass(frozen=True)
class ActivityFilter:
    """What a reader asked for; an empty field does not narrow. Days are those of the activity, both included."""

    kinds: tuple[ActivityKind, ...] = ()
    units: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    """Who logged it."""
    since: dt.date | None = None
    until: dt.date | None = None
    linked: Linked | None = None
    text: str = ""
    """Part of what was written, of the place, the participants, or the name of what it hangs on."""
    project_id: int | None = None
    withdrawn: bool = False
    """Those that were taken back, instead of those that stand."""


def sees(scope: Scope) -> ColumnElement[bool] | None:
    """What ``scope`` may see of the zone's activities; None for everything.

    What hangs on a project is open to the zone as the project is. The rest is as confidential as a lead
    (domain.md §7.7): officers see that of their own unit, unless the zone shares its leads; who may read no
    leads sees none of it.
    """
    of_projects = Activity.project_id.is_not(None)
    if not scope.may(Permission.read_leads):
        return of_projects
    if scope.role is not Role.officer or scope.unit_id is None:
        return None
    own_leads = select(Lead.id).where(
        Lead.zone_id == scope.zone_id, or_(Lead.unit_id == scope.unit_id, Lead.first_unit_id == scope.unit_id)
    )
    shared = select(LeadClock.zone_id).where(LeadClock.zone_id == scope.zone_id, LeadClock.shared == 1)
    return or_(
        of_projects,
        Activity.unit_id == scope.unit_id,
        Activity.lead_id.in_(own_leads),
        shared.exists(),
    )


def conditions(scope: Scope, wanted: ActivityFilter) -> list[ColumnElement[bool]]:
    """The conditions on ``Activity`` that ``wanted`` stands for; the only place that says so."""
    found: list[ColumnElement[bool]] = [Activity.zone_id == scope.zone_id]
    visible = sees(scope)
    if visible is not None:
        found.append(visible)
    for column, members in (
        (Activity.kind, wanted.kinds),
        (Activity.unit_id, wanted.units),
        (Activity.logged_by, wanted.people),
    ):
        if members:
            found.append(column.in_(members))
    if wanted.since:
        found.append(Activity.on_day >= wanted.since)
    if wanted.until:
        found.append(Activity.on_day <= wanted.until)
    if wanted.project_id is not None:
        found.append(Activity.project_id == wanted.project_id)
    alone = and_(Activity.project_id.is_(None), Activity.lead_id.is_(None), Activity.investor_id.is_(None))
    if wanted.linked is not None:
        found.append(alone if wanted.linked is Linked.unlinked else ~alone)
    found.append(Activity.withdrawn_at.is_not(None) if wanted.withdrawn else Activity.withdrawn_at.is_(None))
    if wanted.text.strip():
        found.append(_has_text(scope.zone_id, wanted.text))
    return found


def _has_text(zone_id: int, text: str) -> ColumnElement[bool]:
    flat = narrow(text).lower()
    written = [
        func.lower(column).contains(flat, autoescape=True)
        for column in (Activity.text, Activity.place, Activity.participants)
    ]
    key = name_key(text)
    if not key:
        return or_(*written)
    leads = select(Lead.id).where(Lead.zone_id == zone_id, Lead.name_key.contains(key, autoescape=True))
    investors = select(Investor.id).where(
        Investor.zone_id == zone_id, Investor.name_key.contains(key, autoescape=True)
    )
    projects = select(Project.id).where(Project.zone_id == zone_id, has_text(zone_id, text))
    return or_(
        *written,
        Activity.project_id.in_(projects),
        Activity.lead_id.in_(leads),
        Activity.investor_id.in_(investors),
    )
