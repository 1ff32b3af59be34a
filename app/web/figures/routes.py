"""统计: the matrix of figures of a month, and the rows behind each number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.figures.queries import find_members, find_progress, list_rows, target_progress
from app.figures.rules import CATALOGUE, WHOLE_ZONE, Measure, TargetProgress, Values, WindowName
from app.funds.rules import ReviewState
from app.journal.rules import Dimension
from app.kernel.errors import DomainError
from app.kernel.money import in_unit
from app.kernel.periods import FIRST_YEAR, Window
from app.ledger.workbook.writing import Column, Item
from app.web.downloads import send_table
from app.web.figures.asked import ALL, Asked, read_asked, write_asked
from app.web.figures.basis import (
    as_issued,
    bases_offered,
    basis_parameters,
    by_member,
    reading_in_use,
    whole_zone,
)
from app.web.figures.explain import NAMES, explain
from app.web.figures.matrix import BY, GROUPS, matrix
from app.web.figures.register import REGISTER, Line, list_lines
from app.web.guards import needs
from app.web.lists import PAGE, read_page
from app.web.session import current, db, unit_in_use

blueprint = Blueprint("figures", __name__, url_prefix="/figures")
BACKLOG = {"funds_pending": ReviewState.pending, "funds_returned": ReviewState.returned}
BY_UNIT = ("units", "funds.rank")
"""Rankings and counts of units lead to the matrix by unit."""
WINDOW_NAMES = {"month": "本月", "ytd": "累计", "last_year_ytd": "上年同期累计", ALL: "历年累计"}


@blueprint.get("")
@needs(Permission.read)
def catalogue() -> str:
    """Every figure of the month in its windows, or by the members of a dimension; targets beside."""
    zone, month = current().zone, current().month
    by = next((dimension for dimension in BY if dimension.value == request.args.get("by")), None)
    window = WindowName.month if request.args.get("w") == "month" else WindowName.ytd
    whole = whole_zone()
    parts = by_member(by) if by else {}
    by_unit = parts if by is Dimension.unit else None
    progress = target_progress(db(), zone, month, whole=whole, by_unit=by_unit, reading=reading_in_use())
    return render_template(
        "figures/matrix.html" if by else "figures/catalogue.html",
        month=month,
        by=by,
        dimensions=BY,
        window=window,
        figures=CATALOGUE,
        whole=whole,
        targets={(p.unit, p.figure): p for p in progress},
        groups=GROUPS,
        rows=matrix(parts, whole, progress, by, window) if by else [],
        **_basis(),
        WHOLE_ZONE=WHOLE_ZONE,
    )


@blueprint.get("/<code>")
@needs(Permission.read)
def show_figure(code: str) -> str | Response:
    """The rows behind one number: their sum is the number."""
    elsewhere = _elsewhere(code)
    if elsewhere is not None:
        return elsewhere
    month, asked = reading_in_use().of(current().month), read_asked(code, request.args)
    lines, number, total, counts = _lines(asked, request.args.get("page", "1"))
    page, pages = read_page(request.args, number)
    parameters = write_asked(asked, month) | basis_parameters()
    return render_template(
        "figures/figure.html",
        asked=asked,
        month=month,
        name=CATALOGUE[asked.code].name if asked.is_figure else REGISTER[asked.code].name,
        definition=_definition(asked),
        explained=_explained(asked),
        derived=NAMES.get(asked.derived, ""),
        lines=lines,
        number=number,
        total=total,
        counts=counts,
        day_label=_day_label(asked),
        page=page,
        pages=pages,
        windows=WINDOW_NAMES,
        days=_days(asked) if asked.is_figure else None,
        parameters=parameters,
        **_basis(),
        export=url_for(".export_figure", code=asked.code, **parameters),
    )


def _basis() -> dict[str, Any]:
    """What the switch of bases needs."""
    reading = reading_in_use()
    return {
        "reading": reading,
        "on_basis": basis_parameters(),
        "bases": bases_offered(),
        "as_issued": as_issued(),
    }


@blueprint.get("/<code>/export.xlsx")
@needs(Permission.read)
def export_figure(code: str) -> Response:
    """All rows behind one number, with their sum."""
    asked, unit = read_asked(code, request.args), unit_in_use()
    lines, number, total, counts = _lines(asked, None)
    name = CATALOGUE[asked.code].name if asked.is_figure else REGISTER[asked.code].name
    amount = Column("个数", "count", 8) if counts else Column(f"金额（{unit}）", "amount", 16)
    columns = [
        Column(_day_label(asked), "date", 12),
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
    title = f"{name}（{current().month.label}{WINDOW_NAMES[asked.window]}，{reading_in_use().words}）"
    return send_table(title, columns, cells(), sums, sheet=name[:28], title=title)


def _elsewhere(code: str) -> Response | None:
    """Numbers whose rows have a page of their own."""
    family, month = code.split(".")[0], current().month
    if family in BACKLOG:
        state = BACKLOG[family].value
        return redirect(url_for("funds.list_arrivals", state=state, to=month.last_day))
    if family == BY_UNIT[0] or code == BY_UNIT[1]:
        return redirect(url_for(".catalogue", by="unit", month=str(month)))
    return None


def _days(asked: Asked) -> Window:
    month = reading_in_use().of(current().month)
    if asked.window == ALL:
        return Window(month.last_day.replace(year=FIRST_YEAR, month=1, day=1), month.last_day)
    if asked.window == WindowName.month:
        return month.window
    return month.ytd if asked.window == WindowName.ytd else month.last_year.ytd


def _lines(asked: Asked, page: str | None) -> tuple[list[Line], int, int, bool]:
    """The rows of a page (None: all of them), the number and the sum of all, and whether they are counted."""
    zone, month = current().zone, current().month
    at = int(page) if page and page.isascii() and page.isdigit() and len(page) < 9 else 1
    offset = 0 if page is None else max(0, at - 1) * PAGE
    limit = None if page is None else PAGE
    if not asked.is_figure:
        if reading_in_use().seq is not None:
            raise DomainError(f"{REGISTER[asked.code].name}按期末的在册情况现算，只有实时数")
        found = list_lines(
            db(),
            zone,
            month,
            asked.code,
            members=dict(asked.members),
            stage=asked.stage,
            project_id=asked.project_id,
        )
        shown = found[offset:] if limit is None else found[offset : offset + limit]
        return shown, len(found), sum(line.value for line in found), REGISTER[asked.code].counts
    figure = CATALOGUE[asked.code]
    rows, number, total = list_rows(
        db(),
        zone,
        month,
        figure,
        _days(asked),
        members={
            d: find_members(db(), zone, d, name, reading=reading_in_use())
            for d, name in asked.members.items()
        },
        project_id=asked.project_id,
        offset=offset,
        limit=limit,
        reading=reading_in_use(),
    )
    lines = [_line(row) for row in rows]
    return lines, number, total, figure.measure is Measure.count


def _line(row: Any) -> Line:
    return Line(
        project_id=row.project_id,
        number=row.number,
        project=row.project,
        investor=row.investor,
        unit=row.unit,
        area=row.area,
        chain=row.chain,
        on_day=row.on_day,
        value=row.value,
        note=row.voucher or "",
    )


def _definition(asked: Asked) -> str:
    return CATALOGUE[asked.code].definition if asked.is_figure else REGISTER[asked.code].definition


def _day_label(asked: Asked) -> str:
    if not asked.is_figure:
        return REGISTER[asked.code].day_label
    kinds = {"signed": "签约日期", "started": "开工日期", "produced": "投产日期", "funds": "到账日期"}
    return kinds[CATALOGUE[asked.code].kind.value]


def _explained(asked: Asked) -> list[tuple[str, str]]:
    """What the number stands beside: windows, 同比, target; for the whole zone or one member."""
    if not asked.is_figure or asked.window == ALL or asked.project_id is not None or len(asked.members) > 1:
        return []
    month, code = current().month, asked.code
    unit: str | None = None
    if not asked.members:
        values = whole_zone([code])[code]
    else:
        dimension, name = next(iter(asked.members.items()))
        found = by_member(dimension, [code]).get(code, {})
        if name not in found:
            return []
        values, unit = found[name], name if dimension is Dimension.unit else ""
    return explain(code, asked.derived, month, values, _target(code, unit, values))


def _target(code: str, unit: str | None, values: Values) -> TargetProgress | None:
    if unit == "":
        return None
    return find_progress(db(), current().zone, current().month, code, unit, values, reading=reading_in_use())
