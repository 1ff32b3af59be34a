"""豁免: named people take open items of a month's checklist upon themselves."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.journal.models import CloseWaiver
from app.journal.rules import check_reason
from app.kernel import clock
from app.kernel.ids import new_id
from app.kernel.periods import Month


def waive(
    session: Session,
    actor: Actor,
    *,
    month: Month,
    item: str,
    subject: str,
    reason: str,
    subject_id: int | None = None,
    amount_fen: int | None = None,
    rows: int = 1,
) -> CloseWaiver:
    """Record a waiver of one row of ``item``, or (``subject_id`` None) of all ``rows`` that are open.

    Raises ``DomainError`` without a reason.
    """
    waiver = CloseWaiver(
        zone_id=actor.zone_id,
        id=new_id(),
        year=month.year,
        month=month.month,
        item=item,
        subject_id=subject_id,
        subject=subject[:200],
        amount_fen=amount_fen,
        rows=rows,
        reason=check_reason(reason),
        user_id=actor.user_id,
        user_name=actor.name,
        at=clock.now(),
    )
    session.add(waiver)
    session.flush()
    after = {
        "month": str(month),
        "item": item,
        "subject": waiver.subject,
        "rows": rows,
        "reason": waiver.reason,
    }
    note(session, actor, action="waive", entity="close_waiver", entity_id=waiver.id, after=after)
    return waiver
