"""The child process: reads one workbook behind its own limits and prints it as lines of JSON.

A sheet is an object with its name and place, followed by one list per row. In a row, null is an empty cell,
a string text, true and false truth values, a number a number; ``["d", …]`` is a date, ``["t", …]`` a date with
time, ``["p", …]`` a cell that cannot be trusted. The last line is ``{"end": true}`` or ``{"refused": …}``.
Nothing of the web application is loaded here: ``app`` is an empty package (see ``reading``).
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from app.kernel.text import has_control
from app.ledger.workbook.archive import BROKEN, UNUSUAL, Archive, SheetPart, list_sheets
from app.ledger.workbook.cells import WorkbookError
from app.ledger.workbook.scanning import Scan, scan_sheet
from app.ledger.workbook.signature import SAVE_AS

MAX_TEXT = 32_767
MAX_SHEETS = 200
OUT_OF_MEMORY = 71
_MIDNIGHT = dt.time()


def read(path: Path, out: TextIO) -> None:
    """Print the workbook. Raises ``WorkbookError`` when it is refused."""
    archive = Archive(path)
    sheets, uncomputed = list_sheets(archive)
    if not sheets:
        raise WorkbookError(f"工作簿里没有工作表，{SAVE_AS}")
    if len(sheets) > MAX_SHEETS:
        raise WorkbookError(f"工作簿里有 {len(sheets)} 个工作表，超过 {MAX_SHEETS} 个，请只保留需要导入的")
    archive.check_rest(sheets)
    scans = [scan_sheet(archive, sheet.part, uncomputed=uncomputed) for sheet in sheets]
    try:
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as workbook:
            for sheet, scan in zip(sheets, scans, strict=True):
                _print_sheet(workbook, sheet, scan, out)
    except CalamineError:
        raise WorkbookError(BROKEN) from None


def _print_sheet(workbook: CalamineWorkbook, sheet: SheetPart, scan: Scan, out: TextIO) -> None:
    visible = {data.name: data.visible for data in workbook.sheets_metadata}
    head = {
        "name": sheet.name,
        "first_row": scan.first_row,
        "hidden": visible[sheet.name] is not SheetVisibleEnum.Visible,
        "hidden_rows": sorted(scan.hidden_rows),
        "hidden_columns": sorted(scan.hidden_columns),
    }
    _print_line(head, out)
    if not scan.last_row:
        return
    numbers = iter(scan.numbers)
    stored = _stored_rows(workbook, sheet.name)
    for number in range(scan.first_row, scan.last_row + 1):
        _print_line(_row(stored.get(number, []), scan.problems.get(number, {}), numbers), out)
    if next(numbers, None) is not None:
        raise WorkbookError(UNUSUAL)


def _stored_rows(workbook: CalamineWorkbook, name: str) -> _Rows:
    """The reader's rows by their number, asked for in ascending order."""
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start is None:
        return _Rows(0, iter(()), 0)
    return _Rows(sheet.start[0] + 1, iter(sheet.iter_rows()), 0)


def _print_line(line: Any, out: TextIO) -> None:
    out.write(json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    out.write("\n")
