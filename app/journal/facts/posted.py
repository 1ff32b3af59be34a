"""Facts as the journal holds them: the same columns as live facts, read from the entries up to one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, literal, or_, select
from sqlalchemy.orm import aliased

from app.journal.facts.live import ALL_KINDS
from app.journal.models import JournalEntry
from app.journal.rules import COLUMN_OF, Dimension, FactKind


def posted_by_kind(
    zone_id: int,
    seq: int,
    *,
    since: dt.date,
    until: dt.date,
    kinds: Collection[FactKind] = ALL_KINDS,
    dimensions: Collection[Dimension] = (),
) -> dict[FactKind, Select[Any]]:
    """The entries up to step ``seq``, for sums: those of a reversal are below zero, so that pairs add up to nothing."""
    arms = {}
    for kind in FactKind:
        if kind in kinds:
            entry = JournalEntry
            values = [entry.sign * entry.counts, entry.sign * entry.amount_fen]
            query = _entries(entry, zone_id, seq, values, dimensions).add_columns(entry.seq)
            arms[kind] = query.where(entry.kind == kind, entry.on_day.between(since, until))
    return arms


def standing_facts(
    zone_id: int,
    seq: int,
    *,
    since: dt.date,
    until: dt.date,
    kinds: Collection[FactKind] = ALL_KINDS,
    dimensions: Collection[Dimension] = (),
) -> Select[Any]:
    """The facts that stand in the books at step ``seq``: posted and not taken back by then, each one row."""
    entry = JournalEntry
    query = _entries(entry, zone_id, seq, [entry.counts, entry.amount_fen], dimensions)
    query = query.add_columns(entry.number, entry.project, entry.investor, entry.voucher, entry.output_fen)
    chosen = entry.kind.in_(sorted(kinds)), entry.on_day.between(since, until)
    return query.where(*chosen, entry.sign == 1, ~is_reversed(entry, seq))


def corrections(
    zone_id: int,
    after: int,
    seq: int,
    *,
    since: dt.date,
    until: dt.date,
    kinds: Collection[FactKind] = ALL_KINDS,
    dimensions: Collection[Dimension] = (),
) -> Select[Any]:
    """What the steps behind ``after``, up to ``seq``, posted and took back of facts dated ``since`` to ``until``.

    A reversal is below zero. What was posted and taken back between the two (a month closed twice) is left out.
    """
    entry, own = JournalEntry, aliased(JournalEntry)
    values = [entry.sign * entry.counts, entry.sign * entry.amount_fen]
    query = _entries(entry, zone_id, seq, values, dimensions)
    query = query.add_columns(entry.number, entry.project, entry.investor, entry.voucher, entry.output_fen)
    same = [getattr(own, name) == getattr(entry, name) for name in ("zone_id", "kind", "record_id", "part")]
    recent = exists().where(and_(*same, own.sign == 1, own.seq > after, own.seq < entry.seq))
    kept = or_(and_(entry.sign == 1, ~is_reversed(entry, seq)), and_(entry.sign == -1, ~recent))
    chosen = entry.kind.in_(sorted(kinds)), entry.on_day.between(since, until)
    return query.where(*chosen, entry.seq > after, kept)


def is_reversed(entry: Any, seq: int) -> ColumnElement[bool]:
    """Whether a posted entry was taken back later, up to step ``seq``; a fact has at most one entry that stands."""
    later = aliased(JournalEntry)
    same = [getattr(later, name) == getattr(entry, name) for name in ("zone_id", "kind", "record_id", "part")]
    return exists().where(and_(*same, later.sign == -1, later.seq > entry.seq, later.seq <= seq))


def _entries(
    entry: Any, zone_id: int, seq: int, values: list[Any], dimensions: Collection[Dimension]
) -> Select[Any]:
    counts, amount = values
    columns = [
        cast(entry.kind, String).label("kind"),
        entry.record_id,
        entry.project_id,
        entry.on_day,
        counts.label("counts"),
        amount.label("amount_fen"),
        entry.big,
        entry.ended_on,
        *(getattr(entry, COLUMN_OF[d]).label(d.value) for d in sorted(dimensions)),
    ]
    return select(*columns).where(entry.zone_id == literal(zone_id), entry.seq <= seq)
