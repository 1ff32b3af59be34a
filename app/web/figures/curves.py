"""One figure through the year and over its members: the table beside the curve, and what the curve is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Response, jsonify, request, url_for

from app.accounts.rules import Permission
from app.figures.queries import MonthSums, month_series
from app.figures.rules import CATALOGUE, Measure, Values, get_figure, growth_percent
from app.kernel.money import amount_text, in_unit
from app.kernel.periods import Month
from app.web.figures.basis import basis_words, by_member, keys_of, parameters_of, reading_in_use, whole_zone
from app.web.figures.behind import find_target
from app.web.figures.blueprint import blueprint
from app.web.figures.shown import Shown, read_shown
from app.web.guards import needs
from app.web.session import current, db, unit_in_use


@dataclass(frozen=True)
class YearMonth:
    """A month of the year beside that of last year; what has not come yet is None."""

    month: Month
    now: MonthSums | None
    before: MonthSums

    @property
    def yoy_percent(self) -> Decimal | None:
        """同比 of the year so far."""
        return growth_percent(self.now.ytd, self.before.ytd) if self.now else None


def year_of(shown: Shown, values: Values) -> list[YearMonth]:
    """The twelve months of the figure shown in full; this month's own number is that of the matrix, ``values``."""
    figure, month = CATALOGUE[shown.code], current().month
    now, before = month_series(
        db(), current().zone, month, figure, members=keys_of(shown.members), reading=reading_in_use()
    )
    now[-1] = MonthSums(now[-1].month, values.month, now[-1].ytd)
    return [
        YearMonth(
            Month(month.year, each.month.month, each.month.cutoff), now[i] if i < len(now) else None, each
        )
        for i, each in enumerate(before)
    ]


def address_of(shown: Shown, month: Month, window: str) -> str:
    """The rows behind one month's number."""
    parameters: dict[str, Any] = shown.narrowed() | parameters_of(month)
    return url_for(".show_figure", code=shown.code, month=str(month), w=window, **parameters)


@blueprint.get("/<code>/series.json")
@needs(Permission.read)
def read_series(code: str) -> Response:
    """The months and members of one figure for its charts: numbers for the drawing, and as they are printed."""
    figure = get_figure(code)
    shown = read_shown(request.args, code=figure.code)
    values = whole_zone([shown.code], shown.members)[shown.code]
    parts = by_member(shown.by, [shown.code], shown.members).get(shown.code, {})
    months = year_of(shown, values)
    target = None if shown.members else find_target(shown.code, None, values)
    counts = CATALOGUE[shown.code].measure is Measure.count
    return jsonify(
        code=shown.code,
        name=figure.name,
        unit="个" if counts else unit_in_use(),
        basis=basis_words()["reading"].words,
        month=str(current().month),
        year=current().month.year,
        months=[f"{each.month.month}月" for each in months],
        within=_numbers([each.now.within if each.now else None for each in months], counts),
        ytd=_numbers([each.now.ytd if each.now else None for each in months], counts),
        last_within=_numbers([each.before.within for each in months], counts),
        last_ytd=_numbers([each.before.ytd for each in months], counts),
        target=_numbers([target.target if target else None], counts),
        members=list(parts),
        parts=_numbers([found.ytd for found in parts.values()], counts),
        last_parts=_numbers([found.last_year_ytd for found in parts.values()], counts),
        total=_numbers([values.ytd], counts),
    )


def _numbers(values: Sequence[int | None], counts: bool) -> dict[str, list[Any]]:
    """``at``: where to draw, in the page's unit; ``text``: as printed."""
    unit = unit_in_use()
    if counts:
        return {"at": list(values), "text": ["" if v is None else f"{v:,}" for v in values]}
    return {
        "at": [None if v is None else float(in_unit(v, unit)) for v in values],
        "text": ["" if v is None else amount_text(v, unit) for v in values],
    }
