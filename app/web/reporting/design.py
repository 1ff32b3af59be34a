"""Tying a form: the sheet as it looks, its rows marked by clicking, its columns and cells tied to fields and figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.directory.queries import list_labels
from app.figures.rules import CATALOGUE
from app.journal.rules import Dimension
from app.kernel.errors import ConflictError, DomainError
from app.pipeline.queries import extra_heads
from app.pipeline.rules import Stage
from app.reporting.models import ReportForm
from app.reporting.operations import change_form, file_of
from app.reporting.queries import get_form
from app.reporting.queries.singles import PLACEHOLDERS
from app.reporting.rules import (
    DATE_STYLES,
    EXTRA_PREFIX,
    FIELDS,
    GROUPS,
    MONEY_ROWS,
    ORDERS,
    PROGRESS_STYLES,
    SIGNED,
    STANDINGS,
    STARTED,
    TOTALS,
    UNITS,
    WINDOWS,
)
from app.reporting.rules.grids import Grid
from app.reporting.rules.places import column_letters
from app.web.downloads import XLSX
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.reporting.blueprint import blueprint
from app.web.reporting.forms import PlainForm
from app.web.reporting.listing import ask_to_fill
from app.web.reporting.reading import read_design
from app.web.session import config, current, db

SPARE_CELLS = 3
CHOICES: dict[str, Any] = {
    "date_styles": DATE_STYLES,
    "progress_styles": PROGRESS_STYLES,
    "units": UNITS,
    "windows": WINDOWS,
    "orders": ORDERS,
    "groups": GROUPS,
    "totals": TOTALS,
    "signed_choices": SIGNED,
    "started_choices": STARTED,
    "money_choices": MONEY_ROWS,
    "standings": STANDINGS,
    "dimensions": list(Dimension),
    "figures": list(CATALOGUE.values()),
    "stages": list(Stage),
    "placeholders": PLACEHOLDERS,
}


@dataclass(frozen=True)
class ColumnRow:
    """One column (of one row of the project) in the panel."""

    offset: int
    letters: str
    head: str
    tie: Mapping[str, Any]
    formula: bool


@blueprint.route("/<int:form_id>", methods=["GET", "POST"])
@needs(Permission.make_form)
def design(form_id: int) -> BaseResponse:
    """The sheet and its ties; a posted page is tried on the template before it is kept."""
    report, form = get_form(db(), current().zone.id, form_id), PlainForm()
    sheet = _sheet(report, request.values.get("sheet", ""))
    setup = dict(report.setup.get(sheet["name"], {}))
    name = report.name
    if form.is_submitted():
        name = request.form.get("name", "")
        try:
            setup = read_design(request.form)
            _save(report, sheet["name"], name, setup)
        except ConflictError:
            raise
        except DomainError as error:
            refuse(form, error)
        else:
            if request.form.get("then") == "fill":
                return redirect(url_for(".show_fill", fill_id=ask_to_fill(report, current().month)), 303)
            flash("已保存")
            return redirect(url_for(".design", form_id=form_id, sheet=sheet["name"]), 303)
    return _page(report, sheet, setup, name, form)


@blueprint.get("/<int:form_id>/template.xlsx")
@needs(Permission.make_form)
def download_template(form_id: int) -> BaseResponse:
    """The workbook as it was uploaded."""
    form = get_form(db(), current().zone.id, form_id)
    path = file_of(config().instance_path, form)
    return send_file(path, XLSX, as_attachment=True, download_name=form.file_name)


def _save(report: ReportForm, sheet: str, name: str, setup: Mapping[str, Any]) -> None:
    version = request.form.get("version", "")
    change_form(
        db(),
        current().actor,
        report,
        name=name,
        sheet=sheet,
        found=setup,
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
        folder=config().instance_path,
    )


def _sheet(report: ReportForm, asked: str) -> Mapping[str, Any]:
    shown = [sheet for sheet in report.layout["sheets"] if not sheet["hidden"] and sheet["cells"]]
    found: Mapping[str, Any] = next((sheet for sheet in shown if sheet["name"] == asked), shown[0])
    return found


def _page(
    report: ReportForm, sheet: Mapping[str, Any], setup: Mapping[str, Any], name: str, form: PlainForm
) -> BaseResponse:
    zone_id = current().zone.id
    extras = extra_heads(db(), zone_id)
    return show_form(
        "reporting/design.html",
        form,
        report=report,
        name=name,
        sheet=sheet,
        sheets=[one["name"] for one in report.layout["sheets"] if not one["hidden"] and one["cells"]],
        setup=setup,
        rows=setup.get("rows", {}),
        grid=grid_rows(sheet),
        letters=[column_letters(number) for number in range(1, sheet["columns"] + 1)],
        columns=_columns(sheet, setup),
        singles=[*setup.get("singles", {}).items(), *([("", {})] * SPARE_CELLS)],
        fields=_offered(extras),
        kinds={field.key: field.kind.value for field in FIELDS.values()},
        lists=list_labels(db(), zone_id, "unit", "area", "chain"),
        month=current().month,
        **CHOICES,
    )


def _offered(extras: list[str]) -> dict[str, list[tuple[str, str]]]:
    """The fields under their headings."""
    found: dict[str, list[tuple[str, str]]] = {}
    for field in FIELDS.values():
        found.setdefault(field.group, []).append((field.key, field.name))
    if extras:
        found["台账附加列"] = [(f"{EXTRA_PREFIX}{head}", head) for head in extras]
    return found


def _columns(sheet: Mapping[str, Any], setup: Mapping[str, Any]) -> list[ColumnRow]:
    """The columns of the data rows with their heads."""
    grid = Grid.of(sheet)
    first, last = int(setup.get("head_first") or 0), int(setup.get("head_last") or 0)
    data = int(setup.get("data_row") or 0)
    found = []
    for offset in range(min(int(setup.get("block") or 1), 4)):
        for number in range(1, sheet["columns"] + 1):
            letters = column_letters(number)
            head = " / ".join(grid.path(number, first, last)) if first else ""
            tie = setup.get("ties", {}).get(f"{letters}{data + offset}", {})
            formula = bool(grid.looks.get((data + offset, number), {}).get("f"))
            found.append(ColumnRow(offset, letters, head, tie, formula))
    return found


def grid_rows(sheet: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """The sheet as rows of table cells; cells under a merged one are left out."""
    texts = {(row, column): (text, look) for row, column, text, look in sheet["cells"]}
    spans = {
        (top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet["merged"]
    }
    covered = {
        (row, column)
        for top, left, bottom, right in sheet["merged"]
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - spans.keys()
    rows = []
    for row in range(1, sheet["rows"] + 1):
        cells = []
        for column in range(1, sheet["columns"] + 1):
            if (row, column) not in covered:
                text, look = texts.get((row, column), ("", {}))
                height, width = spans.get((row, column), (1, 1))
                cells.append(
                    {
                        "at": f"{column_letters(column)}{row}",
                        "text": text,
                        "look": look,
                        "height": min(height, sheet["rows"] - row + 1),
                        "width": min(width, sheet["columns"] - column + 1),
                        "size": _size(look.get("s", 11)),
                        "spills": _spills(texts, covered | spans.keys(), row, column),
                    }
                )
        rows.append(cells)
    return rows


def _spills(texts: Mapping[Any, Any], merged: Collection[tuple[int, int]], row: int, column: int) -> bool:
    """Whether the text of a cell runs on over the next one, as Excel shows it: without edges, beside an empty cell."""
    text, look = texts.get((row, column), ("", {}))
    beside = (row, column + 1)
    free = beside not in merged and not texts.get(beside, ("", {}))[0]
    return bool(text) and (row, column) not in merged and not look.get("e") and not look.get("f") and free


def _size(points: float) -> str:
    """A class for the size of the words: small, usual, large, a title."""
    return "s0" if points < 10 else "s1" if points < 13 else "s2" if points < 17 else "s3"
