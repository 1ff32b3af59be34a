"""Single leads, their decisions, the zone's clocks, and who can take a lead."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import UserAccount, Zone
from app.accounts.rules import Permission, Role, Scope
from app.directory.models import ResponsibleUnit
from app.kernel.errors import NotFoundError
from app.leads.models import Lead, LeadClock, LeadDecision
from app.leads.rules import Clocks, Course, unit_in_sight

DEFAULTS = Clocks()


def clocks_of(session: Session, zone_id: int) -> Clocks:
    """The zone's clocks, or the defaults."""
    return _clocks(session.get(LeadClock, zone_id))


def _clocks(row: LeadClock | None) -> Clocks:
    if row is None:
        return DEFAULTS
    return Clocks(row.answer_days, row.assess_days, row.report_days, row.protect_days, bool(row.shared))


def clocks_and_units(session: Session, zone_id: int) -> tuple[Clocks, dict[int, str]]:
    """The clocks, and the names of the zone's units by id in their own order. One query."""
    unit = ResponsibleUnit
    query = (
        select(LeadClock, unit.id, unit.name)
        .select_from(Zone)
        .outerjoin(LeadClock, LeadClock.zone_id == Zone.id)
        .outerjoin(unit, unit.zone_id == Zone.id)
        .where(Zone.id == zone_id)
        .order_by(unit.position, unit.id)
    )
    rows = session.execute(query).all()
    return _clocks(rows[0][0] if rows else None), {row.id: row.name for row in rows if row.id is not None}


def get_lead(
    session: Session, zone_id: int, lead_id: int, *, unit_id: int | None = None, lock: bool = False
) -> Lead:
    """The lead with its units. ``unit_id`` narrows to what that unit may see (its own, now or at first).

    Raises ``NotFoundError``, also for one of another zone or out of sight. ``lock`` keeps other writers away.
    """
    query = (
        select(Lead)
        .where(Lead.zone_id == zone_id, Lead.id == lead_id)
        .options(joinedload(Lead.unit), joinedload(Lead.first_unit))
    )
    if unit_id is not None:
        query = query.where(or_(Lead.unit_id == unit_id, Lead.first_unit_id == unit_id))
    lead = session.scalars(query.with_for_update(of=Lead) if lock else query).one_or_none()
    if lead is None:
        raise NotFoundError("没有这条线索，或它不属于您的单位")
    return lead


def course_of(lead: Lead) -> Course:
    """The dates that clocks look at."""
    return Course(lead.state, lead.received_at, lead.answered_at, lead.progressed_at, lead.protected_until)


def find_for_project(session: Session, zone_id: int, project_id: int) -> Lead | None:
    """The lead that became the project."""
    query = select(Lead).where(Lead.zone_id == zone_id, Lead.project_id == project_id)
    return session.scalars(query.options(joinedload(Lead.first_unit)).limit(1)).one_or_none()


def may_read_lead(scope: Scope, lead: Lead) -> bool:
    """Whether a person reads the lead even where units keep their leads to themselves."""
    if not scope.may(Permission.read_leads):
        return False
    return unit_in_sight(scope, shared=False) in (None, lead.unit_id, lead.first_unit_id)


def list_decisions(session: Session, zone_id: int, lead_id: int) -> list[LeadDecision]:
    """The decisions about a lead, newest first."""
    query = select(LeadDecision).where(LeadDecision.zone_id == zone_id, LeadDecision.lead_id == lead_id)
    return list(session.scalars(query.order_by(LeadDecision.decided_at.desc(), LeadDecision.id.desc())))


def officers_of(session: Session, zone_id: int, unit_id: int) -> dict[int, str]:
    """Active officers of a unit by id, by name; they can take its leads."""
    query = (
        select(UserAccount.id, UserAccount.name)
        .where(
            UserAccount.zone_id == zone_id,
            UserAccount.unit_id == unit_id,
            UserAccount.role == Role.officer,
            UserAccount.active,
        )
        .order_by(UserAccount.name, UserAccount.id)
    )
    return {row.id: row.name for row in session.execute(query)}


def officer_name(session: Session, zone_id: int, user_id: int | None) -> str:
    """The name of the officer in charge; empty without one."""
    user = session.get(UserAccount, (zone_id, user_id)) if user_id is not None else None
    return user.name if user else ""


def lock_registration(session: Session, zone_id: int) -> None:
    """Let one lead at a time be registered in a zone, so that two twins never slip in side by side."""
    session.execute(select(Zone.id).where(Zone.id == zone_id).with_for_update(key_share=True))


def next_number(session: Session, zone_id: int, prefix: str, year: int) -> str:
    """A free lead number ``prefix-XS-year-NNNN``, one above the highest of that form."""
    stem = f"{prefix}-XS-{year}-" if prefix else f"XS-{year}-"
    query = select(func.max(Lead.number)).where(
        Lead.zone_id == zone_id,
        Lead.number.startswith(stem, autoescape=True),
        func.length(Lead.number) == len(stem) + 4,
    )
    last = session.scalars(query).one()
    serial = int(last[-4:]) + 1 if last and last[-4:].isdigit() else 1
    return f"{stem}{serial:04d}"
