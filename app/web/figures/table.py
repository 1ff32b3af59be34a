"""The matrix on a page and as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.directory.rules import OriginGroup
from app.figures.queries import target_progress
from app.figures.queries.basis import names_of
from app.figures.rules import CATALOGUE, NONE_LABEL, TargetProgress, Values, WindowName, share_percent
from app.funds.rules import SOURCE_LABELS
from app.investors.rules import InvestorType
from app.journal.rules import Basis, Dimension
from app.kernel.money import in_unit
from app.ledger.workbook.writing import Column, Item
from app.web.downloads import send_table
from app.web.figures.asked import Asked, parameter_of
from app.web.figures.basis import (
    as_issued,
    basis_parameters,
    basis_words,
    by_member,
    reading_in_use,
    whole_zone,
)
from app.web.figures.behind import behind
from app.web.figures.blueprint import blueprint
from app.web.figures.curves import address_of, year_of
from app.web.figures.matrix import Cell, Head, Matrix, Row, make_matrix
from app.web.figures.register import REGISTER
from app.web.figures.shown import GROUPS, MORE, OFFERED, SHORT, SWITCH, Shown, read_shown
from app.web.guards import needs
from app.web.lists import Chip, in_words
from app.web.session import current, db, unit_in_use

ALL_FIGURES = "all"
Parts = dict[str, dict[str, Values]]


@blueprint.get("")
@needs(Permission.read)
def catalogue() -> str:
    """The figures of the month by the members of a dimension, or all of them for the whole zone."""
    if request.args.get("by") == ALL_FIGURES:
        return _all_figures()
    shown = read_shown(request.args)
    matrix = _read(shown)
    month = reading_in_use().of(current().month)
    usual = Asked(shown.code, shown.window.value, "", shown.members)
    return render_template(
        "figures/matrix.html",
        shown=shown,
        matrix=matrix,
        month=month,
        months=year_of(shown, matrix.total.values),
        figures=CATALOGUE,
        short=SHORT,
        groups=GROUPS,
        register=REGISTER,
        offered=[(d, SWITCH.get(d, d.label)) for d in OFFERED],
        more=[(d, SWITCH.get(d, d.label)) for d in MORE],
        chips=_chips(shown),
        narrowing=_narrowing(shown),
        windows=WindowName.__members__,
        share=share_percent,
        keep=lambda **gone: _kept(shown, *gone),
        keep_all=_kept(shown, *(parameter_of(d) for d in Dimension)),
        page=lambda **changes: url_for(".catalogue", **_address(shown, **changes)),
        rows_of=lambda cell, row: _rows_of(shown, cell, row),
        member_page=lambda row: _member_page(shown, row),
        address_of=lambda at, window: address_of(shown, at, window),
        series=url_for(".read_series", code=shown.code, **_address(shown)),
        export=url_for(".export_matrix", **_address(shown)),
        behind=behind(usual),
        **basis_words(),
    )


@blueprint.get("/export.xlsx")
@needs(Permission.read)
def export_matrix() -> Response:
    """The matrix as it is shown, with month, basis and filters in its head."""
    shown, unit = read_shown(request.args), unit_in_use()
    matrix = _read(shown)
    columns = [Column(shown.by.label, width=18), *(_column(head, unit) for head in matrix.heads)]

    def items(row: Row) -> Iterator[Item]:
        yield row.member
        for cell in row.cells:
            money = cell.head.what in ("month", "ytd", "last_year_ytd", "target") and not cell.head.counts
            yield in_unit(int(cell.value), unit) if money and cell.value is not None else cell.value

    month = current().month.label
    said = "，".join([f"按{shown.by.label}", reading_in_use().words, *shown.words])
    name = f"统计（{month}，{said}）"
    rows = (list(items(row)) for row in matrix.members)
    narrowed = in_words(_chips(shown))
    return send_table(
        name, columns, rows, list(items(matrix.total)), conditions=narrowed, sheet="统计", title=name
    )


def _all_figures() -> str:
    whole, month = whole_zone(), current().month
    progress = target_progress(db(), current().zone, month, whole=whole, reading=reading_in_use())
    return render_template(
        "figures/catalogue.html",
        month=month,
        figures=CATALOGUE,
        whole=whole,
        targets={(p.unit, p.figure): p for p in progress},
        **basis_words(),
    )


def _read(shown: Shown) -> Matrix:
    whole = whole_zone(shown.codes, shown.members)
    parts = by_member(shown.by, shown.codes, shown.members)
    return make_matrix(shown, parts, whole, _progress(shown, whole, parts))


def _progress(shown: Shown, whole: dict[str, Values], parts: Parts) -> list[TargetProgress]:
    """Targets are set for units and the whole zone, and for nothing narrower."""
    if shown.members:
        return []
    by_unit = parts if shown.by is Dimension.unit else None
    return target_progress(
        db(),
        current().zone,
        current().month,
        whole=whole,
        by_unit=by_unit,
        codes=[shown.code],
        units=shown.by is Dimension.unit,
        reading=reading_in_use(),
    )


def _address(shown: Shown, **changes: Any) -> dict[str, Any]:
    last_year = {"last_year": request.args["last_year"]} if as_issued() else {}
    return {"month": str(current().month), **shown.address(**changes), **basis_parameters(), **last_year}


def _kept(shown: Shown, *gone: str) -> dict[str, Any]:
    """The parameters of this page without some, for the hidden fields of a form."""
    return {name: value for name, value in _address(shown).items() if name not in gone}


def _rows_of(shown: Shown, cell: Cell, row: Row) -> str:
    """Where a number leads: to its rows, on its basis."""
    month, basis, window = current().month, basis_parameters(), cell.head.what
    if window == "last_year_ytd" and as_issued():
        month, basis, window = month.last_year, {"basis": Basis.closed.value}, "ytd"
    narrowed: dict[str, Any] = shown.narrowed(None if row.is_total else row.member)
    narrowed |= basis
    return url_for(".show_figure", code=cell.head.code, month=str(month), w=window, **narrowed)


def _member_page(shown: Shown, row: Row) -> str:
    """The same matrix for one member, by another dimension."""
    by = Dimension.unit if shown.by is not Dimension.unit else Dimension.chain
    members = {d: name for d, name in shown.members.items() if d is not by} | {shown.by: row.member}
    return url_for(".catalogue", **_address(shown, by=by, members=members))


def _chips(shown: Shown) -> list[Chip]:
    def without(gone: Dimension) -> str:
        members = {d: name for d, name in shown.members.items() if d is not gone}
        return url_for(".catalogue", **_address(shown, members=members))

    return [Chip(d.label, name, without(d)) for d, name in shown.members.items()]


def _narrowing(shown: Shown) -> list[tuple[str, str, list[str], str]]:
    """What the matrix can be narrowed to: parameter, label, names, and the one chosen."""

    def names(dimension: Dimension) -> Iterable[str]:
        if dimension is Dimension.source:
            return SOURCE_LABELS.values()
        if dimension is Dimension.investor_type:
            return [kind.label for kind in InvestorType]
        if dimension is Dimension.origin:
            return [group.value for group in OriginGroup]
        return [*names_of(db(), current().zone.id, reading_in_use(), dimension.value).values(), NONE_LABEL]

    lists = (Dimension.unit, Dimension.area, Dimension.chain)
    offered = [d for d in (*lists, Dimension.origin, Dimension.investor_type) if d is not shown.by]
    if CATALOGUE[shown.code].applies(Dimension.source) and shown.by is not Dimension.source:
        offered.append(Dimension.source)
    found = []
    for dimension in offered:
        known, chosen = list(names(dimension)), shown.members.get(dimension, "")
        if chosen and chosen not in known:
            known.append(chosen)
        found.append((parameter_of(dimension), dimension.label, known, chosen))
    return found


def _column(head: Head, unit: str) -> Column:
    name = SHORT[head.code]
    if head.what == "yoy":
        return Column(f"{name}同比", "percent", 10)
    if head.what == "done":
        return Column(f"{name}完成率（%）", "amount", 12)
    if head.what == "ahead":
        return Column(f"{name}超（欠）进度（个百分点）", "amount", 14)
    window = {"month": "本月", "ytd": "累计", "last_year_ytd": "上年同期", "target": "年度目标"}[head.what]
    if head.counts:
        return Column(f"{name}{window}（个）", "count", 12)
    return Column(f"{name}{window}（{unit}）", "amount", 16)
