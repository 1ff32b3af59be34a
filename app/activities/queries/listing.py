"""The list of activities: rows, sums, and what its conditions offer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount
from app.accounts.rules import Role, Scope
from app.activities.models import Activity
from app.activities.queries.filters import ActivityFilter, conditions
from app.activities.rules import AboutKind, ActivityKind
from app.db.types import whole_sum
from app.directory.models import ResponsibleUnit
from app.files.models import StoredFile
from app.investors.models import Investor
from app.leads.models import Lead
from app.pipeline.models import Project


class ActivityOrder(StrEnum):
    """What the list can be sorted by."""

    day = "day"
    logged = "logged"


@dataclass(frozen=True)
class ActivityRow:
    """One line of the list."""

    id: int
    kind: ActivityKind
    on_day: dt.date
    text: str
    place: str
    participants: str
    people: int | None
    days: int | None
    project_id: int | None
    project: str | None
    lead_id: int | None
    lead: str | None
    investor_id: int | None
    investor: str | None
    unit: str | None
    logged_by: int | None
    logged_name: str
    logged_at: dt.datetime
    withdrawn_at: dt.datetime | None
    files: int
    """Photos and papers that hang on it."""

    @property
    def about(self) -> tuple[AboutKind, int, str] | None:
        """The record it hangs on: kind, id and name."""
        for kind, key, name in (
            (AboutKind.project, self.project_id, self.project),
            (AboutKind.lead, self.lead_id, self.lead),
            (AboutKind.investor, self.investor_id, self.investor),
        ):
            if key is not None and name is not None:
                return kind, key, name
        return None


@dataclass(frozen=True)
class UnitSums:
    """次数, 人次 and 天数 of one unit; ``name`` None where nobody's unit is known."""

    name: str | None
    times: int
    people: int
    days: int


@dataclass(frozen=True)
class ActivitySums:
    """The same for every unit that has any, in the order of the zone's list."""

    units: list[UnitSums]

    @property
    def times(self) -> int:
        """How many activities match."""
        return sum(unit.times for unit in self.units)

    @property
    def people(self) -> int:
        """How many people went, one for each time."""
        return sum(unit.people for unit in self.units)

    @property
    def days(self) -> int:
        """How many days outings took."""
        return sum(unit.days for unit in self.units)


def list_activities(session: Session, scope: Scope, wanted: ActivityFilter, **page: Any) -> list[ActivityRow]:
    """The activities that match, newest first, ``offset`` and ``limit`` as in ``iter_activities``. One query."""
    return list(iter_activities(session, scope, wanted, **page))


def iter_activities(
    session: Session,
    scope: Scope,
    wanted: ActivityFilter,
    *,
    order: ActivityOrder = ActivityOrder.day,
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
) -> Iterator[ActivityRow]:
    """The same, a thousand at a time, for an export."""
    key: Any = Activity.logged_at if order is ActivityOrder.logged else Activity.on_day
    keys = (key.desc(), Activity.id.desc()) if descending else (key.asc(), Activity.id.asc())
    picked = select(Activity.id).where(*conditions(scope, wanted)).order_by(*keys).offset(offset)
    page = (picked if limit is None else picked.limit(limit)).subquery("page")
    query = readable(scope.zone_id).join(page, page.c.id == Activity.id).order_by(*keys)
    for row in session.execute(query, execution_options={"yield_per": 1000}):
        yield ActivityRow(**row._mapping)


def project_activities(session: Session, zone_id: int, project_id: int, limit: int) -> list[ActivityRow]:
    """What was done for a project, newest first, also what was taken back. One query."""
    query = readable(zone_id).where(Activity.project_id == project_id)
    rows = session.execute(query.order_by(Activity.on_day.desc(), Activity.id.desc()).limit(limit))
    return [ActivityRow(**row._mapping) for row in rows]


def lead_activities(session: Session, zone_id: int, lead_id: int, limit: int) -> list[ActivityRow]:
    """What was done for a lead, newest first, also what was taken back. One query."""
    query = readable(zone_id).where(Activity.lead_id == lead_id)
    rows = session.execute(query.order_by(Activity.on_day.desc(), Activity.id.desc()).limit(limit))
    return [ActivityRow(**row._mapping) for row in rows]


def get_row(session: Session, zone_id: int, activity_id: int) -> ActivityRow:
    """One activity, whether it stands or was taken back, with the name of what it hangs on. One query."""
    row = session.execute(readable(zone_id).where(Activity.id == activity_id)).one()
    return ActivityRow(**row._mapping)


def activity_sums(session: Session, scope: Scope, wanted: ActivityFilter) -> ActivitySums:
    """次数, 人次 and 天数 of all that match, by unit. One query."""
    query = (
        select(
            ResponsibleUnit.name,
            func.count(Activity.id),
            whole_sum(Activity.people),
            whole_sum(Activity.days),
        )
        .select_from(Activity)
        .outerjoin(
            ResponsibleUnit,
            and_(ResponsibleUnit.zone_id == Activity.zone_id, ResponsibleUnit.id == Activity.unit_id),
        )
        .where(*conditions(scope, wanted))
        .group_by(ResponsibleUnit.name, ResponsibleUnit.position)
        .order_by(ResponsibleUnit.position.asc().nulls_last(), ResponsibleUnit.name)
    )
    return ActivitySums([UnitSums(*row) for row in session.execute(query)])


def list_choices(session: Session, zone_id: int) -> dict[str, dict[int, str]]:
    """Units and people of the zone by id, for the conditions of the list. One query."""
    units = select(
        literal("unit").label("list"), ResponsibleUnit.id, ResponsibleUnit.name, ResponsibleUnit.position
    ).where(ResponsibleUnit.zone_id == zone_id)
    people = select(literal("person"), UserAccount.id, UserAccount.name, literal(0)).where(
        UserAccount.zone_id == zone_id, UserAccount.role.in_((Role.officer, Role.reviewer))
    )
    found: dict[str, dict[int, str]] = {"unit": {}, "person": {}}
    for row in session.execute(union_all(units, people).order_by("position", "name", "id")):
        found[row.list][row.id] = row.name
    return found


def readable(zone_id: int) -> Any:
    """The activities of a zone as rows; the caller says which."""
    files = (
        select(func.count(StoredFile.id))
        .where(
            StoredFile.zone_id == zone_id,
            StoredFile.entity == "activity",
            StoredFile.entity_id == Activity.id,
            StoredFile.removed_at.is_(None),
        )
        .correlate(Activity)
        .scalar_subquery()
    )
    return (
        select(
            Activity.id,
            Activity.kind,
            Activity.on_day,
            Activity.text,
            Activity.place,
            Activity.participants,
            Activity.people,
            Activity.days,
            Activity.project_id,
            Project.name.label("project"),
            Activity.lead_id,
            Lead.name.label("lead"),
            Activity.investor_id,
            Investor.name.label("investor"),
            ResponsibleUnit.name.label("unit"),
            Activity.logged_by,
            Activity.logged_name,
            Activity.logged_at,
            Activity.withdrawn_at,
            files.label("files"),
        )
        .select_from(Activity)
        .where(Activity.zone_id == zone_id)
        .outerjoin(Project, and_(Project.zone_id == zone_id, Project.id == Activity.project_id))
        .outerjoin(Lead, and_(Lead.zone_id == zone_id, Lead.id == Activity.lead_id))
        .outerjoin(Investor, and_(Investor.zone_id == zone_id, Investor.id == Activity.investor_id))
        .outerjoin(
            ResponsibleUnit,
            and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == Activity.unit_id),
        )
    )
