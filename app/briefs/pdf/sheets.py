"""The ledger cut into sheets before it is laid out, so that parts of it can be set side by side.

Only the lines of each cell are estimated; the engine sets the sheets and shows whether they fit. When
one does not, the ledger is set as one table that breaks where it will.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Data = dict[str, Any]
WIDTH, HEIGHT = 637.8, 442.2
"""The type area of a landscape page, in points."""
HEADING = 50.8
"""附件1 and its title, on the first sheet."""
TABLE_HEAD = 26.8
"""Two lines of the head and the outer rules."""
SIZE, LINE, AROUND = 8.75, 11.0, 5.1
"""Type, line, and what a row has above and below its lines with its rule."""
RULE, PADDING = 0.4, 5.0
"""Between columns; left and right in a cell whose text is not centred."""
CAPITAL, LETTER, OTHER = 0.9, 0.56, 0.5
"""Widths in em of what is not an ideograph, rather too large than too small."""


@dataclass(frozen=True)
class Row:
    """One row: kind g (group), sum or nothing, the title of the first two, the cells, the height in points."""

    kind: str
    title: str
    cells: list[Data]
    height: float


@dataclass
class Sheet:
    """The rows of one page."""

    rows: list[Row] = field(default_factory=list)

    @property
    def height(self) -> float:
        return sum(row.height for row in self.rows)


def cut(block: Data) -> list[Sheet]:
    """The sheets of a ledger; a group row never ends one, the sum never stands alone."""
    sheets, room = [Sheet()], HEIGHT - TABLE_HEAD - HEADING
    for row in rows_of(block):
        rows = sheets[-1].rows
        if sheets[-1].height + row.height > room and rows:
            kept_together = [rows.pop()] if rows[-1].kind == "g" or row.kind == "sum" else []
            if kept_together and rows and rows[-1].kind == "g":
                kept_together.insert(0, rows.pop())
            sheets.append(Sheet(kept_together))
            room = HEIGHT - TABLE_HEAD
        sheets[-1].rows.append(row)
    return sheets


def rows_of(block: Data) -> Iterator[Row]:
    """All rows of a ledger in their order."""
    columns = [(float(width.rstrip("%")) * WIDTH / 100 - RULE) / SIZE for width in block["widths"]]
    spanned = [sum(columns[: len(columns) - len(block["total"]["cells"])])]
    for group in block["groups"]:
        yield _row("g", group["title"], group["cells"], spanned)
        for row in group["rows"]:
            yield _row("", "", row["cells"], columns)
    yield _row("sum", block["total"]["title"], block["total"]["cells"], spanned)


def _row(kind: str, title: str, cells: list[Data], columns: list[float]) -> Row:
    found = [{"c": "l", "r": [title]}] if title else cells
    lines = max(_lines(cell, width) for cell, width in zip(found, columns, strict=True))
    return Row(kind, title, cells, lines * LINE + AROUND)


def _lines(cell: Data, width: float) -> int:
    """Lines in a column ``width`` em wide; a mark that may not begin a line costs one em. Numbers do not wrap."""
    if cell["c"] == "n":
        return 1
    needed = sum(_em(sign) for run in cell["r"] for sign in (run if isinstance(run, str) else run["t"]))
    room = width if cell["c"] == "c" else width - PADDING / SIZE
    return 1 if needed <= room else math.ceil(needed / max(room - 1, 1))


def _em(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WFA":
        return 1
    if sign.isalpha():
        return CAPITAL if sign.isupper() or sign in "mw" else LETTER
    return CAPITAL if sign in "@%&" else OTHER
