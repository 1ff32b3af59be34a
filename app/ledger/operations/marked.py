"""The workbook with its errors marked, for whoever has to put them right."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO

from app.ledger.models import ImportBatch, ImportRow
from app.ledger.operations.files import cells_of, file_of, stored_workbook
from app.ledger.workbook.marked import Marks, joined, write_marks


def write_marked_workbook(
    batch: ImportBatch, folder: Path, rows: Iterable[ImportRow], stream: IO[bytes]
) -> None:
    """Write the upload with the refused and questioned cells of ``rows`` coloured and commented, as an .xlsx.

    What concerns a row as a whole is said at its first cell. Raises ``WorkbookError`` for a file that cannot be opened
    any more.
    """
    if not cells_of(folder, batch).is_file():
        stored_workbook(folder, batch)
    write_marks(file_of(folder, batch), cells_of(folder, batch), marks_of(rows), stream)


def marks_of(rows: Iterable[ImportRow]) -> Marks:
    """What to say at which cell."""
    said: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for row in rows:
        cells = said.setdefault(row.sheet, {})
        for kind, objections in (("refused", row.problems), ("question", row.questions)):
            for one in objections:
                text = f"{one['head']}：{one['message']}" if one["head"] else one["message"]
                cells.setdefault(one["cell"] or f"A{row.row}", []).append((kind, text))
    return {
        sheet: {cell: (_worst(texts), joined(text for _kind, text in texts)) for cell, texts in cells.items()}
        for sheet, cells in said.items()
    }


def _worst(texts: Iterable[tuple[str, str]]) -> str:
    return "refused" if any(kind == "refused" for kind, _text in texts) else "question"
