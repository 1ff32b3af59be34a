"""Which projects a list shows: one filter for rows, sums, tab counts and exports alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select

from app.investors.models import Investor
from app.kernel.money import BIG_FEN
from app.kernel.text import name_key, narrow
from app.pipeline.models import InvestorChange, Project
from app.pipeline.queries.standpoint import Standpoint, standpoint
from app.pipeline.rules import ENDED, Stage


class Standing(StrEnum):
    """Whether a project is still pursued."""

    standing = "standing"
    ended = "ended"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"standing": "未终止", "ended": "已终止或流失"}[self.value]


@dataclass(frozen=True)
class ProjectFilter:
    """What a reader asked for; an empty field does not narrow. Members of one field are alternatives."""

    stages: tuple[Stage, ...] = ()
    units: tuple[int, ...] = ()
    areas: tuple[int, ...] = ()
    chains: tuple[int, ...] = ()
    big: bool = False
    """亿元以上 by the stored total, 1亿元 included."""
    contracted: bool = False
    """With a formal contract; frameworks and letters of intent are none."""
    signed_from: dt.date | None = None
    signed_to: dt.date | None = None
    text: str = ""
    """Part of the name, the number or the investor's name; width, case, spaces and brackets are folded."""
    standing: Standing | None = None
    as_of: dt.date | None = None
    """Stages, units, contracts and totals as they stood on that day; None: now."""


def matches(zone_id: int, wanted: ProjectFilter) -> list[ColumnElement[bool]]:
    """The conditions on ``Project`` that ``wanted`` stands for, in one zone; the only place that says so."""
    at = standpoint(zone_id, wanted.as_of)
    conditions: list[ColumnElement[bool]] = [Project.zone_id == zone_id]
    if wanted.as_of:
        conditions.append(at.stage.is_not(None))
    for column, members in (
        (at.stage, wanted.stages),
        (at.unit_id, wanted.units),
        (Project.area_id, wanted.areas),
        (Project.chain_id, wanted.chains),
    ):
        if members:
            conditions.append(column.in_(members))
    if wanted.big:
        conditions.append(at.total_fen >= BIG_FEN)
    conditions += _signed(wanted, at)
    if wanted.standing is Standing.standing:
        conditions.append(at.stage.not_in(ENDED))
    elif wanted.standing is Standing.ended:
        conditions.append(at.stage.in_(ENDED))
    if wanted.text.strip():
        conditions.append(has_text(zone_id, wanted.text))
    return conditions


def _signed(wanted: ProjectFilter, at: Standpoint) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [at.signed_on.is_not(None)] if wanted.contracted else []
    if wanted.signed_from:
        found.append(at.signed_on >= wanted.signed_from)
    if wanted.signed_to:
        found.append(at.signed_on <= wanted.signed_to)
    return found


def has_text(zone_id: int, text: str) -> ColumnElement[bool]:
    """Whether ``text`` is part of a project's name, number, investor's or former investor's name."""
    number = func.lower(Project.number).contains(narrow(text).lower(), autoescape=True)
    key = name_key(text)
    if not key:
        return number
    investors = select(Investor.id).where(
        Investor.zone_id == zone_id, Investor.name_key.contains(key, autoescape=True)
    )
    formerly = select(InvestorChange.project_id).where(
        InvestorChange.zone_id == zone_id, InvestorChange.from_investor_id.in_(investors)
    )
    return or_(
        number,
        Project.name_key.contains(key, autoescape=True),
        Project.investor_id.in_(investors),
        Project.id.in_(formerly),
    )
