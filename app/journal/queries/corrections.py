"""What a close corrected of earlier months, each as a brief lists it: the fact before and after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session, aliased

from app.journal.models import JournalEntry
from app.journal.rules import KEY, FactKind, Step, Why


@dataclass(frozen=True)
class Corrected:
    """One fact of an earlier month that a close posted late, changed or took back.

    ``before`` values are None for one posted late, the others None for one taken back; ``changed`` names the
    columns that differ, amounts are fen.
    """

    kind: FactKind
    why: Why
    changed: tuple[str, ...]
    record_id: int
    project_id: int
    number: str
    project: str
    day_before: dt.date | None
    day: dt.date | None
    fen_before: int | None
    fen: int | None
    counts: int
    """1 when the fact is a project by itself, 0 for an increment."""
    voucher: str | None


def corrected_facts(session: Session, zone_id: int, step: Step) -> list[Corrected]:
    """本月调整以前月份数据: the facts that ``list_corrections`` counts, in the order of their kinds and days. One query.

    What the very first close took over is no correction, nor is a contract dissolved in the month.
    """
    if step.seq == 1:
        return []
    entry, other = JournalEntry, aliased(JournalEntry)
    pair = and_(
        *(getattr(other, name) == getattr(entry, name) for name in ("zone_id", "seq", *KEY)),
        other.sign == -entry.sign,
    )
    earliest = case((other.on_day < entry.on_day, other.on_day), else_=entry.on_day)
    own_event = and_(entry.why == Why.changed, entry.changed == "ended_on", entry.ended_on >= step.since)
    # A pair is listed once: by its new entry.
    once = or_(entry.sign == 1, other.sign.is_(None))
    query = (
        select(entry, other.on_day, other.amount_fen)
        .outerjoin(other, pair)
        .where(entry.zone_id == zone_id, entry.seq == step.seq, once, earliest < step.since)
        .where(or_(~own_event, entry.ended_on.is_(None)))
        .order_by(entry.line)
    )
    return [_corrected(*row) for row in session.execute(query).all()]


def _corrected(entry: JournalEntry, day_before: dt.date | None, fen_before: int | None) -> Corrected:
    back = entry.sign == -1
    return Corrected(
        kind=entry.kind,
        why=entry.why,
        changed=tuple(name for name in entry.changed.split(",") if name),
        record_id=entry.record_id,
        project_id=entry.project_id,
        number=entry.number,
        project=entry.project,
        day_before=entry.on_day if back else day_before,
        day=None if back else entry.on_day,
        fen_before=entry.amount_fen if back else fen_before,
        fen=None if back else entry.amount_fen,
        counts=entry.counts,
        voucher=entry.voucher,
    )
