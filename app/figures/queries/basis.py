"""What figures are read from: today's records, or the books up to a close. All other queries ask here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, literal, union_all
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.directory.queries import labels
from app.journal.facts import corrections, facts_by_kind, live_facts, posted_by_kind, standing_facts
from app.journal.rules import Dimension, FactKind, Reading
from app.kernel.periods import Month, Window


def recognition_kinds(zone: Zone) -> frozenset[FactKind]:
    """The kinds of facts this zone counts on the day of recognition."""
    return frozenset(FactKind(part) for part in zone.by_recognition.split(",") if part)


def facts_to_sum(
    reading: Reading,
    zone: Zone,
    days: Window,
    kinds: Collection[FactKind],
    dimensions: Collection[Dimension] = (),
) -> dict[FactKind, Select[Any]]:
    """Facts dated in ``days`` for sums, one select a kind; what the books took back is in them below zero."""
    wanted: dict[str, Any] = {
        "since": days.start,
        "until": days.end,
        "kinds": kinds,
        "dimensions": dimensions,
    }
    if reading.seq is None:
        return facts_by_kind(zone.id, **wanted, by_recognition=recognition_kinds(zone))
    return posted_by_kind(zone.id, reading.seq, **wanted)


def facts_to_list(
    reading: Reading,
    zone: Zone,
    days: Window,
    kinds: Collection[FactKind],
    dimensions: Collection[Dimension] = (),
) -> Any:
    """A subquery of the facts dated in ``days``, each one row; from the books also with its names as posted."""
    wanted: dict[str, Any] = {
        "since": days.start,
        "until": days.end,
        "kinds": kinds,
        "dimensions": dimensions,
    }
    if reading.seq is None:
        facts: Any = live_facts(zone.id, **wanted, by_recognition=recognition_kinds(zone))
    else:
        facts = standing_facts(zone.id, reading.seq, **wanted)
    return facts.subquery("fact")


def facts_of_month(
    reading: Reading,
    zone: Zone,
    month: Month,
    kinds: Collection[FactKind],
    dimensions: Collection[Dimension] = (),
) -> Any:
    """As ``facts_to_list`` for ``month`` as it was issued: with ``late`` 1, what it corrected of earlier months.

    Corrections are counted as they were: what was taken back stands below zero.
    """
    after, before = reading.issued_before(month), before_month(month)
    if after is None or reading.seq is None or before is None:
        raise ValueError("only a month issued after another one has corrections")
    own = standing_facts(
        zone.id,
        reading.seq,
        since=month.window.start,
        until=month.last_day,
        kinds=kinds,
        dimensions=dimensions,
    )
    late = corrections(
        zone.id,
        after,
        reading.seq,
        since=before.start,
        until=before.end,
        kinds=kinds,
        dimensions=dimensions,
    )
    both = union_all(own.add_columns(literal(0).label("late")), late.add_columns(literal(1).label("late")))
    return both.subquery("fact")


def before_month(month: Month) -> Window | None:
    """The days of the year before ``month``; None in January."""
    return None if month.month == 1 else Window(month.ytd.start, month.previous().last_day)


def names_of(session: Session, zone_id: int, reading: Reading, name: str) -> dict[int, str]:
    """Keys and names of one list (unit, area, chain, segment): of today, or as they stood at the close."""
    return labels(session, zone_id, name) if reading.seq is None else reading.labels(name)
