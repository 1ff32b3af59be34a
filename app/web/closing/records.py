"""The record of a close or a reopening: who, when, on which waivers, what was posted, and whether it is untouched."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.closing.queries import issued_brief
from app.figures.queries import headline
from app.figures.rules import CATALOGUE
from app.journal.models import MonthClose
from app.journal.queries import (
    Only,
    Posting,
    find_reading,
    list_postings,
    read_close,
    tally_postings,
    verify_books,
)
from app.journal.rules import GENESIS, Basis, Books, CloseAction, JournalReport, Step
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.ledger.workbook.writing import Column, Item
from app.web.closing.blueprint import blueprint, books_of_zone
from app.web.closing.postings import Fetch, Told, tabs_of
from app.web.downloads import send_table
from app.web.guards import needs
from app.web.lists import read_page
from app.web.session import current, db

AT_ONCE = 60_000
"""Entries that are checked while somebody waits; a worker checks more and leaves the result as a table."""


def entries_behind(books: Books, step: Step) -> Step:
    """The step whose entries the record of ``step`` shows: its own, or, when it posted none, those that still hold."""
    earlier = books.earlier_closes(step) if step.action is CloseAction.close else []
    return step if step.entries or not earlier else earlier[-1]


def posted(step: Step, close: MonthClose) -> tuple[Told, Fetch]:
    """The entries of a step and how they are put into words: with the names of its day."""
    units = {entry[0]: entry[1] for entry in close.lists.get("unit", ())}

    def fetch(only: Only, offset: int, limit: int) -> list[Posting]:
        return list_postings(db(), current().zone.id, step.seq, only=only, offset=offset, limit=limit)

    return Told(step.period, units, first=step.seq == 1), fetch


def show_record(
    month: Month, books: Books, step: Step, *, refused: DomainError | None = None, typed: str = ""
) -> str:
    """The page of a step; ``refused``: why it was not reopened, ``typed``: with which reason."""
    zone = current().zone
    close = read_close(db(), zone.id, step.seq)
    source = entries_behind(books, step)
    told, fetch = posted(source, close if source is step else read_close(db(), zone.id, source.seq))
    only = told.only(request.args)
    tally = tally_postings(db(), zone.id, source.seq, source.since)
    tabs = tabs_of(tally, only, first=told.first)
    number = next(tab.entries for tab in tabs if tab.on)
    page, pages = read_page(request.args, number)
    standing = books.find(month) is step
    brief = issued_brief(db(), zone.id, month)
    return render_template(
        "closing/record.html",
        month=month,
        step=step,
        source=source,
        earlier=[each for each in books.earlier_closes(step) if each is not source],
        close=close,
        before=next((s for s in books.steps if s.seq == step.seq - 1), None),
        standing=standing,
        figures=_figures(month) if standing else [],
        tabs=tabs,
        lines=told.page(fetch, only, page) if number else [],
        number=number,
        page=page,
        pages=pages,
        corrected=sum(tab.entries for tab in tabs if tab.only == "corrected" and source is step),
        steps=list(reversed(books.steps)),
        brief=brief,
        is_last=books.last is step,
        report=_report(books),
        checked_at=clock.now(),
        long=sum(s.entries for s in books.steps) > AT_ONCE,
        genesis=GENESIS,
        refused=refused,
        typed=typed,
    )


def _figures(month: Month) -> list[Any]:
    reading = find_reading(db(), current().zone.id, month, Basis.closed)
    whole = headline(db(), current().zone, month, reading=reading)
    return [(CATALOGUE[code], values) for code, values in whole.items()]


def _report(books: Books) -> JournalReport | None:
    """The check of the books, when the address asks for it (``?check=1``)."""
    if "check" not in request.args or sum(step.entries for step in books.steps) > AT_ONCE:
        return None
    return verify_books(db(), current().zone.id)


@blueprint.get("/books.xlsx")
@needs(Permission.read)
def export_books() -> Response:
    """Every step of the books, and what a check of them finds now; long books are checked by a worker."""
    books = books_of_zone()
    if not books.steps:
        return redirect(url_for(".list_months"), 303)
    report = verify_books(db(), current().zone.id)
    result = "校验通过，与哈希一致" if report.whole else f"校验未通过：{report.fault}"
    columns = [
        Column("序号", "count", 8), Column("月份", width=12), Column("事项", width=8), Column("办理人", width=12),
        Column("时间", width=18), Column("分录", "count"), Column("原因", width=40), Column("本次哈希", width=68),
        Column("上次哈希", width=68), Column("校验", width=40),
    ]  # fmt: skip
    rows: list[list[Item]] = [
        [
            step.seq, step.period.label, step.action.label, step.user_name,
            f"{step.at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M:%S}", step.entries, step.reason, step.hash,
            step.prev_hash, result if report.whole or step.seq == report.seq else "",
        ]
        for step in books.steps
    ]  # fmt: skip
    if not report.whole and report.seq not in {step.seq for step in books.steps}:
        rows.append([None, "", "", "", "", None, "", "", "", result])
    title = f"{current().zone.name}关账与重开记录"
    return send_table(title, columns, rows, None, sheet="关账记录", title=title)
