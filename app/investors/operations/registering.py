"""Registering investors as forms and ledgers name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.investors.models import Investor
from app.investors.operations.finding import make_findable
from app.investors.queries import find_by_former_name, find_by_name, find_by_uscc
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
    """The investor that ``data`` means: by USCC, else by its name or one it had; None when it is new.

    What was merged leads to what it was merged into. It cannot be merged away until the transaction ends.
    Raises ``DomainError`` when name and USCC belong to different companies, or the name to several.
    """
    named = find_by_name(session, zone_id, data.name, lock=True)
    if named is None:
        named = only_one(data.name, find_by_former_name(session, zone_id, data.name, lock=True))
    coded = find_by_uscc(session, zone_id, data.uscc, lock=True) if data.uscc else None
    return meant_by(data, named, coded)


def meant_by(data: InvestorData, named: Investor | None, coded: Investor | None) -> Investor | None:
    """Of the companies with the name and with the code of ``data`` the one it means. Raises ``DomainError``."""
    if coded and coded is not named and name_key(coded.name) != name_key(data.name):
        raise DomainError(f"信用代码 {data.uscc} 已登记为“{coded.name}”，请核对企业名称或代码", "uscc")
    if coded is None and named and data.uscc and named.uscc:
        raise DomainError(f"“{named.name}”登记的信用代码是 {named.uscc}，请核对", "uscc")
    return coded or named


def register_investor(session: Session, actor: Actor, data: InvestorData) -> Investor:
    """The investor that ``data`` means, made or completed; what is known stays unless ``data`` says otherwise.

    Under a former name, or through a merged row, ``data`` is older than what is known: it fills gaps only.
    """
    investor = match_investor(session, actor.zone_id, data)
    if investor is None:
        return make_investor(session, actor, data)
    before = fields_of(investor)
    for name, said in added_by(data, investor).items():
        setattr(investor, name, said)
    old, new = difference(before, fields_of(investor))
    if new:
        investor.version += 1
        investor.updated_at = clock.now()
        session.flush()
        make_findable(session, investor)
        note(session, actor, action="change", entity="investor", entity_id=investor.id, before=old, after=new)
    return investor


def added_by(data: InvestorData, investor: Investor) -> dict[str, Any]:
    """The fields of ``investor`` that ``data`` fills in or, under its present name, corrects; its code it never does."""
    own = name_key(investor.name) == name_key(data.name)
    found = {}
    for name in ("uscc", "origin", "investor_type"):
        said, known = getattr(data, name), getattr(investor, name)
        if said and said != known and (known in (None, InvestorType.unknown) or (own and name != "uscc")):
            found[name] = said
    return found


def make_investor(
    session: Session, actor: Actor, data: InvestorData, *, parent_id: int | None = None, reason: str = ""
) -> Investor:
    """A new company; ``reason`` says why it is none of those that look like it."""
    now = clock.now()
    investor = Investor(
        zone_id=actor.zone_id,
        name=data.name,
        name_key=name_key(data.name),
        uscc=data.uscc,
        origin=data.origin,
        investor_type=data.investor_type or InvestorType.unknown,
        parent_id=parent_id,
        created_at=now,
        updated_at=now,
    )
    session.add(investor)
    session.flush()
    index_record(
        session,
        investor.zone_id,
        investor.id,
        entity="investor",
        title=investor.name,
        subtitle="　".join(part for part in (investor.uscc, investor.origin) if part),
        words=[investor.uscc] if investor.uscc else [],
    )
    after = fields_of(investor) | ({"likeness_reason": reason} if reason else {})
    note(session, actor, action="register", entity="investor", entity_id=investor.id, after=after)
    return investor


def fields_of(investor: Investor) -> dict[str, str | int | None]:
    """What the log says of a company."""
    found: dict[str, str | int | None] = {
        "name": investor.name,
        "uscc": investor.uscc,
        "origin": investor.origin,
        "investor_type": investor.investor_type.value,
    }
    return found | ({"parent_id": investor.parent_id} if investor.parent_id else {})


def only_one(name: str, owners: Sequence[Investor]) -> Investor | None:
    """Who was called so, or is for short. Raises ``DomainError`` when several were."""
    if len(owners) > 1:
        several = "、".join(owner.name for owner in owners[:3])
        raise DomainError(f"“{name}”是 {several} 几家企业的曾用名或简称，请填写现在的名称", "investor")
    return owners[0] if owners else None
