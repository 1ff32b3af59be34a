"""The steps of the books, and what figures of a month are read from."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.directory.queries import labels, list_segments
from app.journal.models import CloseWaiver, MonthClose
from app.journal.rules import LIVE, Basis, Books, CloseAction, ClosedSpan, Reading, Step
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.pipeline.models import Contract, Project
from app.pipeline.rules import ContractKind
from app.targets.models import AnnualTarget

LISTS = ("unit", "area", "chain", "segment")


def read_books(session: Session, zone_id: int) -> Books:
    """All steps of the zone. One query."""
    columns = [getattr(MonthClose, part.name) for part in fields(Step)]
    rows = session.execute(select(*columns).where(MonthClose.zone_id == zone_id).order_by(MonthClose.seq))
    return Books(tuple(Step(**row._mapping) for row in rows))


def closed_span_columns(zone_id: Any) -> list[Any]:
    """Two columns, for a query of one row: the first and the last month that stand closed, as year × 100 + month.

    ``zone_id`` may be a parameter.
    """
    close, later = aliased(MonthClose), aliased(MonthClose)
    month = close.year * 100 + close.month
    reopened = exists().where(
        later.zone_id == close.zone_id,
        later.year == close.year,
        later.month == close.month,
        later.seq > close.seq,
    )
    standing = close.zone_id == zone_id, close.action == CloseAction.close, ~reopened
    return [
        select(each).where(*standing).correlate(None).scalar_subquery()
        for each in (func.min(month), func.max(month))
    ]


def closed_span_of(first: int | None, last: int | None) -> ClosedSpan:
    """What ``closed_span_columns`` gave."""
    ends = [None if end is None else (end // 100, end % 100) for end in (first, last)]
    return ClosedSpan(*ends)


def closed_span(session: Session, zone_id: int) -> ClosedSpan:
    """Which months of the zone stand closed. One query."""
    return closed_span_of(*session.execute(select(*closed_span_columns(zone_id))).one())


def read_close(session: Session, zone_id: int, seq: int) -> MonthClose:
    """One step with its checklist and lists, for its record. Raises ``DomainError`` for none."""
    query = select(MonthClose).where(MonthClose.zone_id == zone_id, MonthClose.seq == seq)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise DomainError("没有这次关账记录")
    return found


def find_reading(
    session: Session, zone_id: int, month: Month, basis: Basis, *, known_at: Month | None = None
) -> Reading:
    """What figures of ``month`` are read from on ``basis``.

    ``known_at`` names the later close of ``restated``; None: the last one. Raises ``DomainError`` for a month
    that was never closed, or is open again.
    """
    if basis is Basis.live:
        return LIVE
    books = read_books(session, zone_id)
    if basis is Basis.closed:
        step = books.get(month)
    elif known_at is not None:
        step = books.get(known_at)
    elif books.last is None:
        raise DomainError("本区尚未关过账，没有重述数；可改用实时数")
    else:
        step = books.last
    if (step.year, step.month) < (month.year, month.month):
        raise DomainError(f"{step.period.label}的关账不含{month.label}的数，请选{month.label}或以后的关账")
    lists = session.scalars(
        select(MonthClose.lists).where(MonthClose.zone_id == zone_id, MonthClose.seq == step.seq)
    ).one()
    own = books.find(month)
    cutoff = own.cutoff_day if own else step.cutoff_day
    issued = [s for s in books.standing.values() if s.year == month.year and s.month < month.month]
    earlier = (
        tuple(((s.year, s.month), s.seq) for s in issued if s.seq < step.seq) if basis is Basis.closed else ()
    )
    return Reading(basis, step.seq, step.period, cutoff, earlier, lists)


def list_waivers(session: Session, zone_id: int, month: Month) -> list[CloseWaiver]:
    """The waivers given for ``month``, oldest first."""
    query = select(CloseWaiver).where(
        CloseWaiver.zone_id == zone_id, CloseWaiver.year == month.year, CloseWaiver.month == month.month
    )
    return list(session.scalars(query.order_by(CloseWaiver.at, CloseWaiver.id)))


def current_lists(session: Session, zone_id: int) -> dict[str, list[list[Any]]]:
    """The zone's lists and targets of today, as a close keeps them.

    ``unit``, ``area``, ``chain``: key and name; ``segment``: key, name as figures write it, chain, own name;
    ``target``: year, figure, unit (None: the whole zone), value; ``handed``: project and the unit that answers for
    it, where it is not the one that signed.
    """
    found: dict[str, list[list[Any]]] = {
        name: [[key, label] for key, label in labels(session, zone_id, name).items()] for name in LISTS
    }
    segments = {segment.id: segment for segment in list_segments(session, zone_id)}
    found["segment"] = [
        [key, label, segments[key].chain_id, segments[key].name] for key, label in found["segment"]
    ]
    target = AnnualTarget
    query = select(target.year, target.figure, target.unit_id, target.value).where(target.zone_id == zone_id)
    rows = session.execute(query.order_by(target.year, target.figure, target.unit_id, target.id))
    found["target"] = sorted(([*row] for row in rows), key=lambda row: (row[0], row[1], row[2] or 0))
    found["handed"] = _handed_over(session, zone_id)
    return found


def _handed_over(session: Session, zone_id: int) -> list[list[Any]]:
    """Projects that another unit answers for than the one that signed, with that unit."""
    signed = and_(
        Contract.zone_id == Project.zone_id,
        Contract.project_id == Project.id,
        Contract.kind == ContractKind.formal,
        Contract.unit_id != Project.unit_id,
    )
    query = select(Project.id, Project.unit_id).join(Contract, signed).where(Project.zone_id == zone_id)
    return [[*row] for row in session.execute(query.order_by(Project.id))]
