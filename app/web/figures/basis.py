"""Which basis the page is on: of the address (``?basis=closed``), else today's records."""

from __future__ import annotations

from flask import g, request

from app.figures.queries import breakdown, headline
from app.figures.rules import Values, beside_issued
from app.journal.queries import find_reading
from app.journal.rules import LIVE, Basis, Dimension, Reading
from app.kernel.errors import DomainError
from app.web.session import current, db, is_closed

ISSUED = "issued"
"""``?last_year=issued``: 同比 with last year as it was closed then."""


def reading_in_use() -> Reading:
    """What the page's figures are read from. Raises ``DomainError`` for a month without such a close."""
    if "reading" not in g:
        asked = request.args.get("basis", Basis.live.value)
        if asked not in list(Basis):
            raise DomainError(f"没有名为“{asked[:20]}”的数据基准，可用的有 live、closed、restated")
        g.reading = find_reading(db(), current().zone.id, current().month, Basis(asked))
    reading: Reading = g.reading
    return reading


def basis_parameters() -> dict[str, str]:
    """What an address on the same basis carries; nothing for today's records."""
    reading = reading_in_use()
    return {} if reading == LIVE else {"basis": reading.basis.value}


def as_issued() -> bool:
    """Whether last year is read as it was closed then; only where this year is read from the books."""
    return reading_in_use() != LIVE and request.args.get("last_year") == ISSUED


def bases_offered() -> list[Basis]:
    """The bases that the month can be shown on."""
    return list(Basis) if is_closed(current().month) else [Basis.live]


def whole_zone(codes: list[str] | None = None) -> dict[str, Values]:
    """The month's figures on the basis of the page."""
    month = current().month
    now = headline(db(), current().zone, month, codes, reading=reading_in_use())
    if not as_issued():
        return now
    return beside_issued(now, headline(db(), current().zone, month.last_year, codes, reading=_last_year()))


def by_member(dimension: Dimension, codes: list[str] | None = None) -> dict[str, dict[str, Values]]:
    """The month's figures by the members of ``dimension``, on the basis of the page."""
    zone, month = current().zone, current().month
    now = breakdown(db(), zone, month, dimension, codes, reading=reading_in_use())
    if not as_issued():
        return now
    then = breakdown(db(), zone, month.last_year, dimension, codes, reading=_last_year())
    return {code: beside_issued(parts, then[code]) for code, parts in now.items()}


def _last_year() -> Reading:
    return find_reading(db(), current().zone.id, current().month.last_year, Basis.closed)
