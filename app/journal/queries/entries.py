"""The entries of a close: those posted, those that would be, and which of them correct earlier months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from app.db.types import whole_sum
from app.journal.models import JournalEntry
from app.journal.rules import KEY, FactKind, Step, Why

SHOWN = (
    "line sign why changed kind record_id part project_id on_day counts amount_fen ended_on unit_id area_id"
    " chain_id number project investor voucher"
).split()


@dataclass(frozen=True)
class Posting:
    """One entry as a person reads it; ``changed`` names columns, ``amount_fen`` is never below zero."""

    line: int
    sign: int
    why: Why
    changed: str
    kind: FactKind
    record_id: int
    part: int
    project_id: int
    on_day: dt.date
    counts: int
    amount_fen: int
    ended_on: dt.date | None
    unit_id: int
    area_id: int | None
    chain_id: int | None
    number: str
    project: str
    investor: str
    voucher: str | None


@dataclass(frozen=True)
class Only:
    """Which entries are wanted; ``corrected`` with ``since``, the first day of the month: what is not its own news."""

    kind: FactKind | None = None
    corrected: bool = False
    since: dt.date | None = None


EVERYTHING = Only()


@dataclass(frozen=True)
class Tally:
    """How many entries of one kind, by their reason; ``earlier``: dated before the month."""

    why: Why
    kind: FactKind
    earlier: bool
    entries: int


@dataclass(frozen=True)
class Correction:
    """Facts of earlier months that a close posted, changed or took back: how many, of which kind."""

    kind: FactKind
    facts: int


def list_postings(
    session: Session,
    zone_id: int,
    seq: int,
    *,
    only: Only = EVERYTHING,
    offset: int = 0,
    limit: int | None = None,
) -> list[Posting]:
    """The entries of step ``seq`` in their order."""
    entry = JournalEntry
    query = select(*(getattr(entry, name) for name in SHOWN))
    query = query.where(entry.zone_id == zone_id, entry.seq == seq).order_by(entry.line)
    return _postings(session, _narrowed(query, entry, only).offset(offset).limit(limit))


def preview_postings(
    session: Session,
    difference: Select[Any],
    *,
    only: Only = EVERYTHING,
    offset: int = 0,
    limit: int | None = 200,
) -> list[Posting]:
    """Entries of ``app.journal.facts.difference`` in their order, as a close would post them now."""
    found = difference.subquery("posting")
    query = select(*(found.c[name] for name in SHOWN)).order_by(found.c.line)
    return _postings(session, _narrowed(query, found.c, only).offset(offset).limit(limit))


def tally_preview(session: Session, difference: Select[Any], since: dt.date) -> list[Tally]:
    """What a close of the month from ``since`` on would post now, counted."""
    return _tallied(session, difference.subquery("posting").c, since)


def tally_postings(session: Session, zone_id: int, seq: int, since: dt.date) -> list[Tally]:
    """What step ``seq`` has posted, counted."""
    entry = JournalEntry
    return _tallied(session, entry, since, entry.zone_id == zone_id, entry.seq == seq)


def _tallied(session: Session, columns: Any, since: dt.date, *conditions: Any) -> list[Tally]:
    earlier = case((columns.on_day < since, 1), else_=0).label("earlier")
    query = select(columns.why, columns.kind, earlier, func.count()).where(*conditions)
    # By their places: PostgreSQL knows no parameter of the grouping as the one of the column.
    rows = session.execute(query.group_by(columns.why, columns.kind, literal_column("3")))
    return [Tally(Why(why), FactKind(kind), bool(before), number) for why, kind, before, number in rows]


def _narrowed(query: Select[Any], columns: Any, only: Only) -> Select[Any]:
    if only.kind is not None:
        query = query.where(columns.kind == only.kind.value)
    if only.corrected:
        query = query.where(or_(columns.why != Why.new.value, columns.on_day < only.since))
    return query


def preview_sums(session: Session, difference: Select[Any]) -> dict[tuple[Why, FactKind], int]:
    """How many entries of each kind a close would post now."""
    found = difference.subquery("posting")
    query = select(found.c.why, found.c.kind, func.count()).group_by(found.c.why, found.c.kind)
    return {(Why(why), FactKind(kind)): number for why, kind, number in session.execute(query)}


def posted_sums(session: Session, zone_id: int, seq: int) -> dict[tuple[Why, FactKind], int]:
    """How many entries of each kind step ``seq`` has posted."""
    entry = JournalEntry
    query = select(entry.why, entry.kind, func.count()).where(entry.zone_id == zone_id, entry.seq == seq)
    return {
        (why, kind): number for why, kind, number in session.execute(query.group_by(entry.why, entry.kind))
    }


def list_corrections(session: Session, zone_id: int, step: Step) -> list[Correction]:
    """本月调整以前月份数据: facts dated before the month of ``step`` that it posted late, changed or took back.

    A contract dissolved in the month changes nothing of earlier months, and what the very first close took
    over is no correction.
    """
    if step.seq == 1:
        return []
    entry, other = JournalEntry, aliased(JournalEntry)
    pair = and_(
        *(getattr(other, name) == getattr(entry, name) for name in ("zone_id", "seq", *KEY)),
        other.sign == -entry.sign,
    )
    earliest = case(
        (and_(other.on_day.is_not(None), other.on_day < entry.on_day), other.on_day), else_=entry.on_day
    )
    own_event = and_(entry.why == Why.changed, entry.changed == "ended_on", entry.ended_on >= step.since)
    # A pair is counted once: by its new entry.
    once = or_(entry.sign == 1, other.sign.is_(None))
    dissolved = case((and_(own_event, entry.sign == 1), 1), else_=0)
    query = (
        select(entry.kind, whole_sum(1 - dissolved))
        .outerjoin(other, pair)
        .where(entry.zone_id == zone_id, entry.seq == step.seq, once, earliest < step.since)
        .group_by(entry.kind)
    )
    return [Correction(FactKind(kind), number) for kind, number in session.execute(query) if number]


def _postings(session: Session, query: Select[Any]) -> list[Posting]:
    rows: Sequence[Any] = session.execute(query).all()
    return [
        Posting(
            **{**row._mapping, "why": Why(row.why), "kind": FactKind(row.kind)}
        )  # choices, not their text
        for row in rows
    ]
