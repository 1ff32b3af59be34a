"""The zone's clocks for leads."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.leads.models import LeadClock
from app.leads.queries import clocks_of
from app.leads.rules import Clocks, check_clocks


def set_clocks(session: Session, actor: Actor, clocks: Clocks) -> bool:
    """Set the clocks; whether anything changed. Protection that was promised before is not shortened."""
    check_clocks(clocks)
    old, new = difference(asdict(clocks_of(session, actor.zone_id)), asdict(clocks))
    if not new:
        return False
    row = session.get(LeadClock, actor.zone_id)
    if row is None:
        row = LeadClock(zone_id=actor.zone_id)
        session.add(row)
    for name, value in asdict(clocks).items():
        setattr(row, name, int(value))
    session.flush()
    note(
        session,
        actor,
        action="set_clocks",
        entity="lead_clock",
        entity_id=actor.zone_id,
        before=old,
        after=new,
    )
    return True
