"""Checking the books: any single row that was altered, removed, added or moved is found and named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, Text, cast, or_, select, type_coerce
from sqlalchemy.orm import Session, undefer

from app.audit.models import AuditEntry
from app.journal.models import JournalEntry, MonthClose
from app.journal.rules import (
    FACT,
    GENESIS,
    LABELS,
    MARK,
    JournalReport,
    digest,
    entry_line,
    instant,
    mark,
)

ENTITY = "month_close"
"""What the audit log calls a step."""
_COLUMNS = ("zone_id", "seq", "sign", "why", "changed", *FACT, *LABELS)
"""Of an entry; its line is the place where it stands."""
_HEAD = (
    "zone_id seq id action year month since until cutoff_day by_recognition at user_id user_name reason"
    " entries posted reversed checks lists alg"
).split()


def read_marks(session: Session, zone_id: int, seq: int) -> tuple[bytes, str, list[int]]:
    """The marks of a step's entries in their order, the hash over them all, and their line numbers."""
    columns = {name: getattr(JournalEntry, name) for name in _COLUMNS}
    # As raw as both engines give them: what was forced in may be no day and no choice.
    for name in ("why", "kind"):
        columns[name] = cast(columns[name], Text).label(name)
    if session.get_bind().dialect.name == "sqlite":
        for name in ("on_day", "ended_on"):
            columns[name] = type_coerce(columns[name], Text).label(name)
    query = select(JournalEntry.line, *columns.values()).order_by(JournalEntry.line)
    body, marks, numbers = sha256(), bytearray(), []
    mine = query.where(JournalEntry.zone_id == zone_id, JournalEntry.seq == seq)
    for row in _streamed(session, mine):
        line = entry_line(row[1:])
        body.update(line)
        marks += mark(line)
        numbers.append(row[0])
    return bytes(marks), body.hexdigest(), numbers


def step_content(close: MonthClose, body: str) -> dict[str, Any]:
    """Everything of a step that its hash covers; ``body`` is the hash over its entries."""
    content: dict[str, Any] = {name: getattr(close, name) for name in _HEAD}
    for name, value in content.items():
        if isinstance(value, dt.datetime):
            content[name] = instant(value)
        elif isinstance(value, dt.date):
            content[name] = value.isoformat()
    return content | {"body": body}


def verify_books(session: Session, zone_id: int) -> JournalReport:
    """Check every step of the zone's books in order, and that the audit log knows the same ones."""
    noted = _noted(session, zone_id)
    steps = entries = 0
    last = GENESIS
    mine = select(MonthClose.seq).where(MonthClose.zone_id == zone_id).order_by(MonthClose.seq)
    for seq in session.scalars(mine).all():
        try:
            close = _load(session, zone_id, seq)
            fault, line = _fault(session, close, steps + 1, last, noted)
        except (KeyError, TypeError, ValueError, LookupError):
            fault, line = f"第{seq}次关账的记录无法读出，被改动过", None
        if fault:
            return JournalReport(steps, entries, last, fault, seq, line)
        steps, entries, last = seq, entries + close.entries, close.hash
    fault, line = _end_fault(session, zone_id, steps, noted)
    return JournalReport(steps, entries, last, fault, steps + 1 if fault else None, line)


def _load(session: Session, zone_id: int, seq: int) -> MonthClose:
    query = select(MonthClose).where(MonthClose.zone_id == zone_id, MonthClose.seq == seq)
    return session.scalars(
        query.options(undefer(MonthClose.marks)).execution_options(populate_existing=True)
    ).one()


def _end_fault(session: Session, zone_id: int, steps: int, noted: dict[int, str]) -> tuple[str, int | None]:
    """What belongs to no step, or was cut off at the end."""
    orphan = session.execute(
        select(JournalEntry.seq, JournalEntry.line)
        .where(JournalEntry.zone_id == zone_id, or_(JournalEntry.seq > steps, JournalEntry.seq < 1))
        .order_by(JournalEntry.seq, JournalEntry.line)
    ).first()
    if orphan is not None:
        return f"第{orphan.line}笔分录属于第{orphan.seq}次关账，账上没有这次关账的记录", orphan.line
    if noted and max(noted) > steps:
        return f"操作记录记有第{max(noted)}次关账或重开，账上没有，末尾的记录被删除", None
    return "", None


def _fault(
    session: Session, close: MonthClose, seq: int, last: str, noted: dict[int, str]
) -> tuple[str, int | None]:
    """What is wrong with a step, and the line of its first wrong entry."""
    if close.seq != seq:
        return f"第{seq}次关账的记录缺失，有记录被删除、添加或改号", None
    name = f"第{seq}次（{close.year}年{close.month}月{close.action.label}）"
    marks, body, numbers = read_marks(session, close.zone_id, close.seq)
    found = _entry_fault(close, marks, numbers)
    if found is not None:
        return name + found[0], found[1]
    if close.prev_hash != last:
        return f"{name}与上一次的哈希不相接", None
    if digest(close.prev_hash, step_content(close, body)) != close.hash:
        return f"{name}的记录与哈希不符，关账记录被改动", None
    if noted.get(close.seq, close.hash) != close.hash:
        return f"{name}与操作记录里记下的哈希不符，此前的账被整体改写过", None
    return "", None


def _entry_fault(close: MonthClose, marks: bytes, numbers: list[int]) -> tuple[str, int | None] | None:
    """The first entry that is not as it was posted."""
    if marks == close.marks and numbers == list(range(1, close.entries + 1)):
        return None
    known = [close.marks[at : at + MARK] for at in range(0, len(close.marks), MARK)]
    for place, number in enumerate(numbers):
        expected = place + 1
        if number > close.entries:
            return f"的第{number}笔分录是后来添加的", number
        if number != expected:
            return f"的第{expected}笔分录被删除", expected
        own = marks[place * MARK : (place + 1) * MARK]
        if place >= len(known) or own != known[place]:
            if own in known:
                return f"的第{expected}笔分录被调换了次序，原为第{known.index(own) + 1}笔", expected
            return f"的第{expected}笔分录被改动", expected
    if len(numbers) < close.entries:
        return f"的第{len(numbers) + 1}笔分录被删除", len(numbers) + 1
    return "的记录与分录不符，关账记录被改动", None


def _noted(session: Session, zone_id: int) -> dict[int, str]:
    """The hash of each step as the audit log noted it."""
    query = select(AuditEntry.after).where(AuditEntry.zone_id == zone_id, AuditEntry.entity == ENTITY)
    found = [after for after in session.scalars(query) if after and "seq" in after]
    return {after["seq"]: after["hash"] for after in found}


def _streamed(session: Session, query: Any) -> Iterator[Row[Any]]:
    with closing(session.execute(query.execution_options(yield_per=5000))) as rows:
        yield from rows
