"""月度关账 under ``/close``; each page in a module of its own."""

from __future__ import annotations

from flask import Blueprint, g

from app.journal.queries import read_books
from app.journal.rules import Books, ClosedSpan
from app.kernel.periods import Month
from app.web.session import current, db

blueprint = Blueprint("closing", __name__, url_prefix="/close")


def month_of(period: str) -> Month:
    """The month of the address; the frame shows it as the month in work. Raises ``DomainError`` for none."""
    g.month = Month.parse(period, current().zone.cutoff_day)
    found: Month = g.month
    return found


def books_of_zone() -> Books:
    """The zone's books, read once; the frame learns from them which months stand closed."""
    if "books" not in g:
        g.books = read_books(db(), current().zone.id)
        standing = list(g.books.standing)
        g.closed_span = ClosedSpan(min(standing), max(standing)) if standing else ClosedSpan()
    found: Books = g.books
    return found
