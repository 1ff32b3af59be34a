"""The entries of a close: those posted, those that would be, and which of them correct earlier months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
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
class Correction:
    """Facts of earlier months that a close posted, changed or took back: how many, of which kind."""

    kind: FactKind
    facts: int


def list_postings(
    session: Session,
    zone_id: int,
    seq: int,
    *,
    kind: FactKind | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> list[Posting]:
    """The entries of step ``seq`` in their order."""
    entry = JournalEntry
    query = select(*(getattr(entry, name) for name in SHOWN))
    query = query.where(entry.zone_id == zone_id, entry.seq == seq).order_by(entry.line)
    if kind is not None:
        query = query.where(entry.kind == kind)
    return _postings(session, query.offset(offset).limit(limit))


def preview_postings(session: Session, difference: Select[Any], *, limit: int = 200) -> list[Posting]:
    """The first entries of ``app.journal.facts.difference``, as a close would post them now."""
    found = difference.subquery("posting")
    query = select(*(found.c[name] for name in SHOWN)).order_by(found.c.line).limit(limit)
    return _postings(session, query)


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
