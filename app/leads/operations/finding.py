"""Leads in the search index, for those who pick one; the search box does not show them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.leads.models import Lead
from app.search.operations import index_record


def make_findable(session: Session, lead: Lead) -> None:
    """Let the lead be found by name, number and investor."""
    index_record(
        session,
        lead.zone_id,
        lead.id,
        entity="lead",
        title=lead.name,
        subtitle=lead.number,
        words=(lead.number, lead.investor_name),
        unit_id=lead.unit_id,
    )
