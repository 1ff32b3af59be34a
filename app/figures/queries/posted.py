"""The register (在册) and the money of its projects as the books hold them at a close."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Date, Select, String, case, cast, func, null, or_, select, union_all

from app.db.types import whole_sum
from app.journal.models import JournalEntry
from app.journal.rules import FactKind
from app.pipeline.rules import AFTER_SIGNING

_NAMED = ("chain_id", "segment_id", "area_id", "unit_id", "origin", "number", "investor", "output_fen")


def posted_register(zone_id: int, seq: int, day: dt.date) -> Any:
    """As ``standing.register_on``, from the entries up to step ``seq``; with what its contract's entry says of it.

    Its parts are put under one another and grouped by project: joined, SQLite would walk one for each row of another.
    """
    parts = _contracts(zone_id, seq, day), _totals(zone_id, seq, day), _steps(zone_id, seq, day)
    part = union_all(*parts).subquery("part")
    own = {name: func.max(part.c[name]).label(name) for name in _columns()}
    grouped = select(part.c.project_id, *own.values()).group_by(part.c.project_id)
    # Money and stages of what is no contract at the step, or dissolved by the day, find none here.
    whole = grouped.having(func.max(part.c.signed_on).is_not(None)).subquery("whole")
    last = [(kind.value, whole.c[kind.value]) for kind in reversed(AFTER_SIGNING)]
    return select(
        whole,
        case(*((column.is_not(None), name) for name, column in last), else_="signed").label("stage"),
        func.coalesce(*(column for _name, column in last), whole.c.signed_on).label("stage_on"),
    ).subquery("standing")


def posted_money(zone_id: int, seq: int, day: dt.date) -> Any:
    """As ``standing.arrived_until``, from the entries up to step ``seq``, dated as the zone counts money."""
    entry = JournalEntry
    return (
        select(entry.project_id, whole_sum(entry.sign * entry.amount_fen).label("arrived_fen"))
        .where(
            entry.zone_id == zone_id,
            entry.seq <= seq,
            entry.kind == FactKind.funds,
            entry.on_day <= day,
        )
        .group_by(entry.project_id)
        .subquery("arrived")
    )


def _signed(zone_id: int, seq: int, day: dt.date) -> list[Any]:
    entry = JournalEntry
    alive = or_(entry.ended_on.is_(None), entry.ended_on > day)
    return [
        entry.zone_id == zone_id,
        entry.seq <= seq,
        entry.kind == FactKind.signed,
        entry.on_day <= day,
        alive,
    ]


def _columns() -> dict[str, Any]:
    """The columns of the register beside the project, with their types."""
    days = ("signed_on", *(kind.value for kind in AFTER_SIGNING))
    named = {name: getattr(JournalEntry, name).type for name in _NAMED}
    return {"total_fen": BigInteger, "name": String, **dict.fromkeys(days, Date), **named}


def _part(project_id: Any, **values: Any) -> Select[Any]:
    """A select with the columns of the register; what is not given is empty."""
    filled = (values.get(n, cast(null(), kind)).label(n) for n, kind in _columns().items())
    return select(project_id, *filled)


def _contracts(zone_id: int, seq: int, day: dt.date) -> Select[Any]:
    """The contract of each project that stands: posted and, in all its values, not taken back."""
    entry = JournalEntry
    own = {name: getattr(entry, name) for name in _NAMED} | {"signed_on": entry.on_day, "name": entry.project}
    query = _part(entry.project_id, **own).where(*_signed(zone_id, seq, day), entry.counts == 1)
    return query.group_by(entry.project_id, entry.amount_fen, *own.values()).having(func.sum(entry.sign) > 0)


def _totals(zone_id: int, seq: int, day: dt.date) -> Select[Any]:
    """Contract and supplements of each project; a reversal is below zero."""
    entry = JournalEntry
    query = _part(entry.project_id, total_fen=whole_sum(entry.sign * entry.amount_fen))
    return query.where(*_signed(zone_id, seq, day)).group_by(entry.project_id)


def _steps(zone_id: int, seq: int, day: dt.date) -> Select[Any]:
    """The days of the stages that projects have reached, each a row."""
    entry = JournalEntry
    days = {
        kind.value: func.max(case((entry.kind == FactKind(kind.value), entry.on_day)))
        for kind in AFTER_SIGNING
    }
    query = _part(entry.project_id, **days).where(
        entry.zone_id == zone_id,
        entry.seq <= seq,
        entry.kind.in_([FactKind(kind.value) for kind in AFTER_SIGNING]),
        entry.on_day <= day,
    )
    return query.group_by(entry.project_id, entry.kind, entry.on_day).having(func.sum(entry.sign) > 0)
