"""Which basis the page is on: of the address (``?basis=closed``), else today's records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import g, request

from app.figures.queries import breakdown, find_members, headline
from app.figures.rules import Values, beside_issued
from app.journal.queries import find_reading
from app.journal.rules import LIVE, Basis, Dimension, Reading
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.web.session import current, db, is_closed

ISSUED = "issued"
"""``?last_year=issued``: 同比 with last year as it was closed then."""


def reading_in_use() -> Reading:
    """What the page's figures are read from. Raises ``DomainError`` for a month without such a close."""
    if "reading" not in g:
        asked = request.args.get("basis", Basis.live.value)
        if asked not in list(Basis):
            raise DomainError(f"没有名为“{asked[:20]}”的数据基准，可用的有 live、closed、restated")
        known, cutoff = request.args.get("known"), current().zone.cutoff_day
        later = Month.parse(known, cutoff) if known and asked == Basis.restated else None
        g.reading = find_reading(db(), current().zone.id, current().month, Basis(asked), known_at=later)
    reading: Reading = g.reading
    return reading


def basis_parameters() -> dict[str, str]:
    """What an address on the same basis carries; nothing for today's records."""
    reading = reading_in_use()
    if reading == LIVE:
        return {}
    known = request.args.get("known") if reading.basis is Basis.restated else None
    return {"basis": reading.basis.value} | ({"known": known} if known else {})


def parameters_of(month: Month) -> dict[str, str]:
    """What an address carries for ``month`` as it is known where the page's own month is read from."""
    reading = reading_in_use()
    if reading == LIVE or month == reading.of(current().month):
        return basis_parameters()
    return {"basis": Basis.restated.value, "known": str(reading.known_at)}


def as_issued() -> bool:
    """Whether last year is read as it was closed then; only where this year is read from the books."""
    return reading_in_use() != LIVE and request.args.get("last_year") == ISSUED


def basis_words() -> dict[str, Any]:
    """What the switch of bases needs."""
    return {
        "reading": reading_in_use(),
        "on_basis": basis_parameters(),
        "bases": bases_offered(),
        "as_issued": as_issued(),
    }


def bases_offered() -> list[Basis]:
    """The bases that the month can be shown on."""
    return list(Basis) if is_closed(current().month) else [Basis.live]


def keys_of(members: Mapping[Dimension, str]) -> dict[Dimension, frozenset[Any]]:
    """The keys of members on the basis of the page, looked up once a request. Raises ``NotFoundError``."""
    found: dict[tuple[Dimension, str], frozenset[Any]] = g.setdefault("member_keys", {})
    for each in members.items():
        if each not in found:
            found[each] = find_members(db(), current().zone, *each, reading=reading_in_use())
    return {each[0]: found[each] for each in members.items()}


def whole_zone(
    codes: Iterable[str] | None = None, members: Mapping[Dimension, str] | None = None
) -> dict[str, Values]:
    """The month's figures on the basis of the page."""
    zone, month, keys = current().zone, current().month, keys_of(members or {})
    now = headline(db(), zone, month, codes, members=keys, reading=reading_in_use())
    if not as_issued():
        return now
    then = headline(db(), zone, month.last_year, codes, members=keys, reading=_last_year())
    return beside_issued(now, then)


def by_member(
    dimension: Dimension,
    codes: Iterable[str] | None = None,
    members: Mapping[Dimension, str] | None = None,
) -> dict[str, dict[str, Values]]:
    """The month's figures by the members of ``dimension``, on the basis of the page."""
    zone, month, keys = current().zone, current().month, keys_of(members or {})
    now = breakdown(db(), zone, month, dimension, codes, members=keys, reading=reading_in_use())
    if not as_issued():
        return now
    then = breakdown(db(), zone, month.last_year, dimension, codes, members=keys, reading=_last_year())
    return {code: beside_issued(parts, then[code]) for code, parts in now.items()}


def _last_year() -> Reading:
    return find_reading(db(), current().zone.id, current().month.last_year, Basis.closed)
