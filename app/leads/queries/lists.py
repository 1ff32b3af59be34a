"""The list of leads, and sums over all that match a filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import UserAccount
from app.db.types import whole_sum
from app.directory.models import ResponsibleUnit
from app.leads.models import Lead
from app.leads.queries.filters import LeadFilter, Sight, matches
from app.leads.rules import Clocks, Course, Late, LeadSource, LeadState, has_lapsed, lates


@dataclass(frozen=True)
class LeadRow:
    """One line of the list."""

    id: int
    number: str
    name: str
    investor: str
    amount_fen: int | None
    source: LeadSource
    contact_name: str
    contact_phone: str
    unit: str
    first_unit: str
    officer: str | None
    state: LeadState
    reported_at: dt.datetime
    received_at: dt.datetime
    answered_at: dt.datetime | None
    progressed_at: dt.datetime
    protected_until: dt.date

    @property
    def course(self) -> Course:
        """The dates that clocks look at."""
        return Course(
            self.state, self.received_at, self.answered_at, self.progressed_at, self.protected_until
        )

    def lates(self, clocks: Clocks, today: dt.date) -> list[Late]:
        """What is overdue today."""
        return lates(self.course, clocks, today)

    def has_lapsed(self, clocks: Clocks, today: dt.date) -> bool:
        """Whether its protection ran out."""
        return has_lapsed(self.course, clocks, today)


@dataclass(frozen=True)
class LeadSums:
    """Sums over every lead that matches a filter; ``amount_fen`` over those that name an amount."""

    leads: int
    amount_fen: int
    with_amount: int


def list_leads(
    session: Session, sight: Sight, wanted: LeadFilter, *, offset: int = 0, limit: int | None = None
) -> list[LeadRow]:
    """The leads that match, newest first, from ``offset`` on. One query."""
    return list(iter_leads(session, sight, wanted, offset=offset, limit=limit))


def iter_leads(
    session: Session, sight: Sight, wanted: LeadFilter, *, offset: int = 0, limit: int | None = None
) -> Iterator[LeadRow]:
    """The same, a thousand at a time, for an export."""
    unit, first = aliased(ResponsibleUnit), aliased(ResponsibleUnit)
    query = (
        select(
            Lead.id,
            Lead.number,
            Lead.name,
            Lead.investor_name.label("investor"),
            Lead.amount_fen,
            Lead.source,
            Lead.contact_name,
            Lead.contact_phone,
            unit.name.label("unit"),
            first.name.label("first_unit"),
            UserAccount.name.label("officer"),
            Lead.state,
            Lead.reported_at,
            Lead.received_at,
            Lead.answered_at,
            Lead.progressed_at,
            Lead.protected_until,
        )
        .join(unit, and_(unit.zone_id == Lead.zone_id, unit.id == Lead.unit_id))
        .join(first, and_(first.zone_id == Lead.zone_id, first.id == Lead.first_unit_id))
        .outerjoin(UserAccount, and_(UserAccount.zone_id == Lead.zone_id, UserAccount.id == Lead.officer_id))
        .where(*matches(sight, wanted))
        .order_by(Lead.reported_at.desc(), Lead.id.desc())
        .offset(offset)
        .limit(limit)
    )
    for row in session.execute(query, execution_options={"yield_per": 1000}):
        yield LeadRow(**row._mapping)


def lead_sums(
    session: Session, sight: Sight, wanted: LeadFilter, others: Mapping[str, LeadFilter] | None = None
) -> tuple[LeadSums, dict[str, int]]:
    """Sums over all leads that match ``wanted``; and how many match each of ``others``. One query."""
    fits = and_(*matches(sight, wanted))
    named = others or {}
    query = select(
        whole_sum(case((fits, 1), else_=0)).label("leads"),
        whole_sum(case((fits, func.coalesce(Lead.amount_fen, 0)), else_=0)).label("amount_fen"),
        whole_sum(case((and_(fits, Lead.amount_fen.is_not(None)), 1), else_=0)).label("with_amount"),
        *(
            whole_sum(case((and_(*matches(sight, other)), 1), else_=0)).label(f"n_{name}")
            for name, other in named.items()
        ),
    ).where(*matches(sight, LeadFilter()))
    row = session.execute(query).one()._mapping
    sums = LeadSums(row["leads"], row["amount_fen"], row["with_amount"])
    return sums, {name: row[f"n_{name}"] for name in named}
