"""A month that is open: its checklist, what closing it would post, and how far a close is that runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.closing.queries import check_numbers, check_records, issued_before
from app.closing.rules import SELF_CHECKS, Item, OpenRow
from app.directory.queries import labels
from app.figures.queries import headline
from app.figures.queries.basis import recognition_kinds
from app.figures.rules import CATALOGUE, Figure, Values
from app.jobs.models import Job
from app.jobs.queries import find_newest
from app.jobs.rules import JobKind
from app.journal.facts import difference
from app.journal.queries import Only, Posting, Tally, preview_postings, read_close, tally_preview
from app.journal.rules import CloseAction, FactKind, Step, Why
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.ledger.workbook.writing import Column
from app.web.closing.blueprint import blueprint, books_of_zone, month_of
from app.web.closing.cures import all_of, cure_of
from app.web.closing.postings import Fetch, Told, tabs_of, walk
from app.web.closing.records import entries_behind, posted, show_record
from app.web.downloads import AT_ONCE, send_table
from app.web.guards import needs
from app.web.jobs.queueing import how_far
from app.web.lists import PAGE, read_page
from app.web.session import current, db

SHOWN = 20
"""So many rows of an item stand on the page; its list has them all."""
FIGURES = ("signed.count", "signed.amount", "started_big.count", "produced.count", "funds.amount")
COLUMNS = [
    Column("序号", "count", 8), Column("类别", width=8), Column("事实", width=8), Column("项目编号", width=16),
    Column("项目", width=32), Column("投资方", width=28), Column("日期", "date"), Column("金额（万元）", "amount", 16),
    Column("责任单位", width=16), Column("凭证号", width=18), Column("原因", width=44),
]  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """An item of the checklist with the rows that stand on the page, open ones first."""

    item: Item
    rows: list[tuple[OpenRow, tuple[str, str] | None]]
    hidden: int
    everything: tuple[str, str] | None


@blueprint.get("/<period>")
@needs(Permission.read)
def show_month(period: str) -> BaseResponse | str:
    """The checklist of an open month, the record of a closed one; with ``?step=3`` the record of that step."""
    month, books = month_of(period), books_of_zone()
    step = _step_asked(month) or books.find(month)
    if step is not None:
        return show_record(month, books, step)
    return render_template("closing/month.html", month=month, **situation(month))


def situation(month: Month) -> dict[str, Any]:
    """Everything the page of an open month shows."""
    books = books_of_zone()
    job = running_job(month)
    found: dict[str, Any] = {
        "job": job,
        "progress": how_far(job) if job is not None and not job.state.ended else None,
        "barred": _barred(month),
        "before": books.find(month.previous()),
        "next": Month(*books.following) if books.following else None,
        "reopened": _reopened(month),
        "last": books.last,
    }
    if out_of_order(month):
        return found | {"items": None}
    items = check_records(db(), current().zone, month, books)
    found |= {"items": [shown(item, month) for item in items], "open": sum(len(item.open) for item in items)}
    return found | _postings(month)


def out_of_order(month: Month) -> bool:
    """Whether another month has to be closed first: then nothing can be said of this one."""
    following = books_of_zone().following
    return following is not None and following != (month.year, month.month)


def shown(item: Item, month: Month) -> Shown:
    """An item for the page."""
    rows = sorted(item.rows, key=lambda row: row.waiver is not None)
    some = [(row, cure_of(item.code, row, month)) for row in rows[:SHOWN]]
    return Shown(item, some, max(0, len(rows) - SHOWN), all_of(item.code, month) if item.rows else None)


def running_job(month: Month) -> Job | None:
    """The close of ``month`` that was asked for last, if nothing was closed or reopened since."""
    job = find_newest(db(), current().zone.id, JobKind.close)
    if job is None or (job.arguments or {}).get("month") != str(month):
        return None
    steps = books_of_zone().steps
    return None if job.state.ended and steps and steps[-1].at > job.made_at else job


def _step_asked(month: Month) -> Step | None:
    asked = request.args.get("step", "")
    if not asked:
        return None
    for step in books_of_zone().steps:
        if str(step.seq) == asked and (step.year, step.month) == (month.year, month.month):
            return step
    raise DomainError(f"{month.label}没有这次关账记录，请从月度关账的历月记录进入")


def _barred(month: Month) -> str:
    """Why the month cannot be closed whatever its checklist says; empty when it can."""
    try:
        books_of_zone().check_close(month, clock.today())
    except DomainError as error:
        return error.message
    return ""


def _reopened(month: Month) -> Step | None:
    """The reopening that the month stands open by."""
    mine = [s for s in books_of_zone().steps if (s.year, s.month) == (month.year, month.month)]
    return mine[-1] if mine and mine[-1].action is CloseAction.reopen else None


def told_of(month: Month, units: Mapping[int, str]) -> Told:
    """How entries of the close to come are put into words."""
    return Told(month, units, first=not books_of_zone().steps)


def _fetch(month: Month) -> Fetch:
    found = difference(current().zone.id, month.last_day, recognition_kinds(current().zone))

    def fetch(only: Only, offset: int, limit: int) -> list[Posting]:
        return preview_postings(db(), found, only=only, offset=offset, limit=limit)

    return fetch


def _tally(month: Month) -> list[Tally]:
    found = difference(current().zone.id, month.last_day, recognition_kinds(current().zone))
    return tally_preview(db(), found, month.window.start)


def _postings(month: Month) -> dict[str, Any]:
    told = told_of(month, labels(db(), current().zone.id, "unit"))
    only, tally = told.only(request.args), _tally(month)
    tabs = tabs_of(tally, only, first=told.first)
    number = next(tab.entries for tab in tabs if tab.on)
    page, pages = read_page(request.args, number)
    return {
        "tabs": tabs,
        "lines": told.page(_fetch(month), only, page),
        "number": number,
        "entries": sum(one.entries for one in tally),
        "page": page,
        "pages": pages,
        "per_page": PAGE,
    }


@blueprint.get("/<period>/numbers")
@needs(Permission.read)
def show_numbers(period: str) -> str:
    """The figures before and after, and the checks of figures against each other; the page asks for them."""
    month, zone = month_of(period), current().zone
    if books_of_zone().find(month) is not None or out_of_order(month):
        raise DomainError(f"{month.label}现在不能关账，请刷新后再看")
    tally = _tally(month)
    sums: dict[tuple[Why, FactKind], int] = {}
    for one in tally:
        sums[one.why, one.kind] = sums.get((one.why, one.kind), 0) + one.entries
    whole = headline(db(), zone, month)
    issued = issued_before(db(), zone, month, books_of_zone())
    item = check_numbers(db(), zone, month, sums=sums, whole=whole, issued=issued)
    return render_template(
        "closing/_numbers.html",
        month=month,
        one=shown(item, month),
        checks=list(SELF_CHECKS),
        sums=sums_of(month, whole, issued),
        waivable=not _barred(month) and current().may(Permission.close_month),
    )


def sums_of(
    month: Month, whole: Mapping[str, Values], issued: Mapping[str, int] | None
) -> list[tuple[Figure, int | None, int | None, int]]:
    """Of each figure the year so far as issued last month, what this month adds, and both together."""
    found = []
    for code in FIGURES:
        after = whole[code].ytd
        before = 0 if month.month == 1 else None if issued is None else issued[code]
        found.append((CATALOGUE[code], before, None if before is None else after - before, after))
    return found


@blueprint.get("/<period>/progress")
@needs(Permission.read)
def show_progress(period: str) -> Response:
    """How far the close of the month is, for the page's bar."""
    job = running_job(month_of(period))
    if job is None or job.state.ended:
        return jsonify(running=False)
    said = how_far(job)
    return jsonify(running=True, step=said.step, percent=said.percent)


@blueprint.get("/<period>/entries.xlsx")
@needs(Permission.read)
def export_entries(period: str) -> BaseResponse:
    """The entries posted for the month, or those that closing it now would post."""
    month, books = month_of(period), books_of_zone()
    step = _step_asked(month) or books.find(month)
    if step is not None:
        source = entries_behind(books, step)
        told, fetch = posted(source, read_close(db(), current().zone.id, source.seq))
        name = f"{month.label}关账分录"
    elif out_of_order(month):
        raise DomainError(f"{month.label}还没有轮到关账，没有可导出的分录")
    else:
        told, fetch = told_of(month, labels(db(), current().zone.id, "unit")), _fetch(month)
        name = f"{month.label}待关账分录"
    title = f"{current().zone.name}{name}"
    return send_table(title, COLUMNS, walk(told, fetch, AT_ONCE), None, sheet="分录", title=title)
