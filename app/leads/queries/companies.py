"""The leads of one company: those converted for it, and those that name it by a name or code it has or had."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.investors.queries import KnownAs
from app.leads.models import Lead
from app.leads.queries.filters import LeadFilter, Sight, matches
from app.leads.rules import company_key


def is_of_company(zone_id: int, known: KnownAs) -> ColumnElement[bool]:
    """Whether a lead is about the company."""
    about: list[ColumnElement[bool]] = [
        Lead.investor_id.in_(known.ids),
        Lead.investor_key.in_({company_key(name) for name in known.names}),
    ]
    if known.codes:
        about.append(Lead.uscc.in_(known.codes))
    return and_(Lead.zone_id == zone_id, or_(*about))


def list_for_company(session: Session, sight: Sight, known: KnownAs, *, limit: int) -> list[Lead]:
    """The company's leads within ``sight``, newest first, each with its unit. One query."""
    query = (
        select(Lead)
        .where(*matches(sight, LeadFilter()), is_of_company(sight.zone_id, known))
        .options(joinedload(Lead.unit))
        .order_by(Lead.reported_at.desc(), Lead.id.desc())
    )
    return list(session.scalars(query.limit(limit)))
