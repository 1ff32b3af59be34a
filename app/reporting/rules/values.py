"""Values as they are written into cells: plain JSON for the child, see ``reporting.workbook.filling``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.kernel.money import in_unit
from app.kernel.text import has_control
from app.pipeline.rules import Stage
from app.reporting.rules.fields import DATE_FORMATS, Kind, field_of
from app.reporting.rules.setup import Tie

Value = dict[str, Any]
BLANK: Value = {"t": "blank"}


def text(found: object) -> Value:
    """A text without control characters; the child sees to it that it stays text."""
    said = "".join(c for c in str(found) if c == "\n" or not has_control(c)) if found is not None else ""
    return {"t": "text", "v": said} if said else BLANK


def number(found: int | Decimal, form: str, *, own: bool = False) -> Value:
    """A number with the format it has where the template has none; ``own``: in any case."""
    return {"t": "number", "v": f"{Decimal(found):f}", "f": form, "own": own}


def amount(fen: int | None, unit: str, places: int) -> Value:
    """The exact amount in its unit, shown with so many decimals (rounding is only for the eye)."""
    form = f"#,##0{'.' + '0' * places if places else ''}"
    return BLANK if fen is None else number(in_unit(fen, unit), form)


def key_of(tie: Tie) -> str:
    """Under which key a record holds what the tie shows: money of a period and progress of a length have their own."""
    if tie.field in ("funds_year", "funds_in"):
        return f"{tie.field}:{tie.text}"
    return f"progress:{tie.style}" if tie.field == "progress" else tie.field


def value_of(tie: Tie, values: Mapping[str, Any], serial: int) -> Value:
    """What stands in the tied column for a project."""
    known = field_of(tie.field)
    kind = known.kind if known else Kind.blank
    found = values.get(key_of(tie))
    if kind is Kind.serial:
        return number(serial, "0")
    if kind is Kind.constant:
        return text(tie.text)
    if kind is Kind.blank or found is None:
        return BLANK
    if kind in (Kind.amount, Kind.count, Kind.area):
        return summed(tie, found)
    if kind is Kind.percent:
        return number(Decimal(found) / 100, "0.0%")
    if kind is Kind.date:
        return {"t": "date", "v": found.isoformat(), "f": DATE_FORMATS[tie.style], "own": bool(tie.style)}
    if kind is Kind.progress:
        return text(progress_text(found))
    return text(found.label if isinstance(found, Stage) else found)


def summed(tie: Tie, found: int) -> Value:
    """A sum (or one value) of a column that is added up."""
    known = field_of(tie.field)
    if known is not None and known.kind is Kind.amount:
        return amount(found, tie.unit, tie.places)
    if known is not None and known.kind is Kind.area:
        return number(Decimal(found) / 100, "#,##0.00")
    return number(found, "#,##0")


def progress_text(entries: Sequence[Any]) -> str:
    """1、6月3日，谈用地。 one line an entry; a single one without its number."""
    said = [f"{day_text(entry.on_day)}，{entry.text.strip().rstrip('。；;')}" for entry in entries]
    if len(said) == 1:
        return f"{said[0]}。"
    return "\n".join(
        f"{place}、{line}{'。' if place == len(said) else '；'}" for place, line in enumerate(said, 1)
    )


def day_text(day: dt.date) -> str:
    """6月3日"""
    return f"{day.month}月{day.day}日"
