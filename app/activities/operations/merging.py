"""Merging two rows of one company, and taking a merge back as long as nothing has changed since."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.activities.models import Activity
from app.activities.queries.companies import KINDS, held, holdings
from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.files.models import StoredFile
from app.investors.models import Contact, Investor, InvestorMerge
from app.investors.operations import make_findable, set_parent
from app.investors.operations.correcting import check_standing, rename, restore_former_names
from app.investors.queries import get_investor, list_contacts, list_former_names, lock_groups
from app.investors.rules import InvestorType
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.text import clean, name_key
from app.leads.models import Lead
from app.pipeline.models import Project
from app.pipeline.operations.companies import index_projects_of

FIELDS = ("name", "uscc", "origin", "investor_type", "parent_id")
"""What one of the two rows has to lend the company; for each, the kept row's value unless taken."""
_HOLDERS: dict[str, tuple[Any, str]] = {
    "projects": (Project, "investor_id"),
    "contacts": (Contact, "investor_id"),
    "leads": (Lead, "investor_id"),
    "activities": (Activity, "investor_id"),
    "files": (StoredFile, "entity_id"),
    "children": (Investor, "parent_id"),
    "absorbed": (Investor, "merged_into_id"),
}


def merge_investors(
    session: Session,
    actor: Actor,
    kept_id: int,
    merged_id: int,
    *,
    take: Collection[str],
    reason: str,
    versions: tuple[int, int],
) -> InvestorMerge:
    """Everything of ``merged_id`` goes to ``kept_id``, which takes the fields in ``take`` and those it lacks.

    The merged row stays with its name and history and leads to the kept one. Raises ``ConflictError`` when
    either is no longer in the ``versions`` that were looked at, ``DomainError`` for one that was merged
    before, for one company twice and without a reason.
    """
    kept, merged = _both(session, actor.zone_id, kept_id, merged_id)
    if (kept.version, merged.version) != versions:
        raise ConflictError("两家企业之一刚刚被其他人修改，请重新核对后再合并")
    check_standing(kept)
    check_standing(merged)
    reason = clean(reason)
    if len(reason) < 2:
        raise DomainError("请写明合并的依据，如“同一信用代码”“更名前后的同一家企业”", "reason")
    former = list_former_names(session, actor.zone_id, [kept.id])
    names = [[name.name, name.kind.value] for name in former]
    before: dict[str, Any] = {"kept": _fields(kept), "merged": _fields(merged), "former": names}
    moved = _move(session, kept, merged)
    _lend(session, kept, merged, _taken(kept, merged, take))
    merged.merged_into_id, merged.merged_at = kept.id, clock.now()
    _count_up(session, kept, merged)
    merge = InvestorMerge(
        zone_id=actor.zone_id,
        kept_id=kept.id,
        merged_id=merged.id,
        reason=reason,
        merged_at=merged.merged_at,
        merged_by=actor.user_id,
        merged_name=actor.name,
        before=before,
        moved=moved,
        standing={
            "versions": [kept.version, merged.version],
            "held": holdings(session, actor.zone_id, kept.id),
        },
        undone_name="",
    )
    session.add(merge)
    session.flush()
    _index(session, kept, merged)
    _tell(session, actor, kept, merged, merge)
    return merge


def undo_merge(session: Session, actor: Actor, merge: InvestorMerge) -> None:
    """Make two companies of the one again, as they were. Raises ``DomainError`` where something changed since."""
    kept, merged = _both(session, actor.zone_id, merge.kept_id, merge.merged_id)
    why = why_not_undone(session, merge, kept, merged)
    if why:
        raise DomainError(why)
    for kind in KINDS:
        _put(session, actor.zone_id, kind, merge.moved[kind], merged.id)
    session.execute(
        update(Contact)
        .where(Contact.zone_id == actor.zone_id, Contact.id.in_(merge.moved["main"]))
        .values(main=True)
    )
    before = merge.before
    merged.merged_into_id = merged.merged_at = None
    kept.uscc = merged.uscc = kept.parent_id = None
    session.flush()
    for investor, fields in ((kept, before["kept"]), (merged, before["merged"])):
        if investor.name != fields["name"]:
            rename(session, investor, fields["name"])
        investor.uscc, investor.origin = fields["uscc"], fields["origin"]
        investor.investor_type = InvestorType(fields["investor_type"])
        set_parent(session, investor, fields["parent_id"])
        session.flush()
    restore_former_names(session, kept, before["former"])
    _count_up(session, kept, merged)
    merge.undone_at, merge.undone_name = clock.now(), actor.name
    session.flush()
    _index(session, kept, merged)
    counts = {kind: len(ids) for kind, ids in merge.moved.items() if kind in KINDS and ids}
    for investor, other in ((kept, merged), (merged, kept)):
        after = {"other_id": other.id, **counts}
        note(session, actor, action="undo_merge", entity="investor", entity_id=investor.id, after=after)
    for key in merge.moved["projects"]:
        _note_project(session, actor, "undo_merge", key, kept.id, merged.id)


def why_not_undone(session: Session, merge: InvestorMerge, kept: Investor, merged: Investor) -> str:
    """Why the merge cannot be taken back, in words; empty when it can."""
    if merge.undone_at is not None:
        return "这次合并已撤销过"
    if merged.merged_into_id != kept.id:
        return "并入后的企业又并入了另一家，请先撤销后一次合并"
    if [kept.version, merged.version] != merge.standing["versions"]:
        return "合并后企业资料又改过，不能再撤销"
    now = holdings(session, merge.zone_id, kept.id)
    changed = [name for kind, name in KINDS.items() if now[kind] != merge.standing["held"][kind]]
    for kind, ids in merge.moved.items():
        if kind in KINDS and ids and KINDS[kind] not in changed:
            there = set(session.scalars(held(merge.zone_id, kept.id)[kind]))
            if not set(ids) <= there:
                changed.append(KINDS[kind])
    return f"合并后{'、'.join(changed)}有变化，不能再撤销" if changed else ""


def _both(session: Session, zone_id: int, kept_id: int, merged_id: int) -> tuple[Investor, Investor]:
    """Both rows, for this transaction alone; always locked in one order."""
    if kept_id == merged_id:
        raise DomainError("请选择两家不同的企业")
    lock_groups(session, zone_id)
    first, second = (get_investor(session, zone_id, key, lock=True) for key in sorted((kept_id, merged_id)))
    return (first, second) if first.id == kept_id else (second, first)


def _move(session: Session, kept: Investor, merged: Investor) -> dict[str, list[int]]:
    """Hang everything of ``merged`` on ``kept``; a contact that both have stays where it is."""
    zone_id = kept.zone_id
    contacts = list_contacts(session, zone_id, kept.id)
    known = {(name_key(one.name), one.phone) for one in contacts}
    own = list_contacts(session, zone_id, merged.id)
    twins = {one.id for one in own if (name_key(one.name), one.phone) in known}
    main = [one.id for one in own if one.main] if any(one.main for one in contacts) else []
    session.execute(
        update(Contact).where(Contact.zone_id == zone_id, Contact.id.in_(main)).values(main=False)
    )
    moved: dict[str, list[int]] = {"main": main}
    for kind, query in held(zone_id, merged.id).items():
        ids = [key for key in session.scalars(query) if key != kept.id and key not in twins]
        moved[kind] = sorted(ids)
        _put(session, zone_id, kind, ids, kept.id)
    session.expire_all()
    return moved


def _put(session: Session, zone_id: int, kind: str, ids: Collection[int], investor_id: int) -> None:
    record, column = _HOLDERS[kind]
    if ids:
        mine = (record.zone_id == zone_id, record.id.in_(ids))
        session.execute(update(record).where(*mine).values({column: investor_id}))


def _taken(kept: Investor, merged: Investor, take: Collection[str]) -> set[str]:
    """The fields that come from the merged row: those chosen, and those that the kept one lacks."""
    lacks = {name for name in FIELDS if getattr(kept, name) in (None, InvestorType.unknown)}
    has = {name for name in FIELDS if getattr(merged, name) not in (None, InvestorType.unknown)}
    return (set(take) | lacks) & has


def _lend(session: Session, kept: Investor, merged: Investor, taken: Collection[str]) -> None:
    """Give ``kept`` the fields ``taken``. Codes change places, since each leads to one row only."""
    parent = merged.parent_id if "parent_id" in taken else kept.parent_id
    if parent in (kept.id, merged.id):
        parent = kept.parent_id if parent == kept.id else merged.parent_id
    merged.parent_id = kept.parent_id = None
    session.flush()
    if parent not in (None, kept.id, merged.id):
        try:
            set_parent(session, kept, parent)
        except DomainError:  # the parent has come under the kept company by this very merge
            kept.parent_id = None
    if "name" in taken:
        rename(session, kept, merged.name)
    if "uscc" in taken:
        codes = kept.uscc, merged.uscc
        kept.uscc = merged.uscc = None
        session.flush()
        merged.uscc, kept.uscc = codes
    for name in ("origin", "investor_type"):
        if name in taken:
            setattr(kept, name, getattr(merged, name))
    session.flush()


def _count_up(session: Session, *rows: Investor) -> None:
    for row in rows:
        row.version += 1
        row.updated_at = clock.now()
    session.flush()


def _index(session: Session, *rows: Investor) -> None:
    for row in rows:
        make_findable(session, row)
        index_projects_of(session, row.zone_id, row.id)


def _fields(investor: Investor) -> dict[str, Any]:
    values = {name: getattr(investor, name) for name in FIELDS}
    return values | {"investor_type": investor.investor_type.value}


def _tell(session: Session, actor: Actor, kept: Investor, merged: Investor, merge: InvestorMerge) -> None:
    """One entry on each of the two companies and on each project that has another investor now."""
    counts = {kind: len(merge.moved[kind]) for kind in KINDS if merge.moved[kind]}
    old, new = difference(merge.before["kept"], _fields(kept))
    said = {"reason": merge.reason, **counts}
    both: list[tuple[Investor, str, dict[str, Any] | None, dict[str, Any]]] = [
        (kept, "absorb", old or None, {**new, "other_id": merged.id, **said}),
        (merged, "merge", None, {"other_id": kept.id, **said}),
    ]
    for investor, action, before, after in both:
        note(
            session,
            actor,
            action=action,
            entity="investor",
            entity_id=investor.id,
            before=before,
            after=after,
        )
    for key in merge.moved["projects"]:
        _note_project(session, actor, "merge_investor", key, merged.id, kept.id)


def _note_project(session: Session, actor: Actor, action: str, key: int, old: int, new: int) -> None:
    before, after = {"investor_id": old}, {"investor_id": new}
    note(session, actor, action=action, entity="project", entity_id=key, before=before, after=after)
