"""Run in a child process: the uploaded workbook with cells coloured and commented, as an .xlsx.

Arguments: the upload, its parsed cells, the marks (JSON: sheet → cell → message), where to write, and limits. An .xlsx
keeps its looks; what is none comes back as one, with the values that were read. Text stays text.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from app.ledger.workbook.archive import Archive
from app.ledger.workbook.cells import WorkbookError, cell_address, cell_place
from app.ledger.workbook.sandbox import OUT_OF_MEMORY, keep_to
from app.ledger.workbook.signature import Form, check_signature

_FILLS = {
    "refused": PatternFill("solid", fgColor="FFF4C7C3"),
    "question": PatternFill("solid", fgColor="FFFCE8B2"),
}
_AUTHOR = "台账核对"
_LONGEST = 1000


def mark(upload: Path, cells: Path, marks: dict[str, dict[str, list[str]]], target: Path) -> None:
    """Write the marked workbook. Raises ``WorkbookError`` for an upload that cannot be opened."""
    book = _opened(upload) or _rebuilt(cells)
    for name, by_cell in marks.items():
        if name not in book.sheetnames:
            continue
        page = book[name]
        for address, (kind, message) in by_cell.items():
            row, column = cell_place(address)
            cell = page.cell(row, column)
            if isinstance(cell, MergedCell):
                cell = _top_left(page, row, column)
            cell.fill = _FILLS[kind]
            comment = Comment(message[:_LONGEST], _AUTHOR)
            comment.width, comment.height = 320, 110
            cell.comment = comment
    book.save(target)


def _opened(upload: Path) -> Any:
    """The upload with its looks; None for what is no .xlsx."""
    if check_signature(upload) is not Form.zipped or Archive(upload).is_ods:
        return None
    try:
        return openpyxl.load_workbook(upload, keep_links=False)
    except MemoryError:
        raise
    except Exception as error:
        raise WorkbookError("原工作簿的格式无法保留，请按页面所列的单元格逐一改正") from error


def _rebuilt(cells: Path) -> Any:
    """A workbook of the values that were read."""
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    page: Any = None
    number = 0
    with gzip.open(cells, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            if isinstance(item, dict):
                if "name" in item:
                    page, number = book.create_sheet(item["name"][:31]), int(item["first_row"])
                continue
            for column, value in enumerate(item, 1):
                _put(page[cell_address(number, column)], value)
            number += 1
    return book


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, list):
        value = value[1]
    if value is None:
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _top_left(page: Any, row: int, column: int) -> Any:
    for span in page.merged_cells.ranges:
        if span.min_row <= row <= span.max_row and span.min_col <= column <= span.max_col:
            return page.cell(span.min_row, span.min_col)
    return page.cell(row, column)


def main(arguments: list[str]) -> int:
    """Mark the workbook under the limits that are named last; 0 when it was written."""
    upload, cells, marks, target, *limits = arguments
    keep_to(limits)
    try:
        mark(Path(upload), Path(cells), json.loads(Path(marks).read_text("utf-8")), Path(target))
    except WorkbookError as error:
        sys.stdout.write(error.message)
        return 2
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
