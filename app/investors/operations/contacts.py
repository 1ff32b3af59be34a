"""The people to talk to at a company. Numbers are masked in the log, which many may read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.investors.models import Contact, Investor
from app.investors.operations.correcting import check_standing
from app.investors.operations.finding import make_contact_findable
from app.investors.rules import check_phone
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.text import clean, masked_phone, masked_phones, name_key

MOST = 50
"""So many contacts a company has at most."""


@dataclass(frozen=True)
class ContactData:
    """What a form says of a person."""

    name: str
    title: str = ""
    phone: str = ""
    wechat: str = ""
    note: str = ""
    main: bool = False


def add_contact(session: Session, actor: Actor, investor: Investor, data: ContactData) -> Contact:
    """A new contact of the company; the first one is the main one. Raises ``DomainError`` by field."""
    check_standing(investor)
    data = _checked(session, investor, data, besides=0)
    number = session.scalars(
        select(func.count()).where(Contact.zone_id == investor.zone_id, Contact.investor_id == investor.id)
    ).one()
    if number >= MOST:
        raise DomainError(f"一家企业最多 {MOST} 位联系人，请先核对已有的", "name")
    contact = Contact(
        zone_id=actor.zone_id,
        investor_id=investor.id,
        recorded_by=actor.user_id,
        recorded_name=actor.name,
        recorded_at=clock.now(),
        version=1,
    )
    _write(session, contact, replace(data, main=data.main or number == 0))
    session.add(contact)
    session.flush()
    make_contact_findable(session, contact, investor)
    _note(session, actor, "register", contact, after=_logged(contact))
    return contact


def change_contact(
    session: Session, actor: Actor, investor: Investor, contact: Contact, data: ContactData, *, version: int
) -> None:
    """Correct a contact. What comes back masked was not changed. Raises as ``add_contact``, and ``ConflictError``."""
    check_standing(investor)
    if version != contact.version:
        raise ConflictError("这位联系人刚刚被其他人修改")
    if data.phone == masked_phone(contact.phone):
        data = replace(data, phone=contact.phone)
    for name in ("wechat", "note"):
        if getattr(data, name) == masked_phones(getattr(contact, name)):
            data = replace(data, **{name: getattr(contact, name)})
    data = _checked(session, investor, data, besides=contact.id)
    before, raw = _logged(contact), _raw(contact)
    _write(session, contact, data)
    if _raw(contact) == raw:
        return
    contact.version += 1
    session.flush()
    make_contact_findable(session, contact, investor)
    old, new = difference(before, _logged(contact))
    if not new:  # only digits that the log does not show
        old, new = {"phone": before["phone"]}, {"phone": before["phone"]}
    _note(session, actor, "change", contact, before=old, after=new)


def switch_contact(
    session: Session, actor: Actor, investor: Investor, contact: Contact, *, off: bool
) -> None:
    """Mark that the person is no longer to be asked, or is again. Raises ``ConflictError`` when it is so already."""
    check_standing(investor)
    if off == (contact.off_at is not None):
        raise ConflictError("这位联系人的状态刚刚被其他人改过")
    contact.off_at, contact.main = (clock.now(), False) if off else (None, contact.main)
    contact.version += 1
    session.flush()
    make_contact_findable(session, contact, investor)
    _note(session, actor, "switch_off" if off else "switch_on", contact, after={"name": contact.name})


def reveal_phone(session: Session, actor: Actor, contact: Contact) -> None:
    """The number is shown to ``actor``: that goes on record."""
    after = {"name": contact.name, "phone": masked_phone(contact.phone)}
    _note(session, actor, "read_phone", contact, after=after)


def _checked(session: Session, investor: Investor, data: ContactData, *, besides: int) -> ContactData:
    values = asdict(data) | {name: clean(value) for name, value in asdict(data).items() if name != "main"}
    data = ContactData(**values)
    if not data.name:
        raise DomainError("请填写姓名", "name")
    check_phone(data.phone)
    query = select(Contact).where(
        Contact.zone_id == investor.zone_id, Contact.investor_id == investor.id, Contact.id != besides
    )
    for other in session.scalars(query):
        if name_key(other.name) == name_key(data.name) and other.phone == data.phone:
            raise DomainError(f"已有联系人“{other.name}”，电话也相同", "name")
    return data


def _write(session: Session, contact: Contact, data: ContactData) -> None:
    """Fill the row; a new main contact takes the place of the present one."""
    if data.main and not contact.main:
        session.execute(
            update(Contact)
            .where(Contact.zone_id == contact.zone_id, Contact.investor_id == contact.investor_id)
            .where(Contact.main)
            .values(main=False, version=Contact.version + 1)
        )
    for name, value in asdict(data).items():
        setattr(contact, name, value)


def _raw(contact: Contact) -> tuple[Any, ...]:
    return tuple(getattr(contact, name) for name in ContactData.__dataclass_fields__)


def _logged(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name,
        "title": contact.title,
        "phone": masked_phone(contact.phone),
        "wechat": masked_phones(contact.wechat),
        "note": masked_phones(contact.note),
        "main": contact.main,
    }


def _note(session: Session, actor: Actor, action: str, contact: Contact, **values: dict[str, Any]) -> None:
    after = values.pop("after", {}) | {"investor_id": contact.investor_id}
    note(session, actor, action=action, entity="contact", entity_id=contact.id, after=after, **values)
