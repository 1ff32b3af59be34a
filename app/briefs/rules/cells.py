"""What tables are made of: linked cells, heads with units, rows; decimal points stand under one another."""

from __future__ import annotations

from typing import Any

from app.briefs.rules.runs import Run, Text
from app.briefs.rules.view import Data, View
from app.briefs.rules.words import DASH, rate, table_amount
from app.figures.rules import TargetProgress

Table = dict[str, Any]
UNBROKEN_ROWS = 14
"""A table up to so many rows stays on one page."""


def cell(text: Run | Text, kind: str = "n", *, pad: str = "", small: str = "") -> Data:
    """One cell: its runs, class (l, n, c), the block that fills cut decimals, a second line in small type."""
    return {"r": text if isinstance(text, list) else [text], "c": kind, "p": pad, "s": small}


def amount(view: View, fen: int, code: str, window: str | None = None, **narrowed: Any) -> Data:
    """A linked amount in 亿元."""
    text, pad = table_amount(fen)
    return cell(view.links.figure(text, code, window, **narrowed), pad=pad)


def count(view: View, number: int, code: str, window: str | None = None, **narrowed: Any) -> Data:
    """A linked number of projects."""
    return cell(view.links.figure(str(number), code, window, **narrowed))


def ratio_cell(view: View, text: str, code: str, window: str | None = None, **narrowed: Any) -> Data:
    """A linked rate; — is not linked."""
    return cell(DASH if text == DASH else view.links.figure(text, code, window, **narrowed))


def heading(*columns: str) -> list[Data]:
    """Column heads: lines separated by |, the unit (in small type) after ~."""
    return [{"lines": c.partition("~")[0].split("|"), "unit": c.partition("~")[2]} for c in columns]


def table(caption: str, widths: str, head: list[Data], bodies: list[Data], style: str = "") -> Table:
    """A table; ``widths`` are percentages separated by spaces."""
    rows = sum(len(body["rows"]) for body in bodies)
    return {
        "kind": "table",
        "caption": caption,
        "widths": [f"{width}%" for width in widths.split()],
        "head": head,
        "bodies": bodies,
        "style": style,
        "breaks": rows > UNBROKEN_ROWS,
    }


def row(*cells: Data, kind: str = "") -> Data:
    """One row; kind sum, subt or nothing."""
    return {"cells": list(cells), "c": kind}


def body(rows: list[Data], title: str = "", rest: str = "") -> Data:
    """Rows, with a grey row above them when they have a title."""
    return {"rows": rows, "title": title, "rest": rest}


def progress_cells(view: View, target: TargetProgress | None, code: str, **narrowed: Any) -> list[Data]:
    """完成率 and 超（欠）进度; — without a target."""
    if target is None:
        return [cell(DASH), cell(DASH)]
    ahead = f"{target.ahead_points:.2f}".replace("-", "−")
    return [
        ratio_cell(view, rate(target.done_percent, 2), code, "done", **narrowed),
        cell(view.links.figure(ahead, code, "ahead", **narrowed)),
    ]
