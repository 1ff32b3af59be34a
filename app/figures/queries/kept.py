"""What the books have no entries of, kept with a close as it stood: the reserve, and arrivals not recognised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy.orm import Session

from app.figures.queries.backlog import Backlog, BacklogRow, list_backlog, review_backlog
from app.figures.queries.warnings import Reserve, ReserveRow, list_reserve, reserve_on
from app.journal.rules import Reading
from app.kernel.errors import DomainError
from app.pipeline.rules import Stage

_FIELDS = [field.name for field in fields(ReserveRow)]
_BACKLOG_FIELDS = [field.name for field in fields(BacklogRow)]


def keep(session: Session, zone_id: int, day: dt.date) -> dict[str, list[list[Any]]]:
    """What a close keeps of ``day`` beside its entries, fit for JSON; see the functions below."""
    return {
        "reserve": _plain(list_reserve(session, zone_id, day)),
        "backlog": _plain(review_backlog(session, zone_id, day)),
        "backlog_rows": _plain(list_backlog(session, zone_id, day)),
    }


def kept_reserve(session: Session, zone_id: int, day: dt.date, reading: Reading) -> list[ReserveRow]:
    """``list_reserve`` on the basis of ``reading``.

    Raises ``DomainError`` for another day than the close's own, and for a close that kept none.
    """
    if reading.seq is None:
        return list_reserve(session, zone_id, day)
    rows = _kept(reading, "reserve", day)
    if rows is None:
        raise DomainError("储备项目名单只随当月关账留存，这一基准没有；可改用实时数")
    found = [dict(zip(_FIELDS, row, strict=True)) for row in rows]
    return [ReserveRow(**row | {"on_day": _day(row["on_day"])}) for row in found]


def kept_reserve_sums(session: Session, zone_id: int, day: dt.date, reading: Reading) -> Reserve:
    """``reserve_on`` on the basis of ``reading``; of a close that kept none as today's records have it."""
    if _kept(reading, "reserve", day) is None:
        return reserve_on(session, zone_id, day)
    rows = kept_reserve(session, zone_id, day, reading)
    leads = sum(1 for row in rows if row.stage == Stage.lead.value)
    return Reserve(leads, len(rows) - leads, sum(row.intended_fen for row in rows))


def kept_backlog(session: Session, zone_id: int, day: dt.date, reading: Reading) -> list[Backlog]:
    """``review_backlog`` on the basis of ``reading``; of a close that kept none as today's records have it."""
    rows = _kept(reading, "backlog", day)
    return review_backlog(session, zone_id, day) if rows is None else [Backlog(*row) for row in rows]


def kept_backlog_rows(
    session: Session, zone_id: int, day: dt.date, reading: Reading
) -> list[BacklogRow] | None:
    """``list_backlog`` on the basis of ``reading``; None when it kept none."""
    if reading.seq is None:
        return list_backlog(session, zone_id, day)
    rows = _kept(reading, "backlog_rows", day)
    if rows is None:
        return None
    found = [dict(zip(_BACKLOG_FIELDS, row, strict=True)) for row in rows]
    return [BacklogRow(**row | {"on_day": dt.date.fromisoformat(row["on_day"])}) for row in found]


def _kept(reading: Reading, name: str, day: dt.date) -> list[list[Any]] | None:
    month = reading.known_at
    own = month is not None and reading.of(month).last_day == day
    return reading.lists.get(name) if own else None


def _plain(rows: Iterable[Any]) -> list[list[Any]]:
    return [[_text(value) for value in asdict(row).values()] for row in rows]


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
