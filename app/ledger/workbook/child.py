"""The child process: reads one workbook behind its own limits and prints it as lines of JSON.

A sheet is an object with its name and place, followed by one list per row. In a row, null is an empty cell,
a string text, true and false truth values, a number a number; ``["d", …]`` is a date, ``["t", …]`` a date with
time, ``["p", …]`` a cell that cannot be trusted. The last line is ``{"end": true}`` or ``{"refused": …}``.
Nothing of the web application is loaded here: ``app`` is an empty package (see ``reading``).
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.kernel.text import has_control
from app.ledger.workbook.archive import BROKEN, UNUSUAL, Archive, SheetPart, list_sheets
from app.ledger.workbook.cells import WorkbookError
from app.ledger.workbook.others import TEXT_SHEET, sheet_rows, text_rows, visible
from app.ledger.workbook.sandbox import OUT_OF_MEMORY, keep_to
from app.ledger.workbook.scanning import LONGEST, MAX_AREA, MAX_COLUMN, MAX_ROW, Scan, scan_sheet
from app.ledger.workbook.signature import SAVE_AS, Form, check_signature

MAX_TEXT = 32_767
MAX_SHEETS = 200
MAX_MERGED = 50_000
_MIDNIGHT = dt.time()


def read(path: Path, out: TextIO) -> None:
    """Print the workbook. Raises ``WorkbookError`` when it is refused."""
    form = check_signature(path)
    if form is Form.text:
        _print_rows(TEXT_SHEET, text_rows(path), out)
        return
    archive = Archive(path) if form is Form.zipped else None
    if archive is None or archive.is_ods:
        _print_other(path, out)
        return
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


def _print_other(path: Path, out: TextIO) -> None:
    """An .xls or .ods as its reader gives it."""
    try:
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as workbook:
            names = [data.name for data in workbook.sheets_metadata if data.typ is SheetTypeEnum.WorkSheet]
            if not names or len(names) > MAX_SHEETS:
                raise WorkbookError(f"工作簿里有 {len(names)} 个工作表，应为 1 至 {MAX_SHEETS} 个")
            for name in names:
                sheet = workbook.get_sheet_by_name(name)
                hidden = not visible(workbook, name)
                _print_rows(name, sheet_rows(sheet), out, hidden=hidden, merged=_merged(sheet))
    except CalamineError:
        raise WorkbookError(f"文件打不开，可能已损坏或有密码，{SAVE_AS}") from None


def _print_rows(
    name: str,
    rows: Iterable[list[Any]],
    out: TextIO,
    *,
    hidden: bool = False,
    merged: Sequence[list[int]] = (),
) -> None:
    head = {"name": name, "first_row": 1, "hidden": hidden, "hidden_rows": [], "hidden_columns": []}
    _print_line(head | {"merged": list(merged)}, out)
    for row in rows:
        cells = [_text(value) if isinstance(value, str) else _value(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        _print_line(cells, out)


def _print_sheet(workbook: CalamineWorkbook, sheet: SheetPart, scan: Scan, out: TextIO) -> None:
    visible = {data.name: data.visible for data in workbook.sheets_metadata}
    if sheet.name not in visible:
        raise WorkbookError(UNUSUAL)
    head = {
        "name": sheet.name,
        "first_row": scan.first_row,
        "hidden": visible[sheet.name] is not SheetVisibleEnum.Visible,
        "hidden_rows": sorted(scan.hidden_rows),
        "hidden_columns": sorted(scan.hidden_columns),
    }
    found = workbook.get_sheet_by_name(sheet.name)
    head["merged"] = _merged(found)
    _print_line(head, out)
    numbers = iter(scan.numbers)
    stored = _stored_rows(found)
    for number in range(1, scan.last_row + 1):
        row = next(stored, [])
        if number >= scan.first_row:
            _print_line(_row(row, scan.problems.get(number, {}), numbers), out)
    if next(stored, None) is not None or next(numbers, None) is not None:
        raise WorkbookError(UNUSUAL)


def _merged(sheet: CalamineSheet) -> list[list[int]]:
    """Merged ranges as top, left, bottom, right from 1, in reading order; beyond ``MAX_MERGED`` none is believed."""
    ranges = sheet.merged_cell_ranges or []
    if len(ranges) > MAX_MERGED:
        raise WorkbookError(f"工作表里的合并单元格超过 {MAX_MERGED} 处，请取消合并后再上传")
    area = sum(
        (min(bottom, MAX_ROW) - min(top, MAX_ROW) + 1) * (min(right, MAX_COLUMN) - min(left, MAX_COLUMN) + 1)
        for (top, left), (bottom, right) in ranges
    )
    if area > MAX_AREA:
        raise WorkbookError("工作表里的合并单元格范围过大，请取消合并后再上传")
    return sorted([top + 1, left + 1, bottom + 1, right + 1] for (top, left), (bottom, right) in ranges)


def _stored_rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """The reader's rows from row 1 on; it leaves out empty columns at the left, which are given back here."""
    if sheet.start is None:
        return
    left = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield left + row


def _row(stored: list[Any], problems: dict[int, str], numbers: Iterator[float]) -> list[Any]:
    """One row for print, without the empty cells at its end."""
    length = max(len(stored), max(problems, default=0))
    row = []
    for column in range(1, length + 1):
        value = stored[column - 1] if column <= len(stored) else ""
        if column in problems:
            row.append(["p", problems[column]])
        elif isinstance(value, str):
            row.append(_text(value))
        else:
            row.append(_number(value, next(numbers, None)))
    while row and row[-1] is None:
        row.pop()
    return row


def _text(value: str) -> Any:
    if not value:
        return None
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_TEXT:
        return ["p", f"文字有 {len(text)} 个字符，超过 {MAX_TEXT} 个，请缩短"]
    if has_control(text):
        return ["p", "文字中含有看不见的控制字符，请删除后重新填写"]
    return text


def _number(value: Any, scanned: float | None) -> Any:
    """A number, truth value or date, which must be the one that the scan saw at this place."""
    if scanned is None or (isinstance(value, (int, float)) and value != scanned):
        raise WorkbookError(UNUSUAL)
    return _value(value)


def _value(value: Any) -> Any:
    """A number, truth value or date for print."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and not abs(value) < LONGEST:
        return ["p", "数字超过 15 位，Excel 只保留前 15 位，请把单元格设为文本格式后重新填写"]
    if isinstance(value, (int, float)):
        rounded = float(f"{value:.15g}")
        return int(rounded) if rounded.is_integer() else rounded
    if isinstance(value, dt.datetime):
        moment = (value + dt.timedelta(milliseconds=500)).replace(microsecond=0)
        return ["d", moment.date().isoformat()] if moment.time() == _MIDNIGHT else ["t", moment.isoformat()]
    if isinstance(value, dt.date):
        return ["d", value.isoformat()]
    return ["p", "单元格里只有时间，没有日期，请重新填写"]


def _print_line(line: Any, out: TextIO) -> None:
    out.write(json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    out.write("\n")


def main(arguments: list[str]) -> int:
    """Read the file named first, under the limits that follow; 0 when the last line was printed."""
    path, *limits = arguments
    keep_to(limits)
    out = sys.stdout
    try:
        read(Path(path), out)
        _print_line({"end": True}, out)
    except WorkbookError as error:
        _print_line({"refused": error.message}, out)
    except MemoryError:
        return OUT_OF_MEMORY
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
