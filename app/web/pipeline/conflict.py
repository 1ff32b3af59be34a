"""Two people saved the same project: the second sees both versions, field by field, and chooses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField

from app.kernel.money import amount_text, cut_zeros
from app.web.forms import AmountField, Form, PickField
from app.web.pipeline.words import NOTHING

BASE = "base"
"""The hidden field that holds what the form said when it was opened."""


@dataclass(frozen=True)
class Difference:
    """One field on which the two versions differ; ``take_theirs`` is what the page proposes."""

    name: str
    label: str
    mine: str
    theirs: str
    by: str
    take_theirs: bool


def base_of(form: Form) -> str:
    """What the form says now, for comparison when it comes back."""
    return json.dumps({field.name: _plain(field) for field in _entries(form)}, ensure_ascii=False)


def differences(base: str, mine: Form, theirs: Form) -> list[Difference]:
    """The fields on which ``mine`` and the stored ``theirs`` differ; ``base`` is from ``base_of``.

    What only the other one changed is theirs by default; what both changed is mine until chosen.
    """
    opened = _opened(base)
    found = []
    for field in _entries(mine):
        other = theirs[field.name]
        if _plain(field) == _plain(other):
            continue
        before = opened.get(field.name)
        only_theirs, only_mine = _plain(field) == before, _plain(other) == before
        by = "只有对方改了" if only_theirs else "只有您改了" if only_mine else "两人都改了"
        found.append(
            Difference(field.name, _label(field), _readable(field), _readable(other), by, only_theirs)
        )
    return found


def settle(sent: MultiDict[str, str], stored: Form) -> MultiDict[str, str]:
    """What was sent, with the stored value wherever the writer chose theirs (``pick-FIELD=theirs``)."""
    settled = MultiDict(sent)
    for field in _entries(stored):
        if sent.get(f"pick-{field.name}") == "theirs":
            settled[field.name] = (
                str(field.data) if isinstance(field, PickField) and field.data else _written(field)
            )
            if isinstance(field, AmountField):
                settled[f"{field.name}-unit"] = field.unit
    return settled


def sent_fields(sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """What was typed, to be sent again with the choice; without the token, the version and older choices."""
    own = ("csrf_token", "version")
    return [(n, v) for n, v in sent.items(multi=True) if n not in own and not n.startswith("pick-")]


def _entries(form: Form) -> Iterator[Field]:
    return (field for field in form if not isinstance(field, HiddenField))


def _opened(base: str) -> dict[str, Any]:
    try:
        found = json.loads(base)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _plain(field: Field) -> str:
    if field.data in (None, ""):
        return ""
    return cut_zeros(field.data) if isinstance(field.data, Decimal) else str(field.data)


def _written(field: Field) -> str:
    value = getattr(field, "_value", None)  # every field of one line has it; WTForms' base class has not
    return str(value()) if value else ""


def _label(field: Field) -> str:
    text = str(field.label.text)
    if field.name.endswith("_planned"):
        return f"计划{text}日期"
    return f"{text}日期" if field.type == "DayField" and not text.endswith(("日期", "负责")) else text


def _readable(field: Field) -> str:
    if field.data in (None, ""):
        return NOTHING
    if isinstance(field, AmountField):
        return f"{amount_text(field.data)} 万元"
    if isinstance(field, PickField):
        return dict(field.offered).get(field.data, NOTHING)
    return _plain(field)
