"""Registering a lead, which stamps who reported it first and when, and correcting its record."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.directory.queries import check_in_use, get_entry
from app.kernel.errors import ConflictError
from app.kernel.text import clean
from app.leads.models import Lead
from app.leads.operations.data import LeadData, assign, check_lead, snapshot, without_phone
from app.leads.operations.finding import make_findable
from app.leads.queries import clocks_of, find_alike, lock_registration, next_number
from app.leads.rules import LeadState, Wanted, check_likeness, day_of


def register_lead(
    session: Session,
    actor: Actor,
    data: LeadData,
    *,
    unit_id: int,
    officer_id: int | None,
    prefix: str,
    now: dt.datetime,
) -> Lead:
    """Register a lead for ``unit_id``, which becomes 首报单位 for good; its protection begins.

    Raises ``DomainError`` for an exact twin that is still protected, and for a near one without a reason.
    """
    check_lead(data)
    get_entry(session, actor.zone_id, "unit", unit_id)
    check_in_use(session, actor.zone_id, {"unit": unit_id}, "unit")
    lock_registration(session, actor.zone_id)
    clocks, today = clocks_of(session, actor.zone_id), day_of(now)
    _check_alike(session, actor.zone_id, data, today, besides=None)
    lead = Lead(
        zone_id=actor.zone_id,
        number=next_number(session, actor.zone_id, prefix, today.year),
        first_unit_id=unit_id,
        reported_by=actor.user_id,
        reported_name=actor.name,
        reported_at=now,
        unit_id=unit_id,
        received_at=now,
        officer_id=officer_id,
        state=LeadState.open,
        progressed_at=now,
        protected_until=today + dt.timedelta(days=clocks.protect_days),
        likeness_reason=clean(data.likeness_reason),
        assessment="",
    )
    assign(lead, data)
    session.add(lead)
    session.flush()
    make_findable(session, lead)
    about: dict[str, Any] = {
        "number": lead.number,
        "first_unit_id": unit_id,
        "officer_id": officer_id,
        "protected_until": lead.protected_until,
        "likeness_reason": lead.likeness_reason,
    }
    note(
        session,
        actor,
        action="register",
        entity="lead",
        entity_id=lead.id,
        after={**without_phone(snapshot(lead)), **about},
    )
    return lead


def change_lead(
    session: Session, actor: Actor, lead: Lead, data: LeadData, *, version: int, today: dt.date
) -> dict[str, Any]:
    """Bring the record to what ``data`` says; returns the changed fields with their old values.

    It is no progress: clocks and protection stay. ``version`` is the one the writer read. Raises
    ``ConflictError`` when the record was changed since, ``DomainError`` as ``register_lead`` does
    when name, investor or code are changed.
    """
    if version != lead.version:
        raise ConflictError("这条线索刚刚被其他人修改，请比较两个版本后再保存")
    check_lead(data)
    before = snapshot(lead)
    identity = (lead.name, lead.investor_name, lead.uscc)
    if identity != (clean(data.name), clean(data.investor_name), data.uscc):
        lock_registration(session, actor.zone_id)
        _check_alike(session, actor.zone_id, data, today, besides=lead.id)
        lead.likeness_reason = clean(data.likeness_reason) or lead.likeness_reason
    assign(lead, data)
    old, new = difference(before, snapshot(lead))
    if new:
        lead.version += 1
        session.flush()
        make_findable(session, lead)
        note(
            session,
            actor,
            action="change",
            entity="lead",
            entity_id=lead.id,
            before=without_phone(old),
            after=without_phone(new),
        )
    return old


def _check_alike(
    session: Session, zone_id: int, data: LeadData, today: dt.date, *, besides: int | None
) -> None:
    wanted = Wanted(data.name, data.investor_name, data.uscc)
    clocks = clocks_of(session, zone_id)
    found = find_alike(session, zone_id, wanted, clocks=clocks, today=today, besides=besides, limit=None)
    check_likeness([(alike.level, alike.said) for alike in found], data.likeness_reason)
