"""The months of the year with their state, the history of closes and reopenings, and what is open now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, render_template, request

from app.accounts.rules import Permission
from app.closing.queries import check_records
from app.closing.rules import Item
from app.journal.rules import CloseAction, Step
from app.kernel import clock
from app.kernel.periods import Month
from app.web.closing.blueprint import blueprint, books_of_zone
from app.web.guards import needs
from app.web.lists import PAGE, read_page
from app.web.session import current, db, month_in_work


@dataclass(frozen=True)
class Line:
    """A month of the year: the close it stands on, its last reopening, and whether it is the one to close now."""

    month: Month
    step: Step | None
    reopened: Step | None
    is_next: bool
    is_over: bool
    taken_over: bool
    """Before the very first close, which took it over."""


@blueprint.get("/")
@needs(Permission.read)
def list_months() -> str:
    """The months of the year in work, newest first, and every step of the books."""
    books, now, today = books_of_zone(), month_in_work(), clock.today()
    months = [Month(now.year, number, now.cutoff) for number in range(12, 0, -1)]
    lines = [
        Line(
            month,
            books.find(month),
            next(
                (
                    step
                    for step in reversed(books.steps)
                    if (step.year, step.month, step.action) == (month.year, month.month, CloseAction.reopen)
                ),
                None,
            ),
            books.following == (month.year, month.month),
            today > month.last_day,
            bool(books.steps) and (month.year, month.month) < (books.steps[0].year, books.steps[0].month),
        )
        for month in months
        if month.window.start <= today
    ]
    page, pages = read_page(request.args, len(books.steps))
    steps = list(reversed(books.steps))[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "closing/months.html",
        now=now,
        lines=lines,
        steps=steps,
        total=len(books.steps),
        page=page,
        pages=pages,
        following=Month(*books.following) if books.following else None,
        years=sorted({step.year for step in books.steps} | {now.year}, reverse=True),
    )


def open_month() -> Month | None:
    """The month that has to be closed now: the next one, when it is over; None before the first close."""
    following = books_of_zone().following
    if following is None:
        return None
    month = Month(*following, current().zone.cutoff_day)
    return month if clock.today() > month.last_day else None


def open_items() -> tuple[Month, list[Item]] | None:
    """The checklist of the month to close, without its sums; None when there is no such month."""
    month = open_month()
    return None if month is None else (month, check_records(db(), current().zone, month, books_of_zone()))


@blueprint.get("/count")
@needs(Permission.read)
def count_open() -> Response:
    """How much is open on the checklist of the month to close; asked for by the navigation of who may close."""
    found = open_items() if current().may(Permission.close_month) else None
    if found is None:
        return jsonify(number=0)
    month, items = found
    left: list[Any] = [
        f"{item.code.label} {len(item.open)} {item.code.counter}" for item in items if item.open
    ]
    words = f"{month.label}关账还有未处理：{'、'.join(left)}"
    return jsonify(number=sum(len(item.open) for item in items), words=words)


@blueprint.get("/open")
@needs(Permission.close_month)
def show_open() -> str:
    """The checklist of the month to close in counts, for the 工作台, which asks for it when it stands."""
    found = open_items()
    return render_template(
        "closing/_open.html", month=found[0] if found else None, items=found[1] if found else []
    )
