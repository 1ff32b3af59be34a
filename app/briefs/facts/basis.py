"""What a brief is read from: the close of its month, or today's records while it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.directory.queries import labels
from app.funds.queries import revocation_reasons
from app.journal.models import MonthClose
from app.journal.queries import Corrected, corrected_facts, find_reading, read_books, read_close
from app.journal.rules import LIVE, Basis, FactKind, Reading
from app.kernel.clock import BEIJING
from app.kernel.periods import Month

Data = dict[str, Any]


@dataclass(frozen=True)
class Ground:
    """The reading, that of the month before as it was issued, and the close behind both."""

    reading: Reading
    before: Reading
    close: MonthClose | None


def usual_reading(session: Session, zone: Zone, month: Month) -> Reading:
    """What a brief of ``month`` is read from: its close when it stands closed, else today's records."""
    if read_books(session, zone.id).find(month) is None:
        return LIVE
    return find_reading(session, zone.id, month, Basis.closed)


def find_ground(session: Session, zone: Zone, month: Month, reading: Reading) -> Ground:
    """The close behind ``reading``, and what the month before is read from."""
    if reading.seq is None:
        return Ground(reading, reading, None)
    before = reading
    if reading.issued_before(month) is not None:
        before = find_reading(session, zone.id, month.previous(), Basis.closed)
    return Ground(reading, before, read_close(session, zone.id, reading.seq))


def closed_as(ground: Ground) -> Data:
    """The close in the snapshot: its hash, when it was and whose; nothing while the month is open."""
    if ground.close is None:
        return {}
    at = ground.close.at.astimezone(BEIJING)
    return {
        "close_hash": ground.close.hash,
        "closed_at": at.strftime("%Y-%m-%d %H:%M"),
        "closed_by": ground.close.user_name,
    }


def corrections(session: Session, zone: Zone, ground: Ground) -> list[Data] | None:
    """What the close corrected of earlier months, one by one; None while the month is open."""
    if ground.close is None:
        return None
    step = next(s for s in read_books(session, zone.id).steps if s.seq == ground.reading.seq)
    rows = corrected_facts(session, zone.id, step)
    taken_back = [row.record_id for row in rows if row.kind is FactKind.funds and row.fen is None]
    reasons = revocation_reasons(session, zone.id, taken_back)
    return [_as_data(row) | {"reason": reasons.get(row.record_id, "")} for row in rows]


def _as_data(row: Corrected) -> Data:
    return {
        "kind": row.kind.value,
        "why": row.why.value,
        "changed": list(row.changed),
        "project_id": row.project_id,
        "number": row.number,
        "project": row.project,
        "day_before": row.day_before.isoformat() if row.day_before else None,
        "day": row.day.isoformat() if row.day else None,
        "fen_before": row.fen_before,
        "fen": row.fen,
        "counts": row.counts,
    }


def names_then(session: Session, zone: Zone, reading: Reading, name: str) -> dict[int, str]:
    """Names of a list (area, chain, segment) for the register: as they stood at the close, newer ones as today."""
    return labels(session, zone.id, name) | reading.labels(name)
