"""Figures of one month in their three windows, aggregated by the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import product
from typing import Any

from sqlalchemy import Date, Row, Select, String, and_, case, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.db.types import whole_sum
from app.directory.rules import divisions
from app.figures.queries.basis import before_month, facts_to_sum, names_of, recognition_kinds
from app.figures.rules import CATALOGUE, NONE_LABEL, ZERO, Figure, Measure, Values, WindowName
from app.funds.rules import SOURCE_LABELS
from app.investors.rules import InvestorType
from app.journal.facts import is_of_project, join_project, member_of
from app.journal.rules import LIVE, Dimension, FactKind, Reading
from app.kernel.periods import Month, Window
from app.pipeline.models import InvestorChange

Narrowed = Mapping[Dimension, Collection[Any]]
"""Members of dimensions, by their keys (None: 未填), to which figures are narrowed."""
THROUGH_PROJECT = frozenset(
    {Dimension.area, Dimension.chain, Dimension.segment, Dimension.industry}
    | {Dimension.origin, Dimension.investor_type}
)
"""What a fact has through its project, or through the project's investor."""
_SUMS = frozenset(f"{name}_{measure}" for name, measure in product(WindowName, Measure))


def window_of(month: Month, name: WindowName) -> Window:
    """The days of ``name`` for ``month``."""
    if name is WindowName.month:
        return month.window
    return month.ytd if name is WindowName.ytd else month.last_year.ytd


def counts_by_recognition(zone: Zone) -> bool:
    """Whether this zone counts money on the day of recognition."""
    return FactKind.funds in recognition_kinds(zone)


def in_window(columns: Any, window: Window) -> Any:
    """Whether a fact counts in ``window``: dated in it, and not of a project dissolved by its end."""
    alive = or_(columns.ended_on.is_(None), columns.ended_on > window.end)
    return columns.on_day.between(window.start, window.end) & alive


def is_member(column: Any, keys: Collection[Any]) -> Any:
    """Whether ``column`` of a fact holds one of ``keys``; None among them is 未填."""
    known = [key for key in keys if key is not None]
    return or_(column.in_(known), column.is_(None)) if None in keys else column.in_(known)


def narrowed_to(arm: Select[Any], members: Narrowed) -> Select[Any]:
    """The facts of ``arm`` that are of ``members``; it has a column for each of their dimensions."""
    if not members:
        return arm
    facts = arm.subquery("whole")
    return select(facts).where(*(is_member(facts.c[d.value], keys) for d, keys in members.items()))


def in_month(columns: Any, month: Month, reading: Reading) -> Any:
    """Whether a fact counts in ``month`` (figures.md §4.4): dated in it, and, on the basis closed, what its close
    posted and took back of earlier months of the year.

    So it is the year so far minus the year so far as issued last month, but for contracts dissolved in it.
    """
    dated = in_window(columns, month.window)
    after, before = reading.issued_before(month), before_month(month)
    if after is None or before is None:
        return dated
    return or_(dated, and_(columns.seq > after, in_window(columns, before)))


def headline(
    session: Session,
    zone: Zone,
    month: Month,
    codes: Iterable[str] | None = None,
    *,
    members: Narrowed | None = None,
    reading: Reading = LIVE,
) -> dict[str, Values]:
    """Every figure of the catalogue (or those of ``codes``) for the whole zone, or ``members``. One query."""
    wanted = [CATALOGUE[code] for code in codes or CATALOGUE]
    rows = _grouped(session, zone, month, None, wanted, reading, members or {})
    return {code: values.get(None, ZERO) for code, values in rows.items()}


def breakdown(
    session: Session,
    zone: Zone,
    month: Month,
    dimension: Dimension,
    codes: Iterable[str] | None = None,
    *,
    members: Narrowed | None = None,
    reading: Reading = LIVE,
) -> dict[str, dict[str, Values]]:
    """Figures by the members of ``dimension``, as ``{code: {member: Values}}``; members in list order.

    Members of the zone's lists appear with zeros; an empty dimension appears as 未填 when it counts.
    ``members`` of other dimensions narrow what is broken down.
    """
    wanted = [CATALOGUE[c] for c in (codes or CATALOGUE) if CATALOGUE[c].applies(dimension)]
    found = _grouped(session, zone, month, dimension, wanted, reading, members or {})
    names = _member_names(session, zone.id, dimension, reading)
    result: dict[str, dict[str, Values]] = {}
    for figure in wanted:
        values = found[figure.code]
        parts = {name: values.get(key, ZERO) for key, name in names.items()}
        others = (key for key, counted in values.items() if key not in names and counted != ZERO)
        for key in sorted(others, key=str):
            parts[NONE_LABEL if key is None else _other_name(dimension, key)] = values[key]
        result[figure.code] = parts
    return result


def sums_by(session: Session, zone: Zone, month: Month, dimension: Dimension) -> dict[str, dict[Any, Values]]:
    """Figures by the members of ``dimension`` that have any, by their keys, for whoever only adds them up. One query."""
    wanted = [figure for figure in CATALOGUE.values() if figure.applies(dimension)]
    return _grouped(session, zone, month, dimension, wanted, LIVE, {})


def money_by_day(arm: Select[Any], key: str | None = None) -> Any:
    """The facts of money in ``arm``, those of one day (and one ``key``) added up; money never leaves its window.

    Tens of thousands of arrivals fall on a few hundred days, and their index is in that order.
    """
    facts = arm.subquery("fact")
    keys = [facts.c.on_day, *(facts.c[name] for name in (key or "", "seq") if name in facts.c)]
    sums = [whole_sum(facts.c[name]).label(name) for name in ("counts", "amount_fen")]
    never = cast(null(), Date).label("ended_on")
    return select(*keys, never, *sums).group_by(*keys).subquery("day")


def _grouped(
    session: Session,
    zone: Zone,
    month: Month,
    dimension: Dimension | None,
    figures: Iterable[Figure],
    reading: Reading,
    members: Narrowed,
) -> dict[str, dict[Any, Values]]:
    """``{code: {member key: Values}}`` from one grouped query over the facts of both years."""
    wanted = list(figures)
    query = _grouped_query(zone, reading.of(month), dimension, wanted, reading, members)
    rows = session.execute(query).all()
    result: dict[str, dict[Any, Values]] = {}
    for figure in wanted:
        sums: dict[Any, list[int]] = {}
        for row in rows:
            if row.kind == figure.kind and (row.big or not figure.big_only):
                total = sums.setdefault(row.member if dimension else None, [0, 0, 0])
                for place, name in enumerate(WindowName):
                    total[place] += _value(row, name, figure.measure)
        result[figure.code] = {member: Values(*total) for member, total in sums.items()}
    return result


def _value(row: Row[Any], name: WindowName, measure: Measure) -> int:
    value: int = getattr(row, f"{name}_{measure}")
    return value


def _grouped_query(
    zone: Zone,
    month: Month,
    dimension: Dimension | None,
    figures: list[Figure],
    reading: Reading,
    members: Narrowed,
) -> Any:
    """Each kind of facts is summed by itself, by project where the member is the project's; then members are named.

    A member of the investor is the project's too, but for projects whose investor has changed.
    """

    def summed(key: str | None, among: Any = None) -> list[Select[Any]]:
        own = {dimension} if dimension is not None and key == dimension.value else set()
        arms = facts_to_sum(
            reading,
            zone,
            Window(month.last_year.ytd.start, month.ytd.end),
            {figure.kind for figure in figures},
            members.keys() | own,
        )
        measures = {kind: {figure.measure for figure in figures if figure.kind is kind} for kind in arms}
        if among is not None:
            arms = {kind: arm.where(among(arm.selected_columns.project_id)) for kind, arm in arms.items()}
        return [
            _window_sums(kind, narrowed_to(arm, members), month, key, measures[kind], reading)
            for kind, arm in arms.items()
        ]

    if dimension is None or reading.seq is not None or dimension not in THROUGH_PROJECT:
        return union_all(*summed(dimension and dimension.value))
    if is_of_project(dimension):
        return _named(zone, dimension, summed("project_id"))
    moved = select(InvestorChange.project_id).where(InvestorChange.zone_id == zone.id)
    stayed = _named(zone, dimension, summed("project_id", lambda project: project.not_in(moved)))
    return union_all(stayed, *summed(dimension.value, lambda project: project.in_(moved)))


def _named(zone: Zone, dimension: Dimension, sums: list[Select[Any]]) -> Select[Any]:
    """Sums by project, added up by the present member of the project."""
    found = union_all(*sums).subquery("by_project")
    keys = [found.c.kind, found.c.big, member_of(dimension).label("member")]
    totals = [whole_sum(column).label(name) for name, column in found.c.items() if name in _SUMS]
    query = select(*keys, *totals).select_from(found)
    query = join_project(query, {dimension}, zone_id=zone.id, project_id=found.c.member)
    return query.group_by(*keys)


def _window_sums(
    kind: FactKind,
    arm: Select[Any],
    month: Month,
    key: str | None,
    measures: set[Measure],
    reading: Reading,
) -> Select[Any]:
    """The sums of one kind of facts in the three windows; a measure that no figure asks for is 0.

    Constants stay out of GROUP BY, since SQLite would sort all the money of a zone by them.
    """
    daily = kind is FactKind.funds and key in (None, Dimension.unit)
    facts = money_by_day(arm, key) if daily else arm.subquery("fact")
    big = literal(0) if kind is FactKind.funds else facts.c.big
    columns = [literal(kind.value, String(16)).label("kind"), big.label("big")]
    keys = [] if kind is FactKind.funds else [facts.c.big]
    if key:
        columns.append(facts.c[key].label("member"))
        keys.append(facts.c[key])
    values = {Measure.count: facts.c.counts, Measure.amount: facts.c.amount_fen}
    for name, measure in product(WindowName, Measure):
        own = name is WindowName.month
        counted = in_month(facts.c, month, reading) if own else in_window(facts.c, window_of(month, name))
        value = whole_sum(case((counted, values[measure]), else_=0)) if measure in measures else literal(0)
        columns.append(value.label(f"{name}_{measure}"))
    return select(*columns).select_from(facts).group_by(*keys)


def _member_names(session: Session, zone_id: int, dimension: Dimension, reading: Reading) -> dict[Any, str]:
    """Keys and names of the members that always appear, in list order."""
    if dimension in (Dimension.unit, Dimension.area, Dimension.chain, Dimension.segment):
        return names_of(session, zone_id, reading, dimension.value)
    if dimension is Dimension.source:
        return {source.value: label for source, label in SOURCE_LABELS.items()}
    return {}


def _other_name(dimension: Dimension, key: Any) -> str:
    if dimension is Dimension.investor_type:
        return InvestorType(key).label
    if dimension is Dimension.industry and len(key) == 3:
        return f"{key} {divisions()[key[1:]].name}"
    return str(key)
