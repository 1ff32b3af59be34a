"""What is not an .xlsx: text tables in the encodings of Chinese offices, old .xls and .ods. Used in the child process.

These have no part that can be read a second time by other means, so what the reader says is believed; an error value
in a cell (#REF!) is read as an empty one. The limits of the child hold here as well.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from app.ledger.workbook.archive import BROKEN
from app.ledger.workbook.cells import WorkbookError, cell_address
from app.ledger.workbook.scanning import MAX_AREA, MAX_COLUMN, MAX_ROW

_DELIMITERS = ",\t;|"
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_LONG = re.compile(r"^-?(?=[\d.]{17,}$)\d+\.\d+$")
"""A fraction with more than the 15 digits that Excel keeps: 3636.6000000000004 as programs write it."""
_LINES_ASKED = 30
TEXT_SHEET = "文本表格"


def text_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a text table, UTF-8, UTF-16 or GB18030. Raises ``WorkbookError`` for what is no table."""
    text = _decoded(path.read_bytes())
    csv.field_size_limit(1_000_000)
    delimiter = _delimiter(text)
    _refuse_open_quote(text, delimiter)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(rows, 1):
            check_size(number, len(row))
            yield [_LONG.sub(_as_excel, _AS_TEXT.sub(r"\1", cell)) for cell in row]
    except csv.Error:
        raise WorkbookError(BROKEN) from None


def _refuse_open_quote(text: str, delimiter: str) -> None:
    """A quote that is never closed would swallow all rows behind it. Raises ``WorkbookError``."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, row in enumerate(rows, 1):
            check_size(number, len(row))
    except csv.Error as error:
        if "end of data" in str(error):
            raise WorkbookError(f"文件里有一个引号没有配对，其后的内容无法分行，{BROKEN}") from None


def _as_excel(number: re.Match[str]) -> str:
    return f"{Decimal(number[0]):.15g}"


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookError("文本文件的编码无法识别，请另存为 UTF-8 编码的 CSV，或另存为 .xlsx 后再上传")


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first lines."""
    head = "\n".join(text.splitlines()[:_LINES_ASKED])
    return max(_DELIMITERS, key=head.count)


def sheet_rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """The rows of a sheet from row 1, column A on, once its size is known to be bearable."""
    if sheet.start is None or sheet.end is None:
        return
    check_size(sheet.end[0] + 1, sheet.end[1] + 1)
    for _ in range(sheet.start[0]):
        yield []
    left = [""] * sheet.start[1]
    for row in sheet.to_python(skip_empty_area=True):
        yield left + row


def visible(workbook: CalamineWorkbook, name: str) -> bool:
    """Whether a sheet is shown."""
    return any(
        data.name == name and data.visible is SheetVisibleEnum.Visible for data in workbook.sheets_metadata
    )


def check_size(rows: int, columns: int) -> None:
    """Refuse a table beyond the limits. Raises ``WorkbookError``."""
    if rows > MAX_ROW or columns > MAX_COLUMN or rows * columns > MAX_AREA:
        raise WorkbookError(
            f"表格范围过大（到 {cell_address(rows, columns)}），最多 {MAX_ROW} 行、{MAX_COLUMN} 列，请删除无关内容后再上传"
        )
