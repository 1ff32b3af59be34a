"""Correcting what is known of a company: its name, code, origin, type, other names and parent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.directory.rules import pinyin_key
from app.investors.models import FormerName, Investor
from app.investors.operations.finding import make_findable
from app.investors.operations.registering import fields_of
from app.investors.queries import find_by_name, find_by_uscc, lock_groups, parents_of
from app.investors.rules import InvestorType, NameKind, check_parent
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.kernel.text import clean, name_key


@dataclass(frozen=True)
class CompanyData:
    """Everything the form says of a company; None means that there is none."""

    name: str
    uscc: str | None
    origin: str | None
    investor_type: InvestorType
    parent_id: int | None = None


def correct_investor(
    session: Session, actor: Actor, investor: Investor, data: CompanyData, *, version: int, remark: str = ""
) -> bool:
    """Bring the company to what ``data`` says; its old name stays findable. Whether anything changed.

    ``remark`` goes on record beside the change: which figures moved. Raises ``ConflictError`` for an older
    ``version``, ``DomainError`` for a merged company and for a name or code of another one.
    """
    check_standing(investor)
    if version != investor.version:
        raise ConflictError("这家企业刚刚被其他人修改")
    _check_free(session, investor, data)
    before = fields_of(investor) | {"parent_id": investor.parent_id}
    if data.parent_id != investor.parent_id:
        lock_groups(session, actor.zone_id)
        set_parent(session, investor, data.parent_id)
    rename(session, investor, data.name)
    investor.uscc, investor.origin, investor.investor_type = data.uscc, data.origin, data.investor_type
    old, new = difference(before, fields_of(investor) | {"parent_id": investor.parent_id})
    if not new:
        return False
    investor.version += 1
    investor.updated_at = clock.now()
    session.flush()
    make_findable(session, investor)
    after = new | ({"figures": remark} if remark else {})
    note(session, actor, action="change", entity="investor", entity_id=investor.id, before=old, after=after)
    return True


def set_parent(session: Session, investor: Investor, parent_id: int | None) -> None:
    """Hang the company under another, or under none; the caller holds ``lock_groups`` and keeps the record.

    Raises ``DomainError`` (field ``parent``) for a circle and for a parent that was merged or is none.
    """
    if parent_id is not None:
        parent = session.get(Investor, (investor.zone_id, parent_id), populate_existing=True)
        if parent is None or parent.merged_into_id is not None:
            raise DomainError("没有这家母公司，或它已并入另一家企业", "parent")
        check_parent(investor.id, parent_id, parents_of(session, investor.zone_id, parent_id))
    investor.parent_id = parent_id


def add_former_name(session: Session, actor: Actor, investor: Investor, name: str, kind: NameKind) -> None:
    """Let the company be found by another name. Raises ``DomainError`` for one that it has already."""
    check_standing(investor)
    name = clean(name)
    if not name_key(name):
        raise DomainError("请填写名称", "name")
    if name_key(name) == investor.name_key or _former(session, investor, name) is not None:
        raise DomainError("这家企业已有这个名称", "name")
    other = find_by_name(session, investor.zone_id, name)
    if other is not None and other.id != investor.id:
        raise DomainError(f"“{name}”是另一家企业的名称；同一家的，请用合并", "name")
    _keep_name(session, investor, name, kind)
    _touch(session, investor)
    after = {"former_name": name, "name_kind": kind.label}
    note(session, actor, action="add_name", entity="investor", entity_id=investor.id, after=after)


def remove_former_name(session: Session, actor: Actor, investor: Investor, name_id: int) -> None:
    """Take another name away. Raises ``NotFoundError``."""
    check_standing(investor)
    found = session.get(FormerName, (investor.zone_id, name_id))
    if found is None or found.investor_id != investor.id:
        raise NotFoundError("没有这个名称，可能已被移除")
    before = {"former_name": found.name, "name_kind": found.kind.label}
    session.delete(found)
    _touch(session, investor)
    note(session, actor, action="remove_name", entity="investor", entity_id=investor.id, before=before)


def restore_former_names(session: Session, investor: Investor, names: Iterable[tuple[str, str]]) -> None:
    """Give the company exactly these other names (name and kind), as it had them before a merge."""
    mine = (FormerName.zone_id == investor.zone_id, FormerName.investor_id == investor.id)
    session.execute(delete(FormerName).where(*mine))
    for name, kind in names:
        _keep_name(session, investor, name, NameKind(kind))


def check_standing(investor: Investor) -> None:
    """Refuse to write on a row that was merged."""
    if investor.merged_into_id is not None:
        raise DomainError("这家企业已并入另一家，请在并入后的企业上修改")


def _touch(session: Session, investor: Investor) -> None:
    investor.version += 1
    investor.updated_at = clock.now()
    session.flush()
    make_findable(session, investor)


def _check_free(session: Session, investor: Investor, data: CompanyData) -> None:
    key = name_key(data.name)
    if not key:
        raise DomainError("请填写企业名称，按营业执照", "name")
    if key != investor.name_key:
        other = find_by_name(session, investor.zone_id, data.name)
        if other is not None and other.id != investor.id:
            raise DomainError(f"已有企业“{other.name}”；是同一家的，请用“合并”", "name")
    if data.uscc and data.uscc != investor.uscc:
        other = find_by_uscc(session, investor.zone_id, data.uscc)
        if other is not None:
            raise DomainError(f"信用代码 {data.uscc} 已登记为“{other.name}”；是同一家的，请用“合并”", "uscc")


def rename(session: Session, investor: Investor, name: str) -> None:
    """Give the company another name; the old one stays findable as 曾用名."""
    old, key = investor.name, name_key(name)
    investor.name = name
    if key == investor.name_key:
        return
    investor.name_key, investor.name_pinyin = key, pinyin_key(name)
    back = _former(session, investor, name)
    if back is not None:
        session.delete(back)
    if _former(session, investor, old) is None:
        _keep_name(session, investor, old, NameKind.former)


def _former(session: Session, investor: Investor, name: str) -> FormerName | None:
    query = select(FormerName).where(
        FormerName.zone_id == investor.zone_id,
        FormerName.investor_id == investor.id,
        FormerName.name_key == name_key(name),
    )
    return session.scalars(query).one_or_none()


def _keep_name(session: Session, investor: Investor, name: str, kind: NameKind) -> None:
    row = FormerName(
        zone_id=investor.zone_id, investor_id=investor.id, kind=kind, name=name, added_at=clock.now()
    )
    session.add(row)
    session.flush()
