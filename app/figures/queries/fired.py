"""Every warning of a day: counted, listed, and told in words with what clears it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from app.directory.models import ResponsibleUnit
from app.figures.queries.among import Among
from app.figures.queries.arms import fired
from app.leads.models import Lead
from app.pipeline.models import Project
from app.pipeline.rules import Stage
from app.warnings.models import WarningExcuse
from app.warnings.rules import (
    KINDS,
    ExcuseState,
    Kind,
    Level,
    Subject,
    Threshold,
    WarningKind,
    badge,
    fired_since,
    why,
)


@dataclass(frozen=True)
class Wanted:
    """Which warnings; an empty field does not narrow. ``officer`` is the name of whose projects and leads."""

    levels: tuple[Level, ...] = ()
    kinds: tuple[WarningKind, ...] = ()
    units: tuple[int, ...] = ()
    mine: tuple[int, str] | None = None
    """The person's id and name: only what that person answers for."""
    excused: bool | None = None
    asked: bool = False
    """Only those whose excuse waits for a decision."""


@dataclass(frozen=True)
class Fired:
    """One warning on ``day``; ``since`` is what it counts from."""

    kind: WarningKind
    level: Level
    since: dt.date
    day: dt.date
    threshold: Threshold
    unit_id: int
    unit: str
    name: str
    project_id: int | None
    arrival_id: int | None
    lead_id: int | None
    number: str
    officer: str
    stage: Stage | None
    fen: int | None
    whole_fen: int | None
    many: int | None
    excused_until: dt.date | None
    excuse_id: int | None
    """The excuse that waits for a decision, with what it says."""
    excuse_reason: str | None
    excuse_until: dt.date | None
    asked_by: int | None
    asked_name: str | None

    @property
    def rule(self) -> Kind:
        """How it is called, measured and cleared."""
        return KINDS[self.kind]

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return self.rule.subject

    @property
    def days(self) -> int:
        """Since when, in days."""
        return (self.day - self.since).days

    @property
    def fired_on(self) -> dt.date:
        """The first day on which it was yellow."""
        waits = dt.timedelta(days=self.many or 0 if self.subject is Subject.lead else 0)
        return fired_since(self.rule.measure, self.threshold.yellow, self.since + waits)

    @property
    def badge(self) -> str:
        """How long, in a word or two."""
        return badge(self.kind, self.days, self.many or 0)

    @property
    def why(self) -> str:
        """What is wrong, with its numbers."""
        return why(
            self.kind, self.since, self.day, fen=self.fen, whole_fen=self.whole_fen, many=self.many or 0
        )


@dataclass(frozen=True)
class Tally:
    """How many warnings of one kind, level and unit; ``excused`` ones stand apart."""

    kind: WarningKind
    level: Level
    unit_id: int
    unit: str
    excused: bool
    asked: bool
    mine: bool
    number: int


def tally(session: Session, among: Among, *, mine: tuple[int, str] | None = None) -> list[Tally]:
    """How many warnings there are, by kind, level, unit, whether excused, and whether ``mine``. One query."""
    warned = fired(among)
    if warned is None:
        return []
    own = case((_mine(warned, mine), 1), else_=0) if mine else literal(0, Integer)
    inner = _joined(
        select(
            warned.c.kind,
            warned.c.red,
            warned.c.unit_id,
            ResponsibleUnit.name.label("unit"),
            case((_excused_until(warned, among.day).is_not(None), 1), else_=0).label("excused"),
            case((WarningExcuse.id.is_not(None), 1), else_=0).label("asked"),
            own.label("mine"),
        ),
        warned,
        among.zone_id,
    ).subquery()
    query = select(*inner.c, func.count()).group_by(*inner.c)
    return [
        Tally(
            WarningKind(row[0]),
            _level(row[1]),
            row[2],
            row[3],
            bool(row[4]),
            bool(row[5]),
            bool(row[6]),
            row[7],
        )
        for row in session.execute(query)
    ]


def list_fired(
    session: Session, among: Among, wanted: Wanted | None = None, *, offset: int = 0, limit: int | None = None
) -> list[Fired]:
    """The warnings that match, red before yellow, the oldest first. One query."""
    warned, wanted = fired(among), wanted or Wanted()
    if warned is None:
        return []
    until = _excused_until(warned, among.day)
    query = _joined(
        select(
            warned,
            ResponsibleUnit.name.label("unit"),
            func.coalesce(Lead.name, Project.name).label("name"),
            func.coalesce(Lead.number, Project.number).label("number"),
            Project.officer,
            Project.stage,
            until.label("excused_until"),
            WarningExcuse.id.label("excuse_id"),
            WarningExcuse.reason.label("excuse_reason"),
            WarningExcuse.until_on.label("excuse_until"),
            WarningExcuse.asked_by,
            WarningExcuse.asked_name,
        ),
        warned,
        among.zone_id,
    )
    query = query.where(*_narrow(warned, wanted, until)).order_by(
        warned.c.red.desc(),
        warned.c.since,
        warned.c.kind,
        warned.c.project_id,
        warned.c.lead_id,
        warned.c.arrival_id,
    )
    return [_row(dict(row._mapping), among) for row in session.execute(query.offset(offset).limit(limit))]


def _row(values: Mapping[str, Any], among: Among) -> Fired:
    kind = WarningKind(values["kind"])
    held = {name: values[name] for name in values if name not in ("kind", "red", "officer")}
    return Fired(
        kind=kind,
        level=_level(values["red"]),
        day=among.day_of(kind),
        threshold=among.thresholds[kind],
        officer=values["officer"] or "",
        **held,
    )


def _level(red: int) -> Level:
    return Level.red if red else Level.yellow


def _joined(query: Select[Any], warned: Any, zone_id: int) -> Select[Any]:
    return (
        query.select_from(warned)
        .outerjoin(Project, and_(Project.zone_id == zone_id, Project.id == warned.c.project_id))
        .outerjoin(Lead, and_(Lead.zone_id == zone_id, Lead.id == warned.c.lead_id))
        .outerjoin(WarningExcuse, and_(_of(WarningExcuse, warned), WarningExcuse.state == ExcuseState.asked))
        .join(
            ResponsibleUnit, and_(ResponsibleUnit.zone_id == zone_id, ResponsibleUnit.id == warned.c.unit_id)
        )
    )


def _narrow(warned: Any, wanted: Wanted, until: Any) -> Iterable[ColumnElement[bool]]:
    if wanted.levels:
        yield warned.c.red.in_([int(level is Level.red) for level in wanted.levels])
    if wanted.kinds:
        yield warned.c.kind.in_([kind.value for kind in wanted.kinds])
    if wanted.units:
        yield warned.c.unit_id.in_(wanted.units)
    if wanted.mine:
        yield _mine(warned, wanted.mine)
    if wanted.excused is not None:
        yield until.is_not(None) if wanted.excused else until.is_(None)
    if wanted.asked:
        yield WarningExcuse.id.is_not(None)


def _mine(warned: Any, person: tuple[int, str] | None) -> ColumnElement[bool]:
    """The projects whose 责任人 the person is, the leads the person works on."""
    user_id, name = person or (0, "")
    return or_(and_(warned.c.lead_id.is_(None), Project.officer == name), Lead.officer_id == user_id)


def _of(excuse: Any, warned: Any) -> ColumnElement[bool]:
    """Arrivals and leads have no excuses."""
    return and_(
        excuse.zone_id == Project.zone_id,
        excuse.project_id == warned.c.project_id,
        excuse.kind == warned.c.kind,
        warned.c.arrival_id.is_(None),
    )


def _excused_until(warned: Any, day: dt.date) -> Any:
    """The last day of an acknowledged excuse that covers the warning, see ``app.warnings.rules.covers``."""
    excuse = aliased(WarningExcuse)
    return (
        select(func.max(excuse.until_on))
        .where(
            _of(excuse, warned),
            excuse.state == ExcuseState.granted,
            excuse.until_on >= day,
            or_(excuse.level == Level.red, warned.c.red == 0),
        )
        .correlate(warned, Project)
        .scalar_subquery()
    )
