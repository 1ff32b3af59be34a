"""Companies and their contacts in the search index."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.investors.models import Contact, Investor
from app.investors.queries import list_absorbed, list_contacts, list_former_names, names_of
from app.search.operations import forget_record, index_record


def make_findable(session: Session, investor: Investor) -> None:
    """Let the investor be found by its names, also former and merged ones, and its USCC; its contacts by name."""
    zone_id = investor.zone_id
    absorbed = list_absorbed(session, zone_id, investor.id)
    former = list_former_names(session, zone_id, [investor.id, *(row.id for row in absorbed)])
    codes = [row.uscc for row in (investor, *absorbed) if row.uscc]
    kept = names_of(session, zone_id, [investor.merged_into_id]) if investor.merged_into_id else {}
    said = [investor.uscc, investor.origin, *(f"已并入 {name}" for name in kept.values())]
    index_record(
        session,
        zone_id,
        investor.id,
        entity="investor",
        title=investor.name,
        subtitle="　".join(part for part in said if part),
        words=[*codes, *(row.name for row in absorbed), *(one.name for one in former)],
    )
    for contact in list_contacts(session, zone_id, investor.id):
        make_contact_findable(session, contact, investor)


def make_contact_findable(session: Session, contact: Contact, investor: Investor) -> None:
    """Let the contact be found by name, not by number; one that is no longer asked is not found."""
    if contact.off_at is not None:
        forget_record(session, contact.zone_id, contact.id)
        return
    index_record(
        session,
        contact.zone_id,
        contact.id,
        entity="contact",
        title=contact.name,
        subtitle="　".join(part for part in (investor.name, contact.title) if part),
        target_id=investor.id,
    )
