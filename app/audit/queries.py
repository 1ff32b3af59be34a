"""Reading the audit log, and checking that nobody has touched it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, and_, cast, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, AuditHead
from app.audit.rules import GENESIS, ChainReport, Head, digest, instant
from app.kernel import clock
from app.kernel.errors import NotFoundError

_HASHED = (
    "zone_id seq id at actor_id actor_name session_id address request_id action entity entity_id before after alg"
).split()


def list_entries(
    session: Session, zone_id: int, subjects: Mapping[str, Collection[int]], *, limit: int = 200
) -> list[AuditEntry]:
    """The entries about the records named (``{entity: ids}``), newest first."""
    about = [
        and_(AuditEntry.entity == entity, AuditEntry.entity_id.in_(ids))
        for entity, ids in subjects.items()
        if ids
    ]
    query = select(AuditEntry).where(AuditEntry.zone_id == zone_id, or_(*about))
    return list(session.scalars(query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)))


def get_entry(session: Session, zone_id: int, entity: str, entity_id: int, seq: int) -> AuditEntry:
    """One entry about one record. Raises ``NotFoundError``, also for one about another record."""
    mine = AuditEntry.zone_id == zone_id, AuditEntry.seq == seq
    about = AuditEntry.entity == entity, AuditEntry.entity_id == entity_id
    found = session.scalars(select(AuditEntry).where(*mine, *about)).one_or_none()
    if found is None:
        raise NotFoundError("没有这条操作记录，可能属于另一个项目")
    return found


def verify_chain(session: Session, zone_id: int, known: Head | None = None) -> ChainReport:
    """Check the zone's chain from its first entry to its end.

    ``known`` is an end that was noted earlier, outside the database: whoever rewrites the whole chain
    cannot rewrite that.
    """
    found = session.execute(select(AuditHead.seq, AuditHead.hash).where(AuditHead.zone_id == zone_id)).first()
    end = Head(found.seq, found.hash) if found else Head(0, GENESIS)
    last = Head(0, GENESIS)
    with closing(_rows(session, zone_id)) as rows:
        for row in rows:
            seq = last.seq + 1
            reason = _objection(row, last)
            if not reason and known is not None and known.seq == seq and known.hash != row.hash:
                reason = "与先前记下的链尾不符，此前的记录被整体改写过"
            if reason:
                return ChainReport(last.seq, end, seq, reason)
            last = Head(row.seq, row.hash)
    if last != end:
        return ChainReport(
            last.seq, end, min(last.seq, end.seq) + 1, "末尾的记录与链尾不符，有记录被删除或添加"
        )
    if known is not None and known.seq > last.seq:
        return ChainReport(last.seq, end, last.seq + 1, "比先前记下的链尾短，末尾的记录被删除")
    return ChainReport(last.seq, end)


def _rows(session: Session, zone_id: int) -> Generator[Row[Any]]:
    """The zone's entries in their order, as raw as both engines give them: what was forced in may be no JSON."""
    columns = {name: getattr(AuditEntry, name) for name in [*_HASHED, "prev_hash", "hash"]}
    for name in ("before", "after"):
        columns[name] = cast(columns[name], Text).label(name)
    if session.get_bind().dialect.name == "sqlite":
        columns["at"] = type_coerce(AuditEntry.at, Text).label("at")
    query = select(*columns.values()).where(AuditEntry.zone_id == zone_id).order_by(AuditEntry.seq)
    with session.execute(query.execution_options(yield_per=2000)) as rows:
        yield from rows


def _objection(row: Row[Any], last: Head) -> str:
    """Why the row cannot follow ``last``; empty when it does."""
    if row.seq != last.seq + 1:
        return "序号中断，有记录被删除、添加或改号"
    if row.prev_hash != last.hash:
        return "与上一条记录不衔接"
    try:
        content = {name: getattr(row, name) for name in _HASHED}
        content["at"] = instant(_as_instant(row.at))
        for name in ("before", "after"):
            content[name] = None if content[name] is None else json.loads(content[name])
        whole = digest(row.prev_hash, content) == row.hash
    except (KeyError, TypeError, ValueError):
        whole = False
    return "" if whole else "内容与校验值不符，记录被改动"


def _as_instant(value: dt.datetime | str) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)


@dataclass(frozen=True)
class AuditFilter:
    """What the auditor looks for; every condition narrows. Days are Beijing's, the last one included.

    ``text`` is looked for in the values before and after, but for those of the kinds in ``closed``;
    ``records`` are ids of records found by their names.
    """

    who: str = ""
    entity: str = ""
    records: tuple[int, ...] | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    text: str = ""
    closed: tuple[str, ...] = ()


def count_entries(session: Session, zone_id: int, wanted: AuditFilter) -> int:
    """How many entries match."""
    query = select(func.count()).select_from(AuditEntry).where(*_conditions(zone_id, wanted))
    return session.scalars(query).one()


def search_entries(
    session: Session, zone_id: int, wanted: AuditFilter, *, offset: int, limit: int
) -> list[AuditEntry]:
    """One page of the entries that match, newest first."""
    query = select(AuditEntry).where(*_conditions(zone_id, wanted)).order_by(AuditEntry.seq.desc())
    return list(session.scalars(query.offset(offset).limit(limit)))


def iter_entries(
    session: Session, zone_id: int, wanted: AuditFilter, *, size: int
) -> Generator[Sequence[AuditEntry]]:
    """All entries that match, oldest first, ``size`` at a time."""
    last = 0
    while True:
        query = select(AuditEntry).where(*_conditions(zone_id, wanted), AuditEntry.seq > last)
        found = session.scalars(query.order_by(AuditEntry.seq).limit(size)).all()
        if not found:
            return
        last = found[-1].seq
        yield found
        session.expunge_all()


def _conditions(zone_id: int, wanted: AuditFilter) -> list[ColumnElement[bool]]:
    found = [AuditEntry.zone_id == zone_id]
    if wanted.who:
        found.append(AuditEntry.actor_name.icontains(wanted.who, autoescape=True))
    if wanted.entity:
        found.append(AuditEntry.entity == wanted.entity)
    if wanted.records is not None:
        found.append(AuditEntry.entity_id.in_(wanted.records))
    if wanted.since:
        found.append(AuditEntry.at >= _midnight(wanted.since))
    if wanted.until:
        found.append(AuditEntry.at < _midnight(wanted.until + dt.timedelta(days=1)))
    if wanted.text:
        written = json.dumps(wanted.text)[1:-1]  # as it stands in the stored JSON
        values = (AuditEntry.before, AuditEntry.after)
        found.append(or_(*(cast(value, Text).icontains(written, autoescape=True) for value in values)))
        found.append(AuditEntry.entity.not_in(wanted.closed))
    return found


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), clock.BEIJING)
