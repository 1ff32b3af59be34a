"""Reading the zone's lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.directory.models import Area, Chain, ResponsibleUnit, Segment
from app.kernel.errors import DomainError, NotFoundError

Entry = Area | ResponsibleUnit | Chain | Segment
NAMES = {"area": "片区", "unit": "责任单位", "chain": "产业链", "segment": "环节"}
LISTS: dict[str, type[Area] | type[ResponsibleUnit] | type[Chain]] = {
    "area": Area,
    "unit": ResponsibleUnit,
    "chain": Chain,
}


def labels(session: Session, zone_id: int, name: str) -> dict[int, str]:
    """Ids and names of one list (area, unit, chain, segment) in its own order.

    A segment is named with its chain where two chains have one of the same name.
    """
    if name == "segment":
        return _segment_labels(session, zone_id)
    kind: Any = LISTS[name]
    rows = session.execute(
        select(kind.id, kind.name).where(kind.zone_id == zone_id).order_by(kind.position, kind.id)
    )
    return {row.id: row.name for row in rows}


def get_entry(session: Session, zone_id: int, name: str, entry_id: int) -> Entry:
    """An entry of the list ``name`` (area, unit, chain, segment). Raises ``NotFoundError``."""
    kinds: dict[str, type[Any]] = {**LISTS, "segment": Segment}
    entry: Entry | None = session.get(kinds[name], (zone_id, entry_id)) if name in kinds else None
    if entry is None:
        raise NotFoundError("名单中没有这一项")
    return entry


def list_entries(session: Session, zone_id: int, name: str, *, chain_id: int | None = None) -> list[Entry]:
    """The entries of one list in its own order; the segments of one chain for ``segment``."""
    if name == "segment":
        return [segment for segment in list_segments(session, zone_id) if segment.chain_id == chain_id]
    kind: Any = LISTS[name]
    return list(session.scalars(select(kind).where(kind.zone_id == zone_id).order_by(kind.position, kind.id)))


def list_segments(session: Session, zone_id: int) -> list[Segment]:
    """All segments of the zone, by chain and position."""
    query = (
        select(Segment)
        .join(Chain, (Chain.zone_id == Segment.zone_id) & (Chain.id == Segment.chain_id))
        .where(Segment.zone_id == zone_id)
        .order_by(Chain.position, Chain.id, Segment.position, Segment.id)
    )
    return list(session.scalars(query))


def segment_chain(session: Session, zone_id: int, segment_id: int) -> int | None:
    """The chain that a segment is part of; None when there is no such segment in the zone."""
    query = select(Segment.chain_id).where(Segment.zone_id == zone_id, Segment.id == segment_id)
    return session.scalars(query).one_or_none()


def list_labels(session: Session, zone_id: int, *names: str) -> dict[str, dict[int, str]]:
    """Ids and names of several lists (area, unit, chain) in their own order. One query."""
    arms = [
        select(literal(name).label("list"), kind.id, kind.name, kind.position).where(kind.zone_id == zone_id)
        for name, kind in LISTS.items()
        if name in names
    ]
    rows = session.execute(union_all(*arms).order_by("position", "id"))
    found: dict[str, dict[int, str]] = {name: {} for name in names}
    for row in rows:
        found[row.list][row.id] = row.name
    return found


def list_choices(
    session: Session, zone_id: int, *names: str, keep: Collection[int | None] = ()
) -> dict[str, dict[int, str]]:
    """What a form offers of several lists (area, unit, chain): the entries in use, in their own order. One query.

    Entries of ``keep`` are offered although they are switched off (停用): the record has them already.
    """
    kept = [key for key in keep if key is not None]
    arms = [
        select(literal(name).label("list"), kind.id, kind.name, kind.position, kind.off_at).where(
            kind.zone_id == zone_id, or_(kind.off_at.is_(None), kind.id.in_(kept))
        )
        for name, kind in LISTS.items()
        if name in names
    ]
    found: dict[str, dict[int, str]] = {name: {} for name in names}
    for row in session.execute(union_all(*arms).order_by("position", "id")):
        found[row.list][row.id] = f"{row.name}（已停用）" if row.off_at else row.name
    return found


def check_in_use(
    session: Session, zone_id: int, chosen: Mapping[str, int | None], field: str | None = None
) -> None:
    """Refuse entries that are switched off; ``chosen`` are new ones by list (area, unit, chain). At most one query.

    Raises ``DomainError`` at ``field``, or at the list's own field (unit_id …).
    """
    arms = [
        select(literal(name).label("list"), kind.name).where(
            kind.zone_id == zone_id, kind.id == chosen[name], kind.off_at.is_not(None)
        )
        for name, kind in LISTS.items()
        if chosen.get(name) is not None
    ]
    row = session.execute(union_all(*arms)).first() if arms else None
    if row is not None:
        raise DomainError(f"{NAMES[row.list]}“{row.name}”已停用，请改选其他的", field or f"{row.list}_id")


def leading_chains(session: Session, zone_id: int) -> list[str]:
    """Names of the chains the zone marked as 主导, in order."""
    query = (
        select(Chain.name).where(Chain.zone_id == zone_id, Chain.leading).order_by(Chain.position, Chain.id)
    )
    return list(session.scalars(query))


def _segment_labels(session: Session, zone_id: int) -> dict[int, str]:
    chains = labels(session, zone_id, "chain")
    segments = list_segments(session, zone_id)
    names = [s.name for s in segments]
    return {s.id: s.name if names.count(s.name) == 1 else f"{chains[s.chain_id]}/{s.name}" for s in segments}
