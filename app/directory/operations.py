"""Keeping the zone's own lists: adding, renaming, ordering, switching off, marking chains as leading."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.directory.models import Area, Chain, ResponsibleUnit, Segment
from app.directory.queries import LISTS, NAMES, Entry, get_entry, list_entries
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import clean, has_control, name_key

LONGEST = 60


def name_of(entry: Entry) -> str:
    """Which list an entry belongs to: area, unit, chain or segment."""
    kinds = {Area: "area", ResponsibleUnit: "unit", Chain: "chain", Segment: "segment"}
    return kinds[type(entry)]


def add_entry(
    session: Session, actor: Actor, *, list_name: str, name: str, chain_id: int | None = None
) -> Entry:
    """Put a new name at the end of a list; a segment into the chain ``chain_id``.

    Raises ``DomainError`` for an empty, too long or known name, ``NotFoundError`` for an unknown chain.
    """
    known = _siblings(session, actor, list_name, chain_id)
    name = _checked(name, list_name, known)
    entry: Entry
    if list_name == "segment":
        entry = Segment(zone_id=actor.zone_id, chain_id=chain_id, name=name)
    else:
        entry = LISTS[list_name](zone_id=actor.zone_id, name=name)
    entry.position = max((other.position for other in known), default=0) + 1
    session.add(entry)
    session.flush()
    note(session, actor, action="add", entity=list_name, entity_id=entry.id, after={"name": name})
    return entry


def rename_entry(session: Session, actor: Actor, entry: Entry, *, name: str) -> None:
    """Give an entry another name; what refers to it shows the new one. Raises ``DomainError`` like ``add_entry``."""
    list_name = name_of(entry)
    known = [other for other in _siblings_of(session, actor, entry) if other is not entry]
    before, entry.name = entry.name, _checked(name, list_name, known)
    session.flush()
    if entry.name != before:
        values = {"before": {"name": before}, "after": {"name": entry.name}}
        note(session, actor, action="rename", entity=list_name, entity_id=entry.id, **values)


def move_entry(session: Session, actor: Actor, entry: Entry, *, up: bool) -> None:
    """Move an entry one place up or down; at the end of the list nothing happens."""
    entries = _siblings_of(session, actor, entry)
    place = entries.index(entry)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(entries):
        return
    entries[place], entries[other] = entries[other], entries[place]
    for position, each in enumerate(entries, 1):
        each.position = position
    session.flush()
    after = {"position": entry.position}
    note(session, actor, action="move", entity=name_of(entry), entity_id=entry.id, after=after)


def mark_leading(session: Session, actor: Actor, chain: Chain, *, leading: bool) -> None:
    """Say whether a chain is one of the zone's leading ones, which the brief names (主导产业链)."""
    before, chain.leading = chain.leading, leading
    session.flush()
    values = {"before": {"leading": before}, "after": {"leading": leading}}
    note(session, actor, action="mark_leading", entity="chain", entity_id=chain.id, **values)


def switch_entry(session: Session, actor: Actor, entry: Area | ResponsibleUnit | Chain, *, off: bool) -> None:
    """停用 an entry, which old records, filters and figures keep and nobody can choose any more; or 启用 it again.

    With a chain its segments go. Nothing happens where it stands so already.
    """
    if off == (entry.off_at is not None):
        return
    entry.off_at = clock.now() if off else None
    session.flush()
    action = "switch_off" if off else "switch_on"
    after = {"name": entry.name}
    note(session, actor, action=action, entity=name_of(entry), entity_id=entry.id, after=after)


def _siblings_of(session: Session, actor: Actor, entry: Entry) -> list[Entry]:
    chain_id = entry.chain_id if isinstance(entry, Segment) else None
    return _siblings(session, actor, name_of(entry), chain_id)


def _siblings(session: Session, actor: Actor, list_name: str, chain_id: int | None) -> list[Entry]:
    if list_name == "segment" and chain_id is not None:
        get_entry(session, actor.zone_id, "chain", chain_id)
    return list_entries(session, actor.zone_id, list_name, chain_id=chain_id)


def _checked(name: str, list_name: str, known: list[Entry]) -> str:
    name = clean(name)
    title = NAMES[list_name]
    if not name or has_control(name):
        raise DomainError(f"请填写{title}名称", "name")
    if len(name) > LONGEST:
        raise DomainError(f"{title}名称最多 {LONGEST} 个字", "name")
    if any(name_key(other.name) == name_key(name) for other in known):
        raise DomainError(f"名单中已有{title}“{name}”，请换一个名称", "name")
    return name
