"""The rows behind one number, their sum, and what is said beside it."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.figures.queries import find_progress, list_rows
from app.figures.rules import CATALOGUE, Measure, TargetProgress, Values, WindowName
from app.journal.rules import Dimension
from app.kernel.periods import FIRST_YEAR, Window
from app.web.figures.asked import ALL, Asked, write_asked
from app.web.figures.basis import basis_parameters, keys_of, reading_in_use, whole_zone
from app.web.figures.explain import NAMES, explain
from app.web.figures.register import REGISTER, Line, list_lines
from app.web.lists import PAGE
from app.web.session import current, db

WINDOW_NAMES = {"month": "本月", "ytd": "累计", "last_year_ytd": "上年同期累计", ALL: "历年累计"}


def days(asked: Asked) -> Window:
    """The days whose facts the number adds up."""
    month = reading_in_use().of(current().month)
    if asked.window == ALL:
        return Window(month.last_day.replace(year=FIRST_YEAR, month=1, day=1), month.last_day)
    if asked.window == WindowName.month:
        return month.window
    return month.ytd if asked.window == WindowName.ytd else month.last_year.ytd


def period(asked: Asked) -> str:
    """The window in words: 2024年6月, 2024年上半年累计."""
    month = current().month
    if asked.window == WindowName.month:
        return month.label
    if asked.window == WindowName.ytd:
        return f"{month.year}年{month.period_label}累计"
    return f"{month.label}{WINDOW_NAMES[asked.window]}"


def lines_of(asked: Asked, page: str | None) -> tuple[list[Line], int, int, bool]:
    """The rows of a page (None: all of them), the number and the sum of all, and whether they are counted."""
    zone, month = current().zone, current().month
    at = int(page) if page and page.isascii() and page.isdigit() and len(page) < 9 else 1
    offset = 0 if page is None else max(0, at - 1) * PAGE
    limit = None if page is None else PAGE
    if not asked.is_figure:
        found = list_lines(
            db(),
            zone,
            month,
            asked.code,
            members=dict(asked.members),
            stage=asked.stage,
            project_id=asked.project_id,
            reading=reading_in_use(),
        )
        shown = found[offset:] if limit is None else found[offset : offset + limit]
        return shown, len(found), sum(line.value for line in found), REGISTER[asked.code].counts
    figure = CATALOGUE[asked.code]
    rows, number, total = list_rows(
        db(),
        zone,
        month,
        figure,
        days(asked),
        members=keys_of(asked.members),
        project_id=asked.project_id,
        offset=offset,
        limit=limit,
        reading=reading_in_use(),
    )
    return [_line(row) for row in rows], number, total, figure.measure is Measure.count


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


def name_of(asked: Asked) -> str:
    """The Chinese name of the figure."""
    return CATALOGUE[asked.code].name if asked.is_figure else REGISTER[asked.code].name


def definition(asked: Asked) -> str:
    """Its 口径."""
    return CATALOGUE[asked.code].definition if asked.is_figure else REGISTER[asked.code].definition


def day_label(asked: Asked) -> str:
    """What the day in its rows is."""
    if not asked.is_figure:
        return REGISTER[asked.code].day_label
    kinds = {"signed": "签约日期", "started": "开工日期", "produced": "投产日期", "funds": "到账日期"}
    return kinds[CATALOGUE[asked.code].kind.value]


def explained(asked: Asked) -> list[tuple[str, str]]:
    """What the number stands beside: windows, 同比, target; for the whole zone or some of it."""
    if not asked.is_figure or asked.window == ALL or asked.project_id is not None:
        return []
    values = whole_zone([asked.code], asked.members)[asked.code]
    unit = asked.members.get(Dimension.unit)
    aimed = len(asked.members) == (0 if unit is None else 1)
    target = find_target(asked.code, unit, values) if aimed else None
    return explain(asked.code, asked.derived, current().month, values, target)


def find_target(code: str, unit: str | None, values: Values) -> TargetProgress | None:
    """The figure against the target of the unit of that name (None: the whole zone)."""
    return find_progress(db(), current().zone, current().month, code, unit, values, reading=reading_in_use())


def behind(asked: Asked) -> dict[str, Any]:
    """What the rows of a number are shown with beside the matrix, the first page of them."""
    month, parameters = reading_in_use().of(current().month), write_asked(asked, current().month)
    parameters |= basis_parameters()
    lines, number, total, counts = lines_of(asked, "1")
    return {
        "asked": asked,
        "name": name_of(asked),
        "definition": definition(asked),
        "derived": NAMES.get(asked.derived, ""),
        "explained": explained(asked) if asked.derived else [],
        "lines": lines,
        "number": number,
        "total": total,
        "counts": counts,
        "days": days(asked) if asked.is_figure else None,
        "month": month,
        "period": period(asked),
        "year": days(asked).end.year if asked.is_figure else month.year,
        "of_unit": Dimension.unit in asked.members,
        "words": reading_in_use().words,
        "page": url_for("figures.show_figure", code=asked.code, **parameters),
        "export": url_for("figures.export_figure", code=asked.code, **parameters),
    }
