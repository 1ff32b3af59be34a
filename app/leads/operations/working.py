"""What the unit does with a lead: answer, assess, report, hand on within the unit; reading a phone number."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.kernel.errors import DomainError
from app.leads.models import Lead
from app.leads.queries import get_lead, officers_of
from app.leads.rules import ALIVE, Verdict, check_assessable, check_reason, check_working


def answer_lead(session: Session, actor: Actor, lead: Lead, *, text: str, now: dt.datetime) -> None:
    """响应: the investor was contacted; stops the first clock. Raises ``DomainError`` the second time."""
    check_working(lead.state)
    if lead.answered_at is not None:
        raise DomainError("已经记录过响应，请改用“报进展”", "text")
    said = check_reason(text, "text", "响应情况")
    _progress(session, lead, now)
    note(session, actor, action="answer", entity="lead", entity_id=lead.id, after={"text": said})


def assess_lead(
    session: Session, actor: Actor, lead: Lead, *, verdict: Verdict, text: str, now: dt.datetime
) -> None:
    """研判: 跟进, 转出 or 不跟进, with the reason; an assessment also answers."""
    check_assessable(lead.state)
    said = check_reason(text, "text", "研判意见")
    before = {"state": lead.state.value, "assessment": lead.assessment}
    lead.state, lead.assessment = verdict.state, said
    lead.assessed_at = now
    _progress(session, lead, now)
    after = {"state": lead.state.value, "assessment": said}
    note(session, actor, action="assess", entity="lead", entity_id=lead.id, before=before, after=after)


def report_progress(session: Session, actor: Actor, lead: Lead, *, text: str, now: dt.datetime) -> None:
    """报进展: something happened; starts the report clock and the protection anew."""
    check_working(lead.state)
    said = check_reason(text, "text", "进展情况")
    _progress(session, lead, now)
    note(session, actor, action="report", entity="lead", entity_id=lead.id, after={"text": said})


def follow_activity(session: Session, zone_id: int, lead_id: int, *, now: dt.datetime) -> None:
    """An activity logged for a lead that is worked on is progress; its own operation notes it."""
    lead = get_lead(session, zone_id, lead_id, lock=True)
    if lead.state in ALIVE:
        _progress(session, lead, now)


def hand_to_officer(session: Session, actor: Actor, lead: Lead, *, officer_id: int | None) -> None:
    """移交: another officer of the same unit takes the lead. Raises ``DomainError`` for anybody else."""
    officers = officers_of(session, lead.zone_id, lead.unit_id)
    if officer_id not in officers:
        raise DomainError("只能移交给本单位在用账号的招商专员", "officer_id")
    if officer_id == lead.officer_id:
        raise DomainError(f"这条线索已经由 {officers[officer_id]} 负责", "officer_id")
    before, lead.officer_id = lead.officer_id, officer_id
    session.flush()
    note(
        session,
        actor,
        action="hand_over",
        entity="lead",
        entity_id=lead.id,
        before={"officer_id": before},
        after={"officer_id": officer_id},
    )


def read_phone(session: Session, actor: Actor, lead: Lead) -> str:
    """The full telephone number, for somebody who sees it masked; that it was read is on record."""
    note(session, actor, action="read_phone", entity="lead", entity_id=lead.id)
    return lead.contact_phone


def _progress(session: Session, lead: Lead, now: dt.datetime) -> None:
    """Something happened with the investor: all clocks start anew. The version counts what the form says only."""
    lead.answered_at = lead.answered_at or now
    lead.progressed_at = now
    session.flush()
