"""Which leads a list shows: one filter for rows, sums, tab counts and exports alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_

from app.investors.queries import sounds
from app.kernel.text import name_key, narrow
from app.leads.models import Lead
from app.leads.rules import ALIVE, Clocks, LeadSource, LeadState, late_before


class Attention(StrEnum):
    """What asks for somebody's attention."""

    overdue = "overdue"
    lapsed = "lapsed"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"overdue": "有超时事项", "lapsed": "保护期已过"}[self.value]


@dataclass(frozen=True)
class LeadFilter:
    """What a reader asked for; an empty field does not narrow. Members of one field are alternatives."""

    states: tuple[LeadState, ...] = ()
    units: tuple[int, ...] = ()
    sources: tuple[LeadSource, ...] = ()
    text: str = ""
    """Part of the name, the number or the investor's name, or the pinyin or initials of one."""
    attention: Attention | None = None
    reported_from: dt.date | None = None
    reported_to: dt.date | None = None


@dataclass(frozen=True)
class Sight:
    """Whose leads, in which zone, under which clocks, on which day; ``unit_id`` None: those of all units."""

    zone_id: int
    unit_id: int | None
    clocks: Clocks
    today: dt.date


def matches(sight: Sight, wanted: LeadFilter) -> list[ColumnElement[bool]]:
    """The conditions on ``Lead`` that ``wanted`` stands for within ``sight``; the only place that says so."""
    conditions: list[ColumnElement[bool]] = [Lead.zone_id == sight.zone_id]
    if sight.unit_id is not None:
        conditions.append(or_(Lead.unit_id == sight.unit_id, Lead.first_unit_id == sight.unit_id))
    for column, members in (
        (Lead.state, wanted.states),
        (Lead.unit_id, wanted.units),
        (Lead.source, wanted.sources),
    ):
        if members:
            conditions.append(column.in_(members))
    if wanted.reported_from:
        conditions.append(Lead.reported_at >= late_before(wanted.reported_from, 0))
    if wanted.reported_to:
        conditions.append(Lead.reported_at < late_before(wanted.reported_to, -1))
    if wanted.attention is Attention.overdue:
        conditions.append(is_overdue(sight.clocks, sight.today))
    elif wanted.attention is Attention.lapsed:
        conditions.append(is_lapsed(sight.clocks, sight.today))
    if wanted.text.strip():
        conditions.append(has_text(wanted.text))
    return conditions


def is_overdue(clocks: Clocks, today: dt.date) -> ColumnElement[bool]:
    """``rules.lates`` finds something, said in SQL."""
    is_open = Lead.state == LeadState.open
    return or_(
        and_(is_open, Lead.answered_at.is_(None), Lead.received_at < late_before(today, clocks.answer_days)),
        and_(is_open, Lead.received_at < late_before(today, clocks.assess_days)),
        and_(
            Lead.state == LeadState.followed,
            Lead.progressed_at < late_before(today, clocks.report_days),
        ),
    )


def is_lapsed(clocks: Clocks, today: dt.date) -> ColumnElement[bool]:
    """``rules.has_lapsed``, said in SQL."""
    return and_(
        Lead.state.in_(ALIVE),
        Lead.protected_until < today,
        Lead.progressed_at < late_before(today, clocks.protect_days),
    )


def has_text(text: str) -> ColumnElement[bool]:
    """Whether ``text`` is part of a lead's name, number or investor, or the pinyin or initials of one."""
    key = name_key(text)
    conditions = [func.lower(Lead.number).contains(narrow(text).lower(), autoescape=True)]
    if key:
        conditions += [
            Lead.name_key.contains(key, autoescape=True),
            Lead.investor_key.contains(key, autoescape=True),
            func.lower(Lead.investor_name).contains(narrow(text).lower(), autoescape=True),
        ]
        conditions += [
            condition
            for column in (Lead.name_pinyin, Lead.investor_pinyin)
            for condition in sounds(column, key)
        ]
    return or_(*conditions)
