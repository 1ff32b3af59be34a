"""The parsed cells of an upload, kept beside it, so that no page has to start a reader."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO

from app.ledger.workbook.cells import EMPTY, Cell, Sheet, Workbook, cell_place
from app.ledger.workbook.reading import read_lines


def keep_cells(lines: IO[bytes], path: Path) -> None:
    """Keep what the reader printed; a file that is there is whole."""
    half = path.with_suffix(f".{os.getpid()}")
    lines.seek(0)
    with gzip.open(half, "wb", compresslevel=1) as stream:
        shutil.copyfileobj(lines, stream)
    half.replace(path)


def load_cells(path: Path, edits: Mapping[str, str]) -> Workbook:
    """The workbook as it was read, with the cells that were put right since: ``{"Sheet!K7": "text"}``."""
    with gzip.open(path, "rb") as stream:
        book = Workbook(list(read_lines(stream)))
    by_sheet: dict[str, dict[str, str]] = {}
    for address, text in edits.items():
        sheet, _mark, cell = address.rpartition("!")
        by_sheet.setdefault(sheet, {})[cell] = text
    return Workbook([edited(sheet, by_sheet.get(sheet.name, {})) for sheet in book.sheets])


def edited(sheet: Sheet, edits: Mapping[str, str]) -> Sheet:
    """The sheet with the texts at these addresses; those outside its rows are left out."""
    rows = list(sheet.rows)
    for address, text in edits.items():
        row, column = cell_place(address)
        at = row - sheet.first_row
        if not 0 <= at < len(rows):
            continue
        cells = list(rows[at])
        cells.extend([EMPTY] * (column - len(cells)))
        cells[column - 1] = Cell(text) if text else EMPTY
        rows[at] = cells
    return replace(sheet, rows=rows)
