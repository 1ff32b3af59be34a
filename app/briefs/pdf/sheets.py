"""The ledger's rows in their order, and how they are dealt out to sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Data = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One row: kind g (group), sum or nothing, the title of the first two, the other cells."""

    kind: str
    title: str
    cells: list[Data]

    @property
    def all_cells(self) -> list[Data]:
        """The title, which spans columns, is a cell too."""
        title = {"r": [self.title], "c": "", "p": "", "s": ""}
        return [title, *self.cells] if self.title else self.cells


@dataclass
class Sheet:
    """The rows of one page, and how high they are together with their head."""

    rows: list[Row] = field(default_factory=list)
    height: float = 0


def rows_of(block: Data) -> Iterator[Row]:
    """All rows of a ledger in their order."""
    for group in block["groups"]:
        yield Row("g", group["title"], group["cells"])
        for row in group["rows"]:
            yield Row("", "", row["cells"])
    yield Row("sum", block["total"]["title"], block["total"]["cells"])


def cut(rows: Iterable[tuple[Row, float]], first: float, room: float) -> list[Sheet]:
    """Sheets of rows with their heights, the first with its own room; a group row never ends one, the sum never
    stands alone.
    """
    sheets: list[list[tuple[Row, float]]] = [[]]
    left = first
    for row, height in rows:
        found = sheets[-1]
        if height > left and found:
            kept_together = [found.pop()] if found[-1][0].kind == "g" or row.kind == "sum" else []
            if kept_together and found and found[-1][0].kind == "g":
                kept_together.insert(0, found.pop())
            sheets.append(kept_together)
            left = room - sum(each for _row, each in kept_together)
        sheets[-1].append((row, height))
        left -= height
    return [Sheet([row for row, _height in found], sum(height for _row, height in found)) for found in sheets]
