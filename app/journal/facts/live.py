"""The one relation under all figures: live facts, derived from today's records (figures.md §1, §4.1).

Every arm of the union has the same columns: ``kind, record_id, project_id, on_day, counts, amount_fen,
big, ended_on`` and one column for each dimension asked for. ``counts`` is 1 where a project is
counted and 0 for a supplement's increment; ``ended_on`` is the day from which a dissolved project
leaves every window that ends on or after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.funds.models import ArrivalShare, FundArrival
from app.funds.rules import ReviewState
from app.investors.models import Investor
from app.journal.rules import Dimension, FactKind
from app.kernel.money import BIG_FEN
from app.pipeline.models import Contract, InvestorChange, Milestone, Project
from app.pipeline.rules import ContractKind, MilestoneKind

_MILESTONES = {
    FactKind.landed: MilestoneKind.landed,
    FactKind.started: MilestoneKind.started,
    FactKind.produced: MilestoneKind.produced,
    FactKind.full: MilestoneKind.full,
    FactKind.terminated: MilestoneKind.terminated,
}
_OF_PROJECT: dict[Dimension, Any] = {
    Dimension.area: Project.area_id,
    Dimension.chain: Project.chain_id,
    Dimension.segment: Project.segment_id,
    Dimension.industry: func.substr(Project.industry, 1, 3),
}
_OF_INVESTOR: dict[Dimension, Any] = {
    Dimension.origin: Investor.origin,
    Dimension.investor_type: cast(Investor.investor_type, String),
}
_EVENT: dict[Any, Any] = {
    Contract: Contract.signed_on,
    Milestone: Milestone.reached_on,
    FundArrival: FundArrival.arrived_on,
}
"""The day of the event itself, whichever day a zone counts by."""
ALL_KINDS = frozenset(FactKind)
_NO_DAY = cast(null(), Date)
_NO_PART = cast(literal(0), BigInteger)


def live_facts(
    zone_id: int,
    *,
    since: dt.date,
    until: dt.date,
    kinds: Collection[FactKind] = ALL_KINDS,
    dimensions: Collection[Dimension] = (),
    by_recognition: Collection[FactKind] = (),
) -> CompoundSelect[Any]:
    """The facts of a zone dated ``since`` to ``until``, with columns for ``dimensions`` only.

    ``by_recognition`` names the kinds that the zone counts on the day of recognition.
    """
    arms = facts_by_kind(
        zone_id, since=since, until=until, kinds=kinds, dimensions=dimensions, by_recognition=by_recognition
    )
    return union_all(*arms.values())


def facts_by_kind(
    zone_id: int,
    *,
    since: dt.date,
    until: dt.date,
    kinds: Collection[FactKind] = ALL_KINDS,
    dimensions: Collection[Dimension] = (),
    by_recognition: Collection[FactKind] = (),
    parts: bool = False,
) -> dict[FactKind, Select[Any]]:
    """The arms of ``live_facts``; each aggregated by itself is answered from an index, the union is not.

    ``parts`` adds a column ``part`` that tells the shares of a divided arrival apart; it needs ``Dimension.unit``.
    """
    arms: dict[FactKind, Select[Any]] = {}
    for kind in FactKind:
        if kind not in kinds:
            continue
        recognised = kind in by_recognition
        if kind is FactKind.signed:
            arm, record, day = _signed(recognised, dimensions)
        elif kind is FactKind.funds:
            arm, record, day = _funds(recognised, dimensions)
        else:
            arm, record, day = _reached(kind, recognised, dimensions)
        if parts:
            part = func.coalesce(ArrivalShare.unit_id, 0) if kind is FactKind.funds else _NO_PART
            arm = arm.add_columns(part.label("part"))
        arms[kind] = arm.where(record.zone_id == zone_id, day.between(since, until))
    return arms


def is_of_project(dimension: Dimension) -> bool:
    """Whether a fact has ``dimension`` through its project, as it is at present (figures.md §1)."""
    return dimension in _OF_PROJECT


def join_project(
    query: Select[Any], dimensions: Collection[Dimension], *, zone_id: Any, project_id: Any, day: Any = None
) -> Select[Any]:
    """``query`` joined to the projects, and their investors of ``day`` (None: the present), if ``dimensions`` are theirs."""
    if not (_OF_PROJECT.keys() | _OF_INVESTOR.keys()).isdisjoint(dimensions):
        query = query.join(Project, and_(Project.zone_id == zone_id, Project.id == project_id))
    if not _OF_INVESTOR.keys().isdisjoint(dimensions):
        query = query.join(
            Investor, and_(Investor.zone_id == Project.zone_id, Investor.id == _investor_on(day))
        )
    return query


def _investor_on(day: Any) -> Any:
    """Who invested in the project on ``day``: before a change of investor the former one (figures.md §1)."""
    change = InvestorChange
    if day is None:
        return Project.investor_id
    later = (change.zone_id == Project.zone_id, change.project_id == Project.id, change.effective_on > day)
    former = select(change.from_investor_id).where(*later).order_by(change.effective_on).limit(1)
    return func.coalesce(former.scalar_subquery(), Project.investor_id)


def member_of(dimension: Dimension) -> Any:
    """The column of a dimension that facts have through their project; see ``join_project``."""
    return _OF_PROJECT[dimension] if dimension in _OF_PROJECT else _OF_INVESTOR[dimension]


_Arm = tuple[Select[Any], Any, Any]
"""A select, the mapped class of its records, and the column of their day."""


def _signed(recognised: bool, dimensions: Collection[Dimension]) -> _Arm:
    """Formal contracts, counted once, and supplements: their increment, not counted."""
    formal, ended = aliased(Contract), aliased(Milestone)
    is_formal = Contract.kind == ContractKind.formal
    total = case((is_formal, Contract.amount_fen), else_=_total_on(formal, Contract.signed_on))
    day = Contract.recognised_on if recognised else Contract.signed_on
    query = (
        _arm(
            FactKind.signed,
            Contract,
            day=day,
            counts=case((is_formal, 1), else_=0),
            amount=Contract.amount_fen,
            big=case((total >= BIG_FEN, 1), else_=0),
            ended=ended.reached_on,
            dimensions=dimensions,
        )
        .join(formal, and_(_same_project(formal, Contract), formal.kind == ContractKind.formal))
        .outerjoin(ended, _termination(ended, Contract))
        .where(Contract.kind.in_((ContractKind.formal, ContractKind.supplement)))
    )
    return query, Contract, day


def _reached(kind: FactKind, recognised: bool, dimensions: Collection[Dimension]) -> _Arm:
    """Milestones reached by projects with a formal contract, at the project's total on that day."""
    formal, ended = aliased(Contract), aliased(Milestone)
    total = _total_on(formal, Milestone.reached_on)
    day = Milestone.recognised_on if recognised else Milestone.reached_on
    query = (
        _arm(
            kind,
            Milestone,
            day=day,
            counts=literal(1),
            amount=total,
            big=case((total >= BIG_FEN, 1), else_=0),
            ended=_NO_DAY if kind is FactKind.terminated else ended.reached_on,
            dimensions=dimensions,
        )
        .join(formal, and_(_same_project(formal, Milestone), formal.kind == ContractKind.formal))
        .where(Milestone.kind == _MILESTONES[kind], Milestone.reached_on.is_not(None))
    )
    if kind is not FactKind.terminated:
        query = query.outerjoin(ended, _termination(ended, Milestone))
    return query, Milestone, day


def _funds(recognised: bool, dimensions: Collection[Dimension]) -> _Arm:
    """Recognised arrivals; money stays counted when a contract is dissolved.

    By unit, a divided arrival is one fact for each share; the shares add up to the arrival, so
    they are looked up only then.
    """
    day = FundArrival.recognised_on if recognised else FundArrival.arrived_on
    by_unit = Dimension.unit in dimensions
    amount = FundArrival.amount_fen
    query = _arm(
        FactKind.funds,
        FundArrival,
        day=day,
        counts=literal(1),
        amount=func.coalesce(ArrivalShare.amount_fen, amount) if by_unit else amount,
        big=literal(0),
        ended=_NO_DAY,
        dimensions=dimensions,
        unit=func.coalesce(ArrivalShare.unit_id, FundArrival.unit_id),
    ).where(FundArrival.state == ReviewState.recognised)
    if by_unit:
        query = query.outerjoin(
            ArrivalShare,
            and_(ArrivalShare.zone_id == FundArrival.zone_id, ArrivalShare.arrival_id == FundArrival.id),
        )
    return query, FundArrival, day


def _arm(
    kind: FactKind,
    record: Any,
    *,
    day: Any,
    counts: Any,
    amount: Any,
    big: Any,
    ended: Any,
    dimensions: Collection[Dimension],
    unit: Any = None,
) -> Select[Any]:
    """One arm of the union over the rows of ``record``; joins project and investor only when asked for.

    ``unit`` None: the record's own.
    """
    columns = [
        literal(kind.value, String(16)).label("kind"),
        record.id.label("record_id"),
        record.project_id.label("project_id"),
        day.label("on_day"),
        cast(counts, Integer).label("counts"),
        amount.label("amount_fen"),
        cast(big, Integer).label("big"),
        ended.label("ended_on"),
    ]
    for dimension in sorted(dimensions):
        if dimension is Dimension.unit:
            column = record.unit_id if unit is None else unit
        elif dimension is Dimension.source:
            column = cast(record.source if record is FundArrival else null(), String)
        else:
            column = member_of(dimension)
        columns.append(column.label(dimension.value))
    return join_project(
        select(*columns).select_from(record),
        dimensions,
        zone_id=record.zone_id,
        project_id=record.project_id,
        day=_EVENT[record],
    )


def _total_on(formal: Any, day: Any) -> Any:
    """The project's total on ``day``: the formal contract and the supplements signed up to that day."""
    supplement = aliased(Contract)
    increments = (
        select(func.coalesce(func.sum(supplement.amount_fen), 0))
        .where(
            _same_project(supplement, formal),
            supplement.kind == ContractKind.supplement,
            supplement.signed_on <= day,
        )
        .scalar_subquery()
    )
    return formal.amount_fen + cast(increments, BigInteger)


def _same_project(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.zone_id == other.zone_id, one.project_id == other.project_id)


def _termination(ended: Any, fact: Any) -> ColumnElement[bool]:
    return and_(
        _same_project(ended, fact), ended.kind == MilestoneKind.terminated, ended.reached_on.is_not(None)
    )
