"""What a reviewer decides about a lead; each decision is a row that stays. 首报单位 and time never change."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.directory.queries import check_in_use, get_entry
from app.kernel.errors import DomainError
from app.leads.models import Lead, LeadDecision
from app.leads.queries import clocks_of, course_of
from app.leads.rules import (
    DecisionKind,
    LeadState,
    check_extension,
    check_reason,
    check_working,
    day_of,
    protected_to,
)


def transfer_lead(
    session: Session, actor: Actor, lead: Lead, *, to_unit_id: int | None, reason: str, now: dt.datetime
) -> LeadDecision:
    """转移: another unit follows the lead from now on; its clocks start, and it names its own officer."""
    _check_decidable(lead)
    if to_unit_id is None or to_unit_id == lead.unit_id:
        raise DomainError("请选择要转给的另一个责任单位", "to_unit_id")
    return _give(session, actor, lead, DecisionKind.transfer, to_unit_id, reason, now)


def settle_dispute(
    session: Session, actor: Actor, lead: Lead, *, to_unit_id: int | None, reason: str, now: dt.datetime
) -> LeadDecision:
    """争议裁定: the lead belongs to ``to_unit_id``, which may be the unit that has it."""
    _check_decidable(lead)
    if to_unit_id is None:
        raise DomainError("请选择裁定归属的责任单位", "to_unit_id")
    if to_unit_id != lead.unit_id:
        return _give(session, actor, lead, DecisionKind.dispute, to_unit_id, reason, now)
    return _record(
        session, actor, lead, DecisionKind.dispute, reason, now, before={}, after={}, to_unit_id=to_unit_id
    )


def extend_protection(
    session: Session, actor: Actor, lead: Lead, *, until: dt.date | None, reason: str, now: dt.datetime
) -> LeadDecision:
    """延长保护: nobody else may report the same until the end of ``until``."""
    check_working(lead.state)
    present = protected_to(course_of(lead), clocks_of(session, lead.zone_id))
    day = check_extension(until, today=day_of(now), protected_to=present)
    before, lead.protected_until = lead.protected_until, day
    return _record(
        session,
        actor,
        lead,
        DecisionKind.extend,
        reason,
        now,
        before={"protected_until": before},
        after={"protected_until": day},
        until=day,
    )


def lapse_lead(session: Session, actor: Actor, lead: Lead, *, reason: str, now: dt.datetime) -> LeadDecision:
    """失效: nobody follows it; others may report the same. Only a transfer takes it up again."""
    check_working(lead.state)
    before, lead.state = lead.state, LeadState.lapsed
    return _record(
        session,
        actor,
        lead,
        DecisionKind.lapse,
        reason,
        now,
        before={"state": before.value},
        after={"state": lead.state.value},
    )


def _check_decidable(lead: Lead) -> None:
    if lead.state is LeadState.converted:
        raise DomainError("这条线索已转为项目，责任单位请在项目页移交")


def _give(
    session: Session,
    actor: Actor,
    lead: Lead,
    kind: DecisionKind,
    to_unit_id: int,
    reason: str,
    now: dt.datetime,
) -> LeadDecision:
    """The lead goes to another unit and begins there: to be answered and assessed, and protected, anew."""
    get_entry(session, lead.zone_id, "unit", to_unit_id)
    check_in_use(session, lead.zone_id, {"unit": to_unit_id}, "to_unit_id")
    from_unit_id = lead.unit_id
    before: dict[str, Any] = {
        "unit_id": from_unit_id,
        "state": lead.state.value,
        "officer_id": lead.officer_id,
    }
    lead.unit_id, lead.officer_id = to_unit_id, None
    lead.received_at = lead.progressed_at = now
    lead.state, lead.answered_at = LeadState.open, None
    lead.assessed_at, lead.assessment = None, ""
    after = {"unit_id": to_unit_id, "state": lead.state.value, "officer_id": None}
    return _record(
        session, actor, lead, kind, reason, now, before=before, after=after,
        from_unit_id=from_unit_id, to_unit_id=to_unit_id,
    )  # fmt: skip


def _record(
    session: Session,
    actor: Actor,
    lead: Lead,
    kind: DecisionKind,
    reason: str,
    now: dt.datetime,
    *,
    before: dict[str, Any],
    after: dict[str, Any],
    from_unit_id: int | None = None,
    to_unit_id: int | None = None,
    until: dt.date | None = None,
) -> LeadDecision:
    said = check_reason(reason, "reason", "裁定理由")
    decision = LeadDecision(
        zone_id=lead.zone_id,
        lead_id=lead.id,
        kind=kind.value,
        from_unit_id=from_unit_id or lead.unit_id,
        to_unit_id=to_unit_id,
        until_on=until,
        reason=said,
        decided_by=actor.user_id,
        decided_name=actor.name,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    note(
        session,
        actor,
        action=kind.value,
        entity="lead",
        entity_id=lead.id,
        before=before,
        after={**after, "to_unit_id": to_unit_id, "reason": said},
    )
    return decision
