"""Records that look like a lead that is being registered, among leads, projects and investors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, literal, or_, select
from sqlalchemy.orm import Session

from app.directory.models import ResponsibleUnit
from app.directory.rules import pinyin_key
from app.investors.models import FormerName, Investor
from app.investors.queries import sounds
from app.kernel.text import name_key
from app.leads.models import Lead
from app.leads.rules import (
    ALIVE,
    Clocks,
    Course,
    Kind,
    Level,
    Other,
    Wanted,
    company_core,
    company_key,
    day_of,
    is_protected,
    judge,
    project_key,
)
from app.pipeline.models import Project
from app.pipeline.rules import ENDED

PAIRS = 12
CANDIDATES = 60
"""Rows of each kind that are looked at closely; SQL picks them."""
SHOWN = 8


@dataclass(frozen=True)
class Alike:
    """A record that looks alike. ``unit_id`` is the unit that follows it; None for an investor."""

    kind: Kind
    id: int
    name: str
    investor: str
    level: Level
    score: float
    why: str
    standing: str = ""
    since: dt.date | None = None
    unit_id: int | None = None
    unit: str = ""
    first_unit_id: int | None = None
    first_unit: str = ""
    uscc: str | None = None

    @property
    def said(self) -> str:
        """For a refusal; it tells who reported first and when, and nothing of the content."""
        if self.kind is Kind.lead:
            return f"{self.first_unit}已于 {self.since} 首报同一线索（{self.why}，{self.standing}）"
        if self.kind is Kind.project:
            return f"已有{self.standing}项目“{self.name}”（{self.why}，{self.unit}）"
        return f"已有企业“{self.name}”（{self.why}）"


def find_alike(
    session: Session,
    zone_id: int,
    wanted: Wanted,
    *,
    clocks: Clocks,
    today: dt.date,
    besides: int | None = None,
    limit: int | None = SHOWN,
) -> list[Alike]:
    """What looks like ``wanted`` in the zone, the gravest first; ``besides`` leaves out one lead. Four queries."""
    found = [
        *_leads(session, zone_id, wanted, clocks, today, besides),
        *_projects(session, zone_id, wanted),
        *_investors(session, zone_id, wanted),
    ]
    found.sort(key=lambda alike: (-alike.level, -alike.score, list(Kind).index(alike.kind), alike.id))
    return found[:limit]


def _leads(
    session: Session, zone_id: int, wanted: Wanted, clocks: Clocks, today: dt.date, besides: int | None
) -> Iterator[Alike]:
    query = select(Lead, ResponsibleUnit).join(
        ResponsibleUnit,
        and_(ResponsibleUnit.zone_id == Lead.zone_id, ResponsibleUnit.id == Lead.first_unit_id),
    )
    near = [
        *_near(Lead.name_key, Lead.name_pinyin, project_key(wanted.name)),
        *_near(Lead.investor_key, Lead.investor_pinyin, company_core(wanted.investor)),
    ]
    if wanted.uscc:
        near.append(Lead.uscc == wanted.uscc)
    hits = _hits(Lead.name_key, project_key(wanted.name)) + _hits(
        Lead.investor_key, company_core(wanted.investor)
    )
    closest = case(
        (Lead.uscc == (wanted.uscc or ""), 1), (Lead.investor_key == company_key(wanted.investor), 1), else_=0
    )
    query = query.where(Lead.zone_id == zone_id, Lead.id != (besides or 0), or_(false(), *near))
    query = query.order_by(closest.desc(), hits.desc(), Lead.reported_at.desc())
    for lead, first_unit in session.execute(query.limit(CANDIDATES)):
        course = Course(
            lead.state, lead.received_at, lead.answered_at, lead.progressed_at, lead.protected_until
        )
        other = Other(
            Kind.lead,
            lead.name,
            lead.investor_name,
            lead.uscc,
            is_protected(course, clocks, today),
            lead.state in ALIVE,
        )
        made = judge(wanted, other)
        if made is not None:
            yield Alike(
                Kind.lead, lead.id, lead.name, lead.investor_name, made.level, made.score, made.why,
                standing=lead.state.label, since=day_of(lead.reported_at), unit_id=lead.unit_id,
                first_unit_id=lead.first_unit_id, first_unit=first_unit.name, uscc=lead.uscc,
            )  # fmt: skip


def _projects(session: Session, zone_id: int, wanted: Wanted) -> Iterator[Alike]:
    near = _near(Project.name_key, Project.name_pinyin, project_key(wanted.name))
    company = _near(Investor.name_key, Investor.name_pinyin, company_core(wanted.investor))
    if wanted.uscc:
        company.append(Investor.uscc == wanted.uscc)
    if company:
        companies = select(Investor.id).where(Investor.zone_id == zone_id, or_(*company))
        companies = companies.order_by(_hits(Investor.name_key, company_core(wanted.investor)).desc())
        near.append(Project.investor_id.in_(companies.limit(CANDIDATES).scalar_subquery()))
    picked = select(Project.id).where(Project.zone_id == zone_id, or_(false(), *near))
    hits = _hits(Project.name_key, project_key(wanted.name))
    picked = picked.order_by(hits.desc(), Project.id.desc()).limit(CANDIDATES)
    query = (
        select(Project, Investor, ResponsibleUnit.name)
        .join(Investor, and_(Investor.zone_id == Project.zone_id, Investor.id == Project.investor_id))
        .join(
            ResponsibleUnit,
            and_(ResponsibleUnit.zone_id == Project.zone_id, ResponsibleUnit.id == Project.unit_id),
        )
        .where(Project.zone_id == zone_id, Project.id.in_(picked.scalar_subquery()))
    )
    for project, investor, unit in session.execute(query):
        pursued = project.stage not in ENDED
        made = judge(
            wanted, Other(Kind.project, project.name, investor.name, investor.uscc, pursued, pursued)
        )
        if made is not None:
            yield Alike(
                Kind.project, project.id, project.name, investor.name, made.level, made.score, made.why,
                standing=project.stage.label, since=project.signed_on, unit_id=project.unit_id, unit=unit,
                uscc=investor.uscc,
            )  # fmt: skip


def find_alike_investors(
    session: Session, zone_id: int, wanted: Wanted, *, besides: int | None = None, limit: int = SHOWN
) -> list[Alike]:
    """Standing companies that look like ``wanted``, the gravest first; ``besides`` leaves out one. Two queries."""
    found = [alike for alike in _investors(session, zone_id, wanted) if alike.id != besides]
    found.sort(key=lambda alike: (-alike.level, -alike.score, alike.id))
    return found[:limit]


def _investors(session: Session, zone_id: int, wanted: Wanted) -> Iterator[Alike]:
    near = _near(Investor.name_key, Investor.name_pinyin, company_core(wanted.investor))
    if wanted.uscc:
        near.append(Investor.uscc == wanted.uscc)
    if not near:
        return
    closest = case(
        (Investor.uscc == (wanted.uscc or ""), 1),
        (Investor.name_key == name_key(wanted.investor), 1),
        else_=0,
    )
    hits = _hits(Investor.name_key, company_core(wanted.investor))
    query = select(Investor).where(Investor.zone_id == zone_id, Investor.merged_into_id.is_(None), or_(*near))
    seen = set()
    for investor in session.scalars(
        query.order_by(closest.desc(), hits.desc(), Investor.id.desc()).limit(CANDIDATES)
    ):
        made = judge(wanted, Other(Kind.investor, investor.name, investor.name, investor.uscc, False, False))
        if made is not None:
            seen.add(investor.id)
            yield Alike(
                Kind.investor, investor.id, investor.name, investor.name, made.level, made.score, made.why,
                uscc=investor.uscc,
            )  # fmt: skip
    yield from (alike for alike in _formerly(session, zone_id, wanted) if alike.id not in seen)


def _formerly(session: Session, zone_id: int, wanted: Wanted) -> Iterator[Alike]:
    """Companies that once had a name like it."""
    near = _near(FormerName.name_key, FormerName.name_pinyin, company_core(wanted.investor))
    if not near:
        return
    query = (
        select(Investor, FormerName.name)
        .join(
            FormerName,
            and_(FormerName.zone_id == Investor.zone_id, FormerName.investor_id == Investor.id),
        )
        .where(Investor.zone_id == zone_id, Investor.merged_into_id.is_(None), or_(*near))
        .order_by(_hits(FormerName.name_key, company_core(wanted.investor)).desc(), Investor.id.desc())
    )
    for investor, name in session.execute(query.limit(CANDIDATES)):
        made = judge(wanted, Other(Kind.investor, name, name, None, False, False))
        if made is not None:
            yield Alike(
                Kind.investor, investor.id, investor.name, investor.name, made.level, made.score,
                f"曾用名“{name}”相同" if made.score == 1.0 else f"与曾用名“{name}”相近", uscc=investor.uscc,
            )  # fmt: skip


def _near(key: Any, pinyin: Any, typed: str) -> list[ColumnElement[bool]]:
    """Conditions that every key near ``typed`` fulfils: one slip leaves one half of a name as it was."""
    if len(typed) < 2:
        return []
    half = len(typed) // 2
    parts = [typed] if len(typed) < 4 else [typed[:half], typed[half:]]
    found = [key.contains(part, autoescape=True) for part in parts]
    if not typed.isascii():
        found.append((" " + pinyin + " ").contains(f" {pinyin_key(typed)} ", autoescape=True))
    return [*found, *sounds(pinyin, typed)]


def _hits(key: Any, typed: str) -> ColumnElement[int]:
    """How many pairs of neighbouring characters of ``typed`` a key has: what is nearest is looked at first."""
    pairs = {typed[at : at + 2] for at in range(min(len(typed) - 1, PAIRS))}
    return sum(
        (case((key.contains(pair, autoescape=True), 1), else_=0) for pair in sorted(pairs)), literal(0)
    )
