"""The uploaded file of a batch, and its parsed cells."""

from __future__ import annotations

from pathlib import Path

from app.ledger.models import ImportBatch
from app.ledger.workbook import Workbook, keep_cells, load_cells, read_workbook


def file_of(folder: Path, batch: ImportBatch) -> Path:
    """Where the uploaded file is kept, below the instance folder."""
    return folder / "imports" / str(batch.zone_id) / f"{batch.id}.xlsx"


def cells_of(folder: Path, batch: ImportBatch) -> Path:
    """Where its parsed cells are kept: the reader's lines, packed."""
    return file_of(folder, batch).with_suffix(".cells")


def forget_files(folder: Path, batch: ImportBatch) -> None:
    """Remove the file of a batch that does not come to be."""
    for path in (file_of(folder, batch), cells_of(folder, batch)):
        path.unlink(missing_ok=True)


def shown_cells(folder: Path, batch: ImportBatch) -> Path:
    """Where the parsed cells are kept, for a page that shows a few of them; read anew when they are gone.

    Raises ``WorkbookError`` for a file that cannot be read.
    """
    path = cells_of(folder, batch)
    if not path.is_file():
        read_workbook(file_of(folder, batch), keep=lambda lines: keep_cells(lines, path))
    return path


def stored_workbook(folder: Path, batch: ImportBatch) -> Workbook:
    """The uploaded workbook with the cells that were put right since; read once, then kept beside the file.

    Raises ``WorkbookError`` for a file that cannot be read.
    """
    path = cells_of(folder, batch)
    if not path.is_file():
        book = read_workbook(file_of(folder, batch), keep=lambda lines: keep_cells(lines, path))
        if not batch.edits:
            return book
    return load_cells(path, batch.edits or {})
