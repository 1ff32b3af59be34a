"""A few rows of a stored sheet, without reading the others: for the page that shows a sheet as it is."""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.ledger.workbook.cells import Cell, Sheet
from app.ledger.workbook.reading import read_lines
from app.ledger.workbook.stored import edited

_END = b'{"end": true}'


@dataclass(frozen=True)
class Extent:
    """A sheet's name and how far it goes; rows counted from 1."""

    name: str
    last_row: int
    hidden: bool


def extents(path: Path) -> list[Extent]:
    """The sheets of a stored workbook in their order."""
    heads: list[dict[str, Any]] = []
    rows: list[int] = []
    with gzip.open(path, "rb") as stream:
        for line in stream:
            if line.startswith(b"["):
                rows[-1] += 1
            elif "name" in (head := json.loads(line)):
                heads.append(head)
                rows.append(0)
    return [
        Extent(head["name"], int(head["first_row"]) + count - 1, bool(head["hidden"]))
        for head, count in zip(heads, rows, strict=True)
    ]


def load_window(path: Path, name: str, first: int, last: int, edits: Mapping[str, str]) -> Sheet:
    """Rows ``first`` to ``last`` of the sheet ``name``; a sheet without rows when there are none.

    Raises ``KeyError`` when there is no such sheet.
    """
    sheets = list(read_lines(_lines(path, name, first, last)))
    if not sheets:
        raise KeyError(name)
    return edited(sheets[0], _of(name, edits))


def load_rows(
    path: Path, wanted: Collection[tuple[str, int]], edits: Mapping[str, str]
) -> dict[tuple[str, int], list[Cell]]:
    """Single rows by sheet and number; one that is not there is left out."""
    if not wanted:
        return {}
    found = (edited(sheet, _of(sheet.name, edits)) for sheet in read_lines(_single(path, frozenset(wanted))))
    return {(sheet.name, sheet.first_row): sheet.rows[0] for sheet in found if sheet.rows}


def _of(name: str, edits: Mapping[str, str]) -> dict[str, str]:
    """The edits of one sheet by address."""
    parts = ((key.rpartition("!"), text) for key, text in edits.items())
    return {cell: text for (sheet, _mark, cell), text in parts if sheet == name}


def _single(path: Path, wanted: frozenset[tuple[str, int]]) -> Iterator[bytes]:
    """The reader's lines of these rows, each as a sheet of its own."""
    last = max(row for _name, row in wanted)
    head: dict[str, Any] = {}
    with gzip.open(path, "rb") as stream:
        for line in stream:
            if line.startswith(b"{"):
                head = json.loads(line)
                at = int(head.get("first_row", 0))
                continue
            if at <= last and (head["name"], at) in wanted:
                yield json.dumps(head | {"first_row": at, "merged": []}).encode()
                yield line
            at += 1
    yield _END


def _lines(path: Path, name: str, first: int, last: int) -> Iterator[bytes]:
    """The reader's lines of the sheet, only those of the window."""
    at = 0
    with gzip.open(path, "rb") as stream:
        for line in stream:
            if line.startswith(b"{"):
                if at:
                    break
                head = json.loads(line)
                if head.get("name") != name:
                    continue
                at = int(head["first_row"])
                yield json.dumps(head | {"first_row": max(at, first)}).encode()
            elif at:
                if at > last:
                    break
                if at >= first:
                    yield line
                at += 1
    yield _END
