"""统计: the matrix of figures of a month, and the rows behind each number."""

from __future__ import annotations

from collections.abc import Iterator

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.figures.queries.kept import kept_backlog_rows
from app.funds.rules import ReviewState
from app.journal.rules import LIVE
from app.kernel.money import in_unit
from app.ledger.workbook.writing import Column, Item
from app.web.downloads import send_table
from app.web.figures import curves, table
from app.web.figures.asked import read_asked, write_asked
from app.web.figures.basis import basis_parameters, basis_words, reading_in_use
from app.web.figures.behind import (
    WINDOW_NAMES,
    behind,
    day_label,
    days,
    definition,
    explained,
    lines_of,
    name_of,
    period,
)
from app.web.figures.blueprint import blueprint
from app.web.figures.explain import NAMES
from app.web.guards import needs
from app.web.lists import read_page
from app.web.session import current, db, unit_in_use

__all__ = ["blueprint", "curves", "table"]
BACKLOG = {"funds_pending": ReviewState.pending, "funds_returned": ReviewState.returned}
BY_UNIT = ("units", "funds.rank")
"""Rankings and counts of units lead to the matrix by unit."""


@blueprint.get("/<code>")
@needs(Permission.read)
def show_figure(code: str) -> str | Response:
    """The rows behind one number: their sum is the number."""
    elsewhere = _elsewhere(code)
    if elsewhere is not None:
        return elsewhere
    month, asked = reading_in_use().of(current().month), read_asked(code, request.args)
    lines, number, total, counts = lines_of(asked, request.args.get("page", "1"))
    page, pages = read_page(request.args, number)
    parameters = write_asked(asked, month) | basis_parameters()
    return render_template(
        "figures/figure.html",
        asked=asked,
        month=month,
        name=name_of(asked),
        definition=definition(asked),
        explained=explained(asked),
        derived=NAMES.get(asked.derived, ""),
        lines=lines,
        number=number,
        total=total,
        counts=counts,
        day_label=day_label(asked),
        page=page,
        pages=pages,
        windows=WINDOW_NAMES,
        days=days(asked) if asked.is_figure else None,
        parameters=parameters,
        **basis_words(),
        export=url_for(".export_figure", code=asked.code, **parameters),
    )


@blueprint.get("/<code>/rows")
@needs(Permission.read)
def show_rows(code: str) -> str:
    """The first rows behind one number and their sum, for the side of the matrix."""
    return render_template("figures/_behind.html", behind=behind(read_asked(code, request.args)))


@blueprint.get("/<code>/export.xlsx")
@needs(Permission.read)
def export_figure(code: str) -> Response:
    """All rows behind one number, with their sum."""
    asked, unit = read_asked(code, request.args), unit_in_use()
    lines, number, total, counts = lines_of(asked, None)
    amount = Column("个数", "count", 8) if counts else Column(f"金额（{unit}）", "amount", 16)
    columns = [
        Column(day_label(asked), "date", 12),
        Column("项目名称", width=32),
        Column("项目编号", width=16),
        Column("投资方", width=28),
        Column("责任单位", width=14),
        Column("落地片区", width=16),
        Column("产业链", width=14),
        amount,
        Column("说明", width=18),
    ]

    def cells() -> Iterator[list[Item]]:
        for line in lines:
            value: Item = line.value if counts else in_unit(line.value, unit)
            parts: list[Item] = [line.on_day, line.project, line.number, line.investor, line.unit]
            yield [*parts, line.area, line.chain, value, line.note]

    sums: list[Item] = ["合计", f"{number} 行", *[None] * 5, total if counts else in_unit(total, unit), None]
    said = [period(asked), reading_in_use().words]
    said += [f"{label}：{member}" for label, member in asked.narrowed]
    name = name_of(asked)
    title = f"{name}（{'，'.join(said)}）"
    return send_table(title, columns, cells(), sums, conditions="；".join(said), sheet=name[:28], title=title)


def _has_backlog() -> bool:
    """Whether the basis of the page keeps the arrivals that were not recognised; today's have a page of their own."""
    reading, zone = reading_in_use(), current().zone
    day = reading.of(current().month).last_day
    return reading != LIVE and kept_backlog_rows(db(), zone.id, day, reading) is not None


def _elsewhere(code: str) -> Response | None:
    """Numbers whose rows have a page of their own."""
    family, month = code.split(".")[0], current().month
    if family in BACKLOG and not _has_backlog():
        state = BACKLOG[family].value
        return redirect(url_for("funds.list_arrivals", state=state, to=month.last_day))
    if family == BY_UNIT[0] or code == BY_UNIT[1]:
        return redirect(url_for(".catalogue", by="unit", month=str(month)))
    return None
