"""A sheet of a template as a grid of texts and looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Grid:
    """The texts of a sheet by place, merged cells carried over their whole range."""

    texts: Mapping[tuple[int, int], str]
    looks: Mapping[tuple[int, int], Mapping[str, Any]]
    merged: Sequence[tuple[int, int, int, int]]
    rows: int
    columns: int

    @classmethod
    def of(cls, sheet: Mapping[str, Any]) -> Grid:
        """The grid of a sheet's layout."""
        texts = {(row, column): text for row, column, text, _look in sheet["cells"]}
        looks = {(row, column): look for row, column, _text, look in sheet["cells"]}
        merged = [(a, b, c, d) for a, b, c, d in sheet["merged"]]
        for top, left, bottom, right in merged:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    texts.setdefault((row, column), texts.get((top, left), ""))
        return cls(texts, looks, merged, sheet["rows"], sheet["columns"])

    def text(self, row: int, column: int) -> str:
        """What stands at a place."""
        return self.texts.get((row, column), "").strip()

    def row(self, row: int) -> list[str]:
        """The different texts of a row."""
        return [self.text(row, column) for column in range(1, self.columns + 1)]

    def is_wide(self, row: int) -> bool:
        """Whether one merged cell covers most of the row: a title, or a group's."""
        widest = max((d - b + 1 for a, b, c, d in self.merged if a == c == row), default=0)
        return widest * 10 >= self.columns * 6

    def titles(self, first: int, last: int) -> list[str]:
        """The group titles among these rows."""
        return [self.text(row, 1) for row in range(first, last + 1) if self.is_wide(row)]

    def path(self, column: int, first: int, last: int) -> tuple[str, ...]:
        """The heads above a column, from the widest down, each once."""
        return tuple(dict.fromkeys(t for row in range(first, last + 1) if (t := self.text(row, column))))
