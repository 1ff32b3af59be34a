"""Companies with their projects, what was signed and what was recognised; and the figures that hang on one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Zone
from app.db.types import whole_sum
from app.figures.queries.basis import recognition_kinds
from app.figures.queries.windows import in_window, window_of
from app.figures.rules import CATALOGUE, Figure, Measure, Values, WindowName
from app.funds.models import FundArrival
from app.funds.rules import ReviewState
from app.investors.models import Contact, Investor
from app.investors.queries import InvestorFilter, matches
from app.investors.rules import InvestorType
from app.journal.facts import facts_by_kind
from app.journal.rules import FactKind
from app.kernel.periods import Month
from app.pipeline.models import Project

MOVING = ("signed.count", "signed.amount", "started.count", "produced.count", "funds.amount")
"""The figures that a company's origin or type breaks down."""


class CompanyOrder(StrEnum):
    """What the list of companies can be sorted by."""

    name = "name"
    projects = "projects"
    total = "total"
    recognised = "recognised"


@dataclass(frozen=True)
class CompanyRow:
    """One line of the list; ``total_fen`` is what its signed projects come to, ``kept`` what it was merged into."""

    id: int
    name: str
    uscc: str | None
    origin: str | None
    investor_type: InvestorType
    parent: str | None
    kept: str | None
    projects: int
    contacts: int
    total_fen: int
    recognised_fen: int


@dataclass(frozen=True)
class CompanySums:
    """Sums over every company that matches a filter."""

    companies: int
    projects: int
    total_fen: int
    recognised_fen: int


@dataclass(frozen=True)
class OriginCount:
    """The companies of one origin: standing ones, those of them with projects, and merged ones."""

    origin: str | None
    standing: int
    with_projects: int
    merged: int


@dataclass(frozen=True)
class YearOfMoney:
    """What a company signed and what was recognised for it in one statistical year."""

    year: int
    signed: int
    signed_fen: int
    recognised_fen: int


def list_companies(session: Session, zone_id: int, wanted: InvestorFilter, **page: Any) -> list[CompanyRow]:
    """The companies that match, in order; ``offset`` and ``limit`` as in ``iter_companies``. One query."""
    return list(iter_companies(session, zone_id, wanted, **page))


def iter_companies(
    session: Session,
    zone_id: int,
    wanted: InvestorFilter,
    *,
    order: CompanyOrder = CompanyOrder.total,
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
) -> Iterator[CompanyRow]:
    """The same, a thousand at a time, for an export."""
    key = _key(zone_id, order)
    picked = select(Investor.id, key.label("key")).where(*_conditions(zone_id, wanted))
    picked = _ordered(picked, key, Investor.id, descending).offset(offset)
    page = (picked if limit is None else picked.limit(limit)).subquery("page")
    query = _ordered(_readable(zone_id, page), page.c.key, page.c.id, descending)
    for row in session.execute(query, execution_options={"yield_per": 1000}):
        yield CompanyRow(**row._mapping)


def company_rows(session: Session, zone_id: int, ids: Collection[int]) -> dict[int, CompanyRow]:
    """The lines of certain companies. One query."""
    page = select(Investor.id).where(Investor.zone_id == zone_id, Investor.id.in_(ids)).subquery("page")
    rows = (CompanyRow(**row._mapping) for row in session.execute(_readable(zone_id, page)))
    return {row.id: row for row in rows}


def company_sums(session: Session, zone_id: int, wanted: InvestorFilter) -> CompanySums:
    """Sums over all companies that match. One query."""
    ids = select(Investor.id).where(*_conditions(zone_id, wanted))
    mine = (Project.zone_id == zone_id, Project.investor_id.in_(ids))
    recognised = (
        select(whole_sum(FundArrival.amount_fen))
        .join(Project, and_(Project.zone_id == zone_id, Project.id == FundArrival.project_id))
        .where(*mine, FundArrival.zone_id == zone_id, FundArrival.state == ReviewState.recognised)
    )
    projects = select(func.count(), whole_sum(_signed_total())).where(*mine).subquery()
    count, total = projects.c
    companies = select(func.count()).select_from(ids.subquery()).scalar_subquery()
    row = session.execute(select(companies, count, total, recognised.scalar_subquery())).one()
    return CompanySums(*row)


def count_by_origin(session: Session, zone_id: int) -> list[OriginCount]:
    """All companies of a zone by origin, those without one last. One query."""
    stands = Investor.merged_into_id.is_(None)
    sums = [
        whole_sum(case((condition, 1), else_=0))
        for condition in (stands, and_(stands, _has_projects(zone_id)), ~stands)
    ]
    query: Any = select(Investor.origin, *sums).where(Investor.zone_id == zone_id).group_by(Investor.origin)
    rows = [OriginCount(*row) for row in session.execute(query)]
    return sorted(rows, key=lambda row: (row.origin is None, -row.standing, row.origin or ""))


def money_by_year(session: Session, zone: Zone, ids: Collection[int]) -> list[YearOfMoney]:
    """What the companies signed and what was recognised, by statistical year, newest first. One query."""
    years: dict[int, list[int]] = {}
    for kind, day, ended, counts, fen in session.execute(_facts_by_day(zone, ids)):
        year = Month.of(day, zone.cutoff_day).year
        if ended is not None and Month.of(ended, zone.cutoff_day).year <= year:
            continue
        sums = years.setdefault(year, [0, 0, 0])
        if kind == FactKind.funds:
            sums[2] += fen
        else:
            sums[0] += counts
            sums[1] += fen
    return [YearOfMoney(year, *sums) for year, sums in sorted(years.items(), reverse=True)]


def moving_figures(
    session: Session, zone: Zone, month: Month, ids: Collection[int]
) -> list[tuple[Figure, Values]]:
    """The part that the companies have in the live figures of ``month``: what a changed origin takes along.

    Figures in which they have no part are left out. One query for each kind of fact.
    """
    figures = [CATALOGUE[code] for code in MOVING]
    arms = facts_by_kind(
        zone.id,
        since=month.last_year.ytd.start,
        until=month.ytd.end,
        kinds={figure.kind for figure in figures},
        by_recognition=recognition_kinds(zone),
    )
    found = []
    for figure in figures:
        facts = _of(zone.id, arms[figure.kind], ids).subquery("fact")
        value = facts.c.counts if figure.measure is Measure.count else facts.c.amount_fen
        sums = [
            whole_sum(case((in_window(facts.c, window_of(month, name)), value), else_=0))
            for name in WindowName
        ]
        values = Values(*list(session.execute(select(*sums)).one()))
        if any((values.month, values.ytd, values.last_year_ytd)):
            found.append((figure, values))
    return found


def _facts_by_day(zone: Zone, ids: Collection[int]) -> Any:
    arms = facts_by_kind(
        zone.id,
        since=dt.date(1980, 1, 1),
        until=dt.date(2199, 12, 31),
        kinds={FactKind.signed, FactKind.funds},
        by_recognition=recognition_kinds(zone),
    )
    parts = []
    for arm in arms.values():
        fact = _of(zone.id, arm, ids).subquery()
        sums = whole_sum(fact.c.counts), whole_sum(fact.c.amount_fen)
        keys = fact.c.kind, fact.c.on_day, fact.c.ended_on
        parts.append(select(*keys, *sums).group_by(*keys))
    return parts[0].union_all(*parts[1:])


def _of(zone_id: int, arm: Select[Any], ids: Collection[int]) -> Select[Any]:
    """The facts of the companies' projects."""
    mine = select(Project.id).where(Project.zone_id == zone_id, Project.investor_id.in_(ids))
    return arm.where(arm.selected_columns.project_id.in_(mine))


def _conditions(zone_id: int, wanted: InvestorFilter) -> list[ColumnElement[bool]]:
    found = matches(zone_id, wanted)
    if wanted.with_projects is not None:
        has = _has_projects(zone_id)
        found.append(has if wanted.with_projects else ~has)
    return found


def _has_projects(zone_id: int) -> ColumnElement[bool]:
    return exists().where(Project.zone_id == zone_id, Project.investor_id == Investor.id)


def _signed_total() -> ColumnElement[int]:
    return case((Project.signed_on.is_not(None), func.coalesce(Project.total_fen, 0)), else_=0)


def _of_projects(zone_id: int, value: Any) -> ColumnElement[int]:
    query = select(value).where(Project.zone_id == zone_id, Project.investor_id == Investor.id)
    return query.correlate(Investor).scalar_subquery()


def _recognised(zone_id: int) -> ColumnElement[int]:
    """Money of a company by way of its projects: joined, SQLite would read all money of the zone for each company."""
    own = select(Project.id).where(Project.zone_id == zone_id, Project.investor_id == Investor.id)
    return (
        select(whole_sum(FundArrival.amount_fen))
        .where(
            FundArrival.zone_id == zone_id,
            FundArrival.project_id.in_(own.correlate(Investor)),
            FundArrival.state == ReviewState.recognised,
        )
        .correlate(Investor)
        .scalar_subquery()
    )


def _key(zone_id: int, order: CompanyOrder) -> ColumnElement[Any]:
    if order is CompanyOrder.name:
        return Investor.name_pinyin.expression
    if order is CompanyOrder.recognised:
        return _recognised(zone_id)
    if order is CompanyOrder.projects:
        return _of_projects(zone_id, func.count())
    return _of_projects(zone_id, whole_sum(_signed_total()))


def _ordered(query: Select[Any], key: Any, identity: Any, descending: bool) -> Select[Any]:
    """Equal ones by identity, so that pages never overlap."""
    return query.order_by(key.desc(), identity.desc()) if descending else query.order_by(key, identity)


def _readable(zone_id: int, page: Any) -> Select[Any]:
    parent, kept = aliased(Investor), aliased(Investor)
    contacts = (
        select(func.count())
        .where(Contact.zone_id == zone_id, Contact.investor_id == Investor.id, Contact.off_at.is_(None))
        .correlate(Investor)
        .scalar_subquery()
    )
    columns: Sequence[Any] = (
        Investor.id,
        Investor.name,
        Investor.uscc,
        Investor.origin,
        Investor.investor_type,
        parent.name.label("parent"),
        kept.name.label("kept"),
        _of_projects(zone_id, func.count()).label("projects"),
        contacts.label("contacts"),
        _of_projects(zone_id, whole_sum(_signed_total())).label("total_fen"),
        _recognised(zone_id).label("recognised_fen"),
    )
    return (
        select(*columns)
        .select_from(page)
        .join(Investor, and_(Investor.zone_id == zone_id, Investor.id == page.c.id))
        .outerjoin(parent, and_(parent.zone_id == zone_id, parent.id == Investor.parent_id))
        .outerjoin(kept, and_(kept.zone_id == zone_id, kept.id == Investor.merged_into_id))
    )
