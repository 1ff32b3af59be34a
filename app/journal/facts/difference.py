"""What a close posts: today's facts minus what the books hold already (figures.md §4.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import CTE, Select, String, and_, case, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from app.funds.models import FundArrival
from app.investors.models import Investor
from app.journal.facts.live import facts_by_kind
from app.journal.models import JournalEntry
from app.journal.rules import COLUMN_OF, FACT, KEY, LABELS, Dimension, FactKind, Why
from app.pipeline.models import Project

BEGINNING = dt.date(1900, 1, 1)
ENTRY = ("line", "sign", "why", "changed", *FACT, *LABELS)
"""The columns of ``difference``, named as those of an entry."""


def difference(zone_id: int, until: dt.date, by_recognition: Collection[FactKind]) -> Select[Any]:
    """The entries that bring the books to the facts dated up to ``until``, numbered from 1.

    A fact counts once on each side; what is equal on both cancels out, what is left over today is posted,
    what is left over in the books is reversed. Corrections come first, a reversal before its new entry.
    """
    net = _net(zone_id, until, by_recognition)
    other = aliased(net, name="other")
    pair = and_(*(net.c[name] == other.c[name] for name in KEY), other.c.sign == -net.c.sign)
    differs = [
        case((net.c[name].is_distinct_from(other.c[name]), f"{name},"), else_="")
        for name in FACT
        if name not in KEY
    ]
    has_pair = other.c.sign.is_not(None)
    why = case((has_pair, Why.changed.value), (net.c.sign == 1, Why.new.value), else_=Why.removed.value)
    changed = case((has_pair, func.rtrim(reduce(add, differs), ",")), else_="")
    is_new = case((and_(net.c.sign == 1, other.c.sign.is_(None)), 1), else_=0)
    rank = case(*((net.c.kind == kind.value, place) for place, kind in enumerate(FactKind)), else_=99)
    order = [is_new, rank, case((is_new == 1, net.c.on_day)), net.c.record_id, net.c.part, net.c.sign]
    columns = [net.c.sign, why.label("why"), changed.label("changed"), *(net.c[n] for n in (*FACT, *LABELS))]
    line = func.row_number().over(order_by=order).label("line")
    return select(line, *columns).select_from(net).outerjoin(other, pair)


def _net(zone_id: int, until: dt.date, by_recognition: Collection[FactKind]) -> CTE:
    """Facts of today (+) and of the books (−), what is equal in everything but its labels added up."""
    entry = JournalEntry
    held = select(
        *(_plain(getattr(entry, name)).label(name) for name in FACT),
        *(getattr(entry, name) for name in LABELS),
        (-entry.sign).label("sign"),
        literal(0).label("live"),
    ).where(entry.zone_id == zone_id)
    both = union_all(_today(zone_id, until, by_recognition), held).subquery("both")
    sign = func.sum(both.c.sign)
    labels = [
        func.coalesce(func.max(case((both.c.live == 1, both.c[name]))), func.max(both.c[name])).label(name)
        for name in LABELS
    ]
    facts = [both.c[name] for name in FACT]
    query = select(*facts, *labels, sign.label("sign")).group_by(*facts).having(sign != 0)
    return query.cte("net").prefix_with("MATERIALIZED")


def _today(zone_id: int, until: dt.date, by_recognition: Collection[FactKind]) -> Select[Any]:
    """Today's facts with every dimension and the names that people know them by.

    A contract dissolved after ``until`` stands for this month; its dissolution belongs to a later one.
    """
    arms = facts_by_kind(
        zone_id,
        since=BEGINNING,
        until=until,
        dimensions=tuple(Dimension),
        by_recognition=by_recognition,
        parts=True,
    )
    fact = union_all(*arms.values()).subquery("fact")
    formal = and_(fact.c.kind == FactKind.signed.value, fact.c.counts == 1)
    own = {COLUMN_OF[dimension]: fact.c[dimension.value] for dimension in Dimension} | {
        "ended_on": case((fact.c.ended_on <= until, fact.c.ended_on)),
        "output_fen": case((formal, Project.output_fen)),
    }
    columns = [(own[name] if name in own else fact.c[name]).label(name) for name in FACT]
    names = (Project.number, Project.name, Investor.name, FundArrival.voucher)
    labels = [column.label(label) for column, label in zip(names, LABELS, strict=True)]
    arrival = and_(
        fact.c.kind == FactKind.funds.value,
        FundArrival.zone_id == zone_id,
        FundArrival.id == fact.c.record_id,
    )
    return (
        select(*columns, *labels, literal(1).label("sign"), literal(1).label("live"))
        .join(Project, and_(Project.zone_id == zone_id, Project.id == fact.c.project_id))
        .join(Investor, and_(Investor.zone_id == zone_id, Investor.id == Project.investor_id))
        .outerjoin(FundArrival, arrival)
    )


def _plain(column: Any) -> Any:
    """Choices as the text they are stored as."""
    return cast(column, String) if column.key in ("kind",) else column
