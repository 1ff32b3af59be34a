"""The list of arrivals: one filter for rows, sums and exports alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, literal_column, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.db.types import whole_sum
from app.directory.models import ResponsibleUnit
from app.funds.models import FundArrival
from app.funds.rules import FundSource, ReviewState
from app.investors.models import Investor
from app.kernel.text import narrow
from app.pipeline.models import Project
from app.pipeline.queries import has_text


class ArrivalOrder(StrEnum):
    """What the list can be sorted by."""

    arrived = "arrived"
    amount = "amount"
    waiting = "waiting"


@dataclass(frozen=True)
class ArrivalFilter:
    """What a reader asked for; an empty field does not narrow. Days are days of arrival, both included.

    Void arrivals are found only by asking for that state.
    """

    states: tuple[ReviewState, ...] = ()
    units: tuple[int, ...] = ()
    sources: tuple[FundSource, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    text: str = ""
    """Part of the project's name or number, the investor's name or the evidence number."""


@dataclass(frozen=True)
class ArrivalRow:
    """One line of the list; the unit is the one responsible on the day of arrival."""

    id: int
    project_id: int
    project: str
    number: str
    investor: str
    unit: str
    unit_id: int
    arrived_on: dt.date
    currency: str
    original_minor: int
    rate_millionths: int
    amount_fen: int
    claimed_fen: int
    source: FundSource
    purpose: str
    voucher: str
    state: ReviewState
    recorded_by: int | None
    recorded_name: str
    recorded_at: dt.datetime
    reviewed_name: str
    reviewed_at: dt.datetime | None
    return_reason: str
    version: int


@dataclass(frozen=True)
class ArrivalSums:
    """Number and fen of all arrivals that match a filter, by review state; ``known`` counts all of the zone."""

    by_state: dict[ReviewState, tuple[int, int]]
    known: dict[ReviewState, int]

    @property
    def arrivals(self) -> int:
        """How many match."""
        return sum(number for number, _fen in self.by_state.values())

    @property
    def amount_fen(self) -> int:
        """Fen of all that match, whatever their state."""
        return sum(fen for _number, fen in self.by_state.values())

    def of(self, state: ReviewState) -> tuple[int, int]:
        """Number and fen of those in one state that match."""
        return self.by_state.get(state, (0, 0))


def list_arrivals(
    session: Session,
    zone_id: int,
    wanted: ArrivalFilter,
    *,
    order: ArrivalOrder = ArrivalOrder.arrived,
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
) -> list[ArrivalRow]:
    """The arrivals that match, in order, from ``offset`` on. One query."""
    return list(
        iter_arrivals(
            session, zone_id, wanted, order=order, descending=descending, offset=offset, limit=limit
        )
    )


def iter_arrivals(
    session: Session,
    zone_id: int,
    wanted: ArrivalFilter,
    *,
    order: ArrivalOrder = ArrivalOrder.arrived,
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
) -> Iterator[ArrivalRow]:
    """The same, a thousand at a time, for an export."""
    key = {
        ArrivalOrder.arrived: FundArrival.arrived_on,
        ArrivalOrder.amount: FundArrival.amount_fen,
        ArrivalOrder.waiting: FundArrival.recorded_at,
    }[order]
    picked = select(FundArrival.id, key.label("key")).where(*_conditions(zone_id, wanted))
    picked = picked.order_by(*_direction(key, FundArrival.id, descending)).offset(offset)
    page = (picked if limit is None else picked.limit(limit)).subquery("page")
    query = _readable(zone_id, page).order_by(*_direction(page.c.key, page.c.id, descending))
    for row in session.execute(query, execution_options={"yield_per": 1000}):
        yield ArrivalRow(**row._mapping)


def arrival_sums(session: Session, zone_id: int, wanted: ArrivalFilter) -> ArrivalSums:
    """Number and amount of all arrivals that match, by state. One query over the zone."""
    matching = (
        select(
            literal(1).label("matching"), FundArrival.state, func.count(), whole_sum(FundArrival.amount_fen)
        )
        .where(*_conditions(zone_id, wanted))
        .group_by(FundArrival.state)
    )
    known = (
        select(literal(0), FundArrival.state, func.count(), literal(0))
        .where(FundArrival.zone_id == zone_id)
        .group_by(FundArrival.state)
    )
    rows = session.execute(union_all(matching, known)).all()
    return ArrivalSums(
        {state: (number, fen) for one, state, number, fen in rows if one},
        {state: number for one, state, number, _fen in rows if not one},
    )


def _conditions(zone_id: int, wanted: ArrivalFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [FundArrival.zone_id == zone_id]
    for column, members in (
        (FundArrival.state, wanted.states),
        (FundArrival.unit_id, wanted.units),
        (FundArrival.source, wanted.sources),
    ):
        if members:
            conditions.append(column.in_(members))
    if not wanted.states:
        conditions.append(FundArrival.state != ReviewState.voided)
    if wanted.since:
        conditions.append(FundArrival.arrived_on >= wanted.since)
    if wanted.until:
        conditions.append(FundArrival.arrived_on <= wanted.until)
    if wanted.text.strip():
        conditions.append(_has_text(zone_id, wanted))
    return conditions


def _has_text(zone_id: int, wanted: ArrivalFilter) -> ColumnElement[bool]:
    """Whether the text is part of what names the project, or of the evidence number.

    Numbers are read from their index alone, so that no arrival is looked at but those found. It leaves out void ones,
    which are asked themselves.
    """

    def part(of: type[FundArrival]) -> ColumnElement[bool]:
        return func.lower(of.voucher).contains(narrow(wanted.text).lower(), autoescape=True)

    projects = select(Project.id).where(Project.zone_id == zone_id, has_text(zone_id, wanted.text))
    one, other = aliased(FundArrival), aliased(FundArrival)
    numbers = select(one.voucher).where(one.zone_id == zone_id, *_numbered(one), part(one))
    number = numbers.cte("numbers").prefix_with("MATERIALIZED")
    numbered = select(other.id).join(number, number.c.voucher == other.voucher)
    numbered = numbered.where(other.zone_id == zone_id, *_numbered(other))
    found: list[ColumnElement[bool]] = [FundArrival.project_id.in_(projects), FundArrival.id.in_(numbered)]
    if ReviewState.voided in wanted.states:
        found.append(and_(FundArrival.state == ReviewState.voided, part(FundArrival)))
    return or_(*found)


def _numbered(of: type[FundArrival]) -> list[ColumnElement[bool]]:
    """The condition of the index of evidence numbers, word for word; the first one makes both engines take it."""
    empty: ColumnElement[str] = literal_column("''")
    void: ColumnElement[str] = literal_column(f"'{ReviewState.voided.value}'")
    return [of.voucher > empty, of.voucher != empty, of.state != void]


def _direction(key: Any, identity: Any, descending: bool) -> tuple[Any, Any]:
    return (key.desc(), identity.desc()) if descending else (key.asc(), identity.asc())


def _readable(zone_id: int, page: Any) -> Any:
    query: Any = (
        select(
            FundArrival.id,
            FundArrival.project_id,
            Project.name.label("project"),
            Project.number,
            Investor.name.label("investor"),
            ResponsibleUnit.name.label("unit"),
            FundArrival.unit_id,
            FundArrival.arrived_on,
            FundArrival.currency,
            FundArrival.original_minor,
            FundArrival.rate_millionths,
            FundArrival.amount_fen,
            FundArrival.claimed_fen,
            FundArrival.source,
            FundArrival.purpose,
            FundArrival.voucher,
            FundArrival.state,
            FundArrival.recorded_by,
            FundArrival.recorded_name,
            FundArrival.recorded_at,
            FundArrival.reviewed_name,
            FundArrival.reviewed_at,
            FundArrival.return_reason,
            FundArrival.version,
        )
        .select_from(page)
        .join(FundArrival, and_(FundArrival.zone_id == zone_id, FundArrival.id == page.c.id))
        .join(Project, and_(Project.zone_id == zone_id, Project.id == FundArrival.project_id))
        .join(Investor, and_(Investor.zone_id == zone_id, Investor.id == Project.investor_id))
        .join(
            ResponsibleUnit,
            and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == FundArrival.unit_id),
        )
    )
    return query
