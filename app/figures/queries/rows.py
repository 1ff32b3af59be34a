"""The rows behind a figure: the same facts that were added up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.db.types import whole_sum
from app.directory.models import Area, Chain, ResponsibleUnit
from app.figures.queries.basis import before_month, facts_of_month, facts_to_list
from app.figures.queries.windows import in_window, is_member, window_of
from app.figures.rules import Figure, Measure, WindowName
from app.funds.models import FundArrival
from app.investors.models import Investor
from app.journal.rules import LIVE, Dimension, FactKind, Reading
from app.kernel.periods import Month, Window
from app.pipeline.models import Project

_NAMED_IN_ORDER = (Dimension.unit, Dimension.area, Dimension.chain)
_NAMED = frozenset(_NAMED_IN_ORDER)


@dataclass(frozen=True)
class FactRow:
    """One fact as a person reads it. ``value`` is what it adds to the figure: 1, 0 or fen."""

    project_id: int
    number: str
    project: str
    investor: str
    unit: str
    area: str | None
    chain: str | None
    on_day: dt.date
    amount_fen: int
    value: int
    voucher: str | None
    corrects: bool = False
    """Whether it corrects an earlier month of the year; what was taken back is below zero."""


def list_rows(
    session: Session,
    zone: Zone,
    month: Month,
    figure: Figure,
    window: WindowName | Window,
    *,
    members: Mapping[Dimension, Collection[Any]] | None = None,
    project_id: int | None = None,
    offset: int = 0,
    limit: int | None = None,
    reading: Reading = LIVE,
) -> tuple[list[FactRow], int, int]:
    """The rows of ``figure`` in ``window``, newest first, their number, and the sum of all of them.

    ``members`` narrows to members of dimensions, by their keys (None: 未填). The sum is taken in the
    database over all rows, also when ``limit`` shows only some.
    """
    month = reading.of(month)
    days = window if isinstance(window, Window) else window_of(month, window)
    narrowed = members or {}
    own = {Dimension.unit} if reading.seq is None else _NAMED
    dimensions = own | narrowed.keys()
    if days == month.window and reading.issued_before(month) is not None:
        facts = facts_of_month(reading, zone, month, {figure.kind}, dimensions)
        counted = _as_issued(facts.c, month)
    else:
        facts = facts_to_list(reading, zone, days, {figure.kind}, dimensions)
        counted = in_window(facts.c, days)
    conditions = _conditions(facts.c, counted, figure, narrowed, project_id)
    value = facts.c.counts if figure.measure is Measure.count else facts.c.amount_fen
    number, total = session.execute(select(func.count(), whole_sum(value)).where(*conditions)).one()
    if reading.seq is not None:
        query = select(facts, value.label("value")).where(*conditions).order_by(*_order(facts.c))
        return _posted(session.execute(query.offset(offset).limit(limit)), reading), number, total
    # The page is cut from the facts before they are given names: names are looked up for what is shown.
    page = select(facts.c.record_id, facts.c.project_id, facts.c.unit, facts.c.on_day, facts.c.amount_fen)
    page = page.add_columns(value.label("value")).where(*conditions)
    if offset or limit is not None:
        page = page.order_by(*_order(facts.c)).offset(offset).limit(limit)
    shown = page.subquery("page")
    rows = session.execute(_readable(zone.id, shown, figure.kind).order_by(*_order(shown.c)))
    return [FactRow(**row._mapping) for row in rows], number, total


def sums_of_rows(session: Session, zone: Zone, month: Month, figures: Sequence[Figure]) -> dict[str, int]:
    """The sums of the rows behind ``figures`` from January on, by their codes, as ``list_rows`` takes them. One query."""
    sums = []
    for figure in figures:
        facts = facts_to_list(LIVE, zone, month.ytd, {figure.kind}, {Dimension.unit})
        value = facts.c.counts if figure.measure is Measure.count else facts.c.amount_fen
        conditions = _conditions(facts.c, in_window(facts.c, month.ytd), figure, {}, None)
        sums.append(
            select(literal(figure.code).label("code"), whole_sum(value).label("total")).where(*conditions)
        )
    return {row.code: row.total for row in session.execute(union_all(*sums))}


def _as_issued(columns: Any, month: Month) -> ColumnElement[bool]:
    """The facts of the month itself, and its corrections of earlier months."""
    own, before = and_(columns.late == 0, in_window(columns, month.window)), before_month(month)
    return own if before is None else or_(own, and_(columns.late == 1, in_window(columns, before)))


def _posted(rows: Iterable[Row[Any]], reading: Reading) -> list[FactRow]:
    """Rows of the books by the names they were posted under, and the lists as they stood."""
    units, areas, chains = (reading.labels(dimension.value) for dimension in _NAMED_IN_ORDER)
    return [
        FactRow(
            project_id=row.project_id,
            number=row.number,
            project=row.project,
            investor=row.investor,
            unit=units.get(row.unit, ""),
            area=areas.get(row.area),
            chain=chains.get(row.chain),
            on_day=row.on_day,
            amount_fen=row.amount_fen,
            value=row.value,
            voucher=row.voucher,
            corrects=bool(getattr(row, "late", 0)),
        )
        for row in rows
    ]


def _order(columns: Any) -> tuple[Any, ...]:
    """Newest first; a divided arrival is several facts, told apart by unit."""
    return columns.on_day.desc(), columns.record_id, columns.unit


def _conditions(
    columns: Any,
    counted: ColumnElement[bool],
    figure: Figure,
    narrowed: Mapping[Dimension, Collection[Any]],
    project_id: int | None,
) -> list[ColumnElement[bool]]:
    conditions = [counted]
    if figure.big_only:
        conditions.append(columns.big == 1)
    if project_id is not None:
        conditions.append(columns.project_id == project_id)
    return [*conditions, *(is_member(columns[d.value], keys) for d, keys in narrowed.items())]


def _readable(zone_id: int, facts: Any, kind: FactKind) -> Any:
    voucher = FundArrival.voucher if kind is FactKind.funds else func.nullif("", "")
    query = (
        select(
            facts.c.project_id,
            Project.number,
            Project.name.label("project"),
            Investor.name.label("investor"),
            ResponsibleUnit.name.label("unit"),
            Area.name.label("area"),
            Chain.name.label("chain"),
            facts.c.on_day,
            facts.c.amount_fen,
            facts.c.value,
            voucher.label("voucher"),
        )
        .join(Project, and_(Project.zone_id == zone_id, Project.id == facts.c.project_id))
        .join(Investor, and_(Investor.zone_id == zone_id, Investor.id == Project.investor_id))
        .join(ResponsibleUnit, and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == facts.c.unit))
        .outerjoin(Area, and_(Area.zone_id == zone_id, Area.id == Project.area_id))
        .outerjoin(Chain, and_(Chain.zone_id == zone_id, Chain.id == Project.chain_id))
    )
    if kind is FactKind.funds:
        query = query.join(
            FundArrival, and_(FundArrival.zone_id == zone_id, FundArrival.id == facts.c.record_id)
        )
    return query
