"""Which companies a list shows: one filter for rows, sums and exports alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.investors.models import FormerName, Investor
from app.investors.rules import InvestorType
from app.kernel.text import name_key, narrow


@dataclass(frozen=True)
class InvestorFilter:
    """What a reader asked for; an empty field does not narrow."""

    text: str = ""
    """Part of the name, of a former name or of the code; or the pinyin or initials of a name."""
    origins: tuple[str | None, ...] = ()
    """None stands for companies without an origin."""
    types: tuple[InvestorType, ...] = ()
    with_projects: bool | None = None
    merged: bool = False
    """Those that were merged into another, instead of those that stand."""


def matches(zone_id: int, wanted: InvestorFilter) -> list[ColumnElement[bool]]:
    """The conditions on ``Investor`` that ``wanted`` stands for, but for its projects, which are above."""
    found: list[ColumnElement[bool]] = [Investor.zone_id == zone_id]
    merged = Investor.merged_into_id
    found.append(merged.is_not(None) if wanted.merged else merged.is_(None))
    if wanted.origins:
        named = [origin for origin in wanted.origins if origin is not None]
        own: list[ColumnElement[bool]] = [Investor.origin.in_(named)]
        found.append(or_(*own, Investor.origin.is_(None)) if None in wanted.origins else own[0])
    if wanted.types:
        found.append(Investor.investor_type.in_(wanted.types))
    if wanted.text.strip():
        found.append(has_text(zone_id, wanted.text))
    return found


def has_text(zone_id: int, text: str) -> ColumnElement[bool]:
    """Whether ``text`` leads to a company: by its own name or code, a name it had, or what was merged into it."""
    key = name_key(text)
    code = narrow(text).replace(" ", "").upper()
    by_code = [Investor.uscc.contains(code, autoescape=True)] if len(code) >= 4 else []
    if not key:
        return or_(Investor.name.contains(text, autoescape=True), *by_code)
    former = select(FormerName.investor_id).where(
        FormerName.zone_id == zone_id, or_(*_named(FormerName.name_key, FormerName.name_pinyin, key))
    )
    absorbed = select(Investor.merged_into_id).where(
        Investor.zone_id == zone_id,
        Investor.merged_into_id.is_not(None),
        or_(*_named(Investor.name_key, Investor.name_pinyin, key), *by_code, Investor.id.in_(former)),
    )
    return or_(
        *_named(Investor.name_key, Investor.name_pinyin, key),
        *by_code,
        Investor.id.in_(former),
        Investor.id.in_(absorbed),
    )


def sounds(column: Any, letters: str) -> list[ColumnElement[bool]]:
    """Conditions on a column of spaced pinyin for letters that are its pinyin or its initials; none for others."""
    if not (letters.isascii() and letters.isalpha() and len(letters) >= 2):
        return []
    initials = "% " + "% ".join(letters) + "%"
    return [
        func.replace(column, " ", "").contains(letters, autoescape=True),
        (" " + column).like(initials),
    ]


def _named(key_column: Any, pinyin_column: Any, key: str) -> list[ColumnElement[bool]]:
    return [key_column.contains(key, autoescape=True), *sounds(pinyin_column, key)]
