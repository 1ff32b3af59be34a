"""The page that ties a sheet, read: its fields as the plain values that ``reporting.rules.read_sheet`` takes.

Columns are ``t-<row within the project>-<letters>-<what>``, single cells ``s-<n>-<what>``.
"""

from __future__ import annotations

import re
from typing import Any

from werkzeug.datastructures import MultiDict

from app.kernel.errors import DomainError

ROWS = ("head_first", "head_last", "data_row", "block", "last_row", "group_row", "total_row")
_TIE = re.compile(r"t-(\d)-([A-Z]{1,3})-field", re.ASCII)
_SINGLE = re.compile(r"s-(\d{1,3})-cell", re.ASCII)
_MANY = {"stages": str, "units": int, "areas": int, "chains": int}


def read_design(form: MultiDict[str, str]) -> dict[str, Any]:
    """The setup that was sent. Raises ``DomainError`` for a row that is no number."""
    rows = {name: form.get(name, "").strip() or 0 for name in ROWS}
    for value in rows.values():
        if not str(value).isascii() or not str(value).isdigit() or len(str(value)) > 6:
            raise DomainError(f"行号“{str(value)[:10]}”应为整数，请在表样上点选")
    found: dict[str, Any] = {
        **rows,
        "ties": _ties(form, int(rows["data_row"])),
        "singles": _singles(form),
        "rows": _chosen(form),
    }
    for name in ("order", "group", "title", "total"):
        found[name] = form.get(name, "")
    for name in ("descending", "restart", "subtotals"):
        found[name] = form.get(name) == "1"
    return found


def _ties(form: MultiDict[str, str], data_row: int) -> dict[str, Any]:
    found = {}
    for name, field in form.items():
        match = _TIE.fullmatch(name)
        if match is None or not field:
            continue
        stem = name.removesuffix("field")
        found[f"{match[2]}{data_row + int(match[1])}"] = {"field": field} | {
            what: form.get(f"{stem}{what}", default)
            for what, default in (("unit", "万元"), ("places", "2"), ("style", ""), ("text", ""))
        }
    return found


def _singles(form: MultiDict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, cell in form.items():
        match = _SINGLE.fullmatch(name)
        cell = cell.strip().upper()
        if match is None or not cell:
            continue
        if cell in found:
            raise DomainError(f"单元格 {cell} 对应了两次，请删除其中一行", cell)
        stem = name.removesuffix("cell")
        defaults = {
            "text": "",
            "figure": "",
            "window": "ytd",
            "dimension": "",
            "member": "",
            "unit": "万元",
            "places": "2",
        }
        found[cell] = {what: form.get(f"{stem}{what}", default) for what, default in defaults.items()}
    return found


def _chosen(form: MultiDict[str, str]) -> dict[str, Any]:
    """Which projects."""
    chosen: dict[str, Any] = {}
    for name, kind in _MANY.items():
        texts = [text for text in form.getlist(name) if text]
        if kind is int and not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
            raise DomainError("筛选条件不在名单里，请重新选择")
        chosen[name] = [kind(text) for text in texts]
    for name in ("standing", "signed", "started", "money", "text"):
        chosen[name] = form.get(name, "").strip()
    for name in ("big", "contracted"):
        chosen[name] = form.get(name) == "1"
    return chosen
