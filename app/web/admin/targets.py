"""Annual targets: a sheet of units by figures, a year at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.directory.queries import labels
from app.figures.rules import CATALOGUE, TARGET_BY_LABEL, WHOLE_ZONE, Figure, Measure
from app.kernel.errors import DomainError
from app.kernel.money import cut_zeros, in_unit, parse_fen, parse_number
from app.kernel.periods import FIRST_YEAR, LAST_YEAR
from app.ledger.workbook.writing import Column, Item
from app.targets.operations import set_targets
from app.targets.queries import list_targets
from app.web.admin.blueprint import blueprint
from app.web.downloads import send_table
from app.web.guards import needs
from app.web.session import current, db

USUAL = (
    "funds.amount",
    "signed.count",
    "signed.amount",
    "signed_big.count",
    "started_big.count",
    "produced.count",
)
UNIT = "万元"
LABEL_OF_TARGET = {code: label for label, code in reversed(TARGET_BY_LABEL.items())}
"""指标 as a ledger names it; of two names for one the first."""


@dataclass
class Sheet:
    """What stands in the cells, by ``"unit id-figure"`` (0: the whole zone), and what is wrong with some."""

    year: int
    units: dict[int, str]
    figures: list[Figure]
    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    sums: dict[str, str] = field(default_factory=dict)


@blueprint.route("/targets", methods=["GET", "POST"])
@needs(Permission.administer)
def change_targets() -> Response:
    """Show and set the targets of one year."""
    sheet = _stored_sheet(_year())
    if request.method == "POST":
        values = _read(sheet)
        if not sheet.errors:
            try:
                changed = set_targets(db(), current().actor, year=sheet.year, values=values)
            except DomainError as error:
                sheet.errors[error.field or ""] = error.message
            else:
                flash(f"{sheet.year} 年目标已保存，改动 {changed} 项")
                return redirect(url_for(".change_targets", year=sheet.year), 303)
    return make_response(render_template("admin/targets.html", sheet=sheet), 422 if sheet.errors else 200)


@blueprint.get("/targets/export.xlsx")
@needs(Permission.administer)
def export_targets() -> Response:
    """The targets of one year as the ledger's own sheet 年度目标 writes them, so that they can be taken in again."""
    year, zone = _year(), current().zone
    units: dict[int | None, str] = {None: WHOLE_ZONE}
    for unit_id, name in labels(db(), zone.id, "unit").items():
        units[unit_id] = name
    places = {(unit, code): place for place, (unit, code) in enumerate(product(units, CATALOGUE))}
    stored = sorted(list_targets(db(), zone.id, year).items(), key=lambda one: places[one[0]])
    rows: list[list[Item]] = [
        [
            str(year),
            units[unit],
            LABEL_OF_TARGET[code],
            _number(CATALOGUE[code], target.value),
            CATALOGUE[code].unit,
        ]
        for (unit, code), target in stored
    ]
    columns = [
        Column("年度", width=8),
        Column("责任单位", width=18),
        Column("指标", width=28),
        Column("目标值", "amount", 16),
        Column("单位", width=8),
    ]
    return send_table(f"{zone.name}{year}年度目标", columns, rows, None, sheet="年度目标")


def _number(figure: Figure, value: int) -> Decimal:
    return Decimal(value) if figure.measure is Measure.count else in_unit(value, UNIT)


def _year() -> int:
    """The year asked for, else that of the month in work. Raises ``DomainError`` for one that is none."""
    text = request.args.get("year")
    if text is None:
        return current().month.year
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:9]) <= LAST_YEAR):
        raise DomainError(f"年度“{text[:10]}”无法识别，请写成 2024 的形式")
    return int(text)


def _stored_sheet(year: int) -> Sheet:
    zone_id = current().scope.zone_id
    stored = list_targets(db(), zone_id, year)
    shown = set(USUAL) | {figure for _unit, figure in stored}
    units = {0: WHOLE_ZONE, **labels(db(), zone_id, "unit")}
    sheet = Sheet(year, units, [figure for code, figure in CATALOGUE.items() if code in shown])
    for (unit_id, code), target in stored.items():
        sheet.texts[f"{unit_id or 0}-{code}"] = _as_text(CATALOGUE[code], target.value)
    for figure in sheet.figures:
        whole = sum(
            target.value for (unit_id, code), target in stored.items() if unit_id and code == figure.code
        )
        sheet.sums[figure.code] = _as_text(figure, whole) if whole else ""
    return sheet


def _as_text(figure: Figure, value: int) -> str:
    return str(value) if figure.measure is Measure.count else cut_zeros(in_unit(value, UNIT))


def _read(sheet: Sheet) -> dict[tuple[int | None, str], int | None]:
    """The values of all cells; what cannot be read goes to ``sheet.errors``."""
    values: dict[tuple[int | None, str], int | None] = {}
    for unit_id in sheet.units:
        for figure in sheet.figures:
            key = f"{unit_id}-{figure.code}"
            text = sheet.texts[key] = request.form.get(key, "").strip()
            try:
                values[unit_id or None, figure.code] = _value(figure, text) if text else None
            except DomainError as error:
                sheet.errors[key] = error.message
    return values


def _value(figure: Figure, text: str) -> int:
    if figure.measure is Measure.amount:
        return parse_fen(text, UNIT)
    number = parse_number(text)
    if number != number.to_integral_value() or not 0 < number < 1_000_000:
        raise DomainError("请填大于零的整数")
    return int(number)
