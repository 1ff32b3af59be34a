"""Registering and correcting investors."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.investors.models import Investor
from app.investors.queries import find_by_name, find_by_uscc
from app.investors.rules import InvestorType
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import name_key
from app.search.operations import index_record


@dataclass(frozen=True)
class InvestorData:
    """What is known of a company; None keeps what is already known."""

    name: str
    uscc: str | None = None
    origin: str | None = None
    investor_type: InvestorType | None = None


def match_investor(session: Session, zone_id: int, data: InvestorData) -> Investor | None:
    """The investor that ``data`` means: by USCC, else by name; None when it is new.

    Raises ``DomainError`` when name and USCC belong to different companies.
    """
    named = find_by_name(session, zone_id, data.name)
    coded = find_by_uscc(session, zone_id, data.uscc) if data.uscc else None
    if coded and name_key(coded.name) != name_key(data.name):
        raise DomainError(f"信用代码 {data.uscc} 已登记为“{coded.name}”，请核对企业名称或代码", "uscc")
    if coded is None and named and data.uscc and named.uscc:
        raise DomainError(f"“{named.name}”登记的信用代码是 {named.uscc}，请核对", "uscc")
    return coded or named


def register_investor(session: Session, actor: Actor, data: InvestorData) -> Investor:
    """The investor that ``data`` means, made or completed; what is known stays unless ``data`` says otherwise."""
    investor = match_investor(session, actor.zone_id, data)
    now = clock.now()
    if investor is None:
        investor = Investor(
            zone_id=actor.zone_id,
            name=data.name,
            name_key=name_key(data.name),
            uscc=data.uscc,
            origin=data.origin,
            investor_type=data.investor_type or InvestorType.unknown,
            created_at=now,
            updated_at=now,
        )
        session.add(investor)
        session.flush()
        make_findable(session, investor)
        note(
            session,
            actor,
            action="register",
            entity="investor",
            entity_id=investor.id,
            after=_fields(investor),
        )
        return investor
    before = _fields(investor)
    investor.uscc = data.uscc or investor.uscc
    investor.origin = data.origin or investor.origin
    investor.investor_type = data.investor_type or investor.investor_type
    old, new = difference(before, _fields(investor))
    if new:
        investor.version += 1
        investor.updated_at = now
        session.flush()
        make_findable(session, investor)
        note(session, actor, action="change", entity="investor", entity_id=investor.id, before=old, after=new)
    return investor


def make_findable(session: Session, investor: Investor) -> None:
    """Let the investor be found by name and USCC."""
    index_record(
        session,
        investor.zone_id,
        investor.id,
        entity="investor",
        title=investor.name,
        subtitle="　".join(part for part in (investor.uscc, investor.origin) if part),
        words=[investor.uscc] if investor.uscc else [],
    )


def _fields(investor: Investor) -> dict[str, str | None]:
    return {
        "name": investor.name,
        "uscc": investor.uscc,
        "origin": investor.origin,
        "investor_type": investor.investor_type.value,
    }
