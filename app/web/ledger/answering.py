"""What a person says about a form on the page 识别表头, put into the answers kept with the import."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, IntegerField
from wtforms.validators import Optional

from app.kernel.errors import DomainError
from app.kernel.text import clean
from app.web.forms import Form, TextField


class AnswerForm(Form):
    """One thing said: a column's field or unit, the heads' rows, the year, a value for all rows …"""

    sheet = HiddenField()
    letters = HiddenField()
    field = HiddenField()
    unit = HiddenField()
    forget = HiddenField()
    head_first = IntegerField(validators=[Optional()])
    head_last = IntegerField(validators=[Optional()])
    skip = HiddenField()
    kind = HiddenField()
    year = IntegerField("年份", validators=[Optional()])
    accept_totals = HiddenField()
    default_of = HiddenField()
    default = TextField("统一填写", longest=60)
    word_of = HiddenField()
    word = HiddenField()
    meaning = HiddenField()
    rate = TextField("折算汇率", longest=20)


def answered(before: dict[str, Any] | None, form: AnswerForm) -> dict[str, Any]:
    """The answers with what ``form`` says; whether its words are known is for ``read_answers`` to tell."""
    answers: dict[str, Any] = {key: _copy(value) for key, value in (before or {}).items()}
    sheet = form.sheet.data or ""
    if form.letters.data:
        _say_column(answers, sheet, form)
    elif form.unit.data:
        answers["unit"] = form.unit.data
    _say_sheet(answers, sheet, form)
    if form.accept_totals.data in ("0", "1"):
        answers["accept_totals"] = form.accept_totals.data == "1"
    if form.default_of.data:
        _say_default(answers, form)
    if form.word_of.data and form.word.data:
        answers.setdefault("values", {}).setdefault(form.word_of.data, {})[form.word.data] = form.meaning.data
    if form.rate.text:
        answers.setdefault("rates", {})["美元"] = form.rate.text
    return answers


def _say_sheet(answers: dict[str, Any], sheet: str, form: AnswerForm) -> None:
    """Heads, kind and year of a sheet, and whether it is taken in."""
    if form.head_first.data:
        first, last = form.head_first.data, form.head_last.data or form.head_first.data
        answers.setdefault("heads", {})[sheet] = [min(first, last), max(first, last)]
    elif form.forget.data == "heads":
        answers.get("heads", {}).pop(sheet, None)
    if form.skip.data in ("0", "1"):
        skipped = {name for name in answers.get("skip", []) if name != sheet}
        answers["skip"] = sorted(skipped | ({sheet} if form.skip.data == "1" else set()))
    if form.kind.data:
        answers.setdefault("kinds", {})[sheet] = form.kind.data
    if form.year.data:
        answers.setdefault("years", {})[sheet] = form.year.data


def _say_column(answers: dict[str, Any], sheet: str, form: AnswerForm) -> None:
    for letters in (form.letters.data or "").split():
        key = f"{sheet}!{letters}"
        if form.forget.data == "column":
            answers.get("columns", {}).pop(key, None)
            answers.get("units", {}).pop(key, None)
        if form.field.data:
            answers.setdefault("columns", {})[key] = form.field.data
        if form.unit.data:
            answers.setdefault("units", {})[key] = form.unit.data


def _say_default(answers: dict[str, Any], form: AnswerForm) -> None:
    """A field without a column: one of the table's columns, or one value for every row."""
    value = clean(form.default.text)
    if not value:
        raise DomainError(f"请填写“{form.default_of.data}”，或在表头上指定是哪一列")
    answers.setdefault("defaults", {})[form.default_of.data] = value


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else value
