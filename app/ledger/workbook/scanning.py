"""One pass over a worksheet's XML for what the fast reader hides.

python-calamine 0.9.1 gives a blank for an error and for a formula that was never computed, takes a broken shared
string index for the first string, drops digits written as character references, and asks for 512 GB of memory for
a sheet with a value in its far corner. This pass finds all of these by a real XML parser, and keeps every number
so that what the reader says can be compared.
"""

from __future__ import annotations

import datetime as dt
import re
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from xml.parsers import expat

from app.ledger.workbook.archive import UNUSUAL, Archive
from app.ledger.workbook.cells import WorkbookError, cell_address

MAX_ROW, MAX_COLUMN = 100_000, 500
MAX_AREA = 5_000_000
MAX_FILLED = 1_000_000
MAX_ELEMENTS = 5_000_000

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
LONGEST = 1e15
_FORMULA = "公式没有计算结果，请用 Excel 或 WPS 打开并保存一次，或直接填写数值"


@dataclass
class Scan:
    """What a sheet holds; rows and columns are counted from 1, 0 means nothing."""

    first_row: int = 0
    last_row: int = 0
    last_column: int = 0
    filled: int = 0
    numbers: array[float] = field(default_factory=lambda: array("d"))
    """Numbers, dates and truth values in reading order, without those that have a problem; ISO dates as NaN."""
    problems: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def scan_sheet(archive: Archive, part: str, *, uncomputed: bool) -> Scan:
    """Pass over one worksheet. Raises ``WorkbookError`` when it is too large or cannot be trusted as a whole."""
    scanner = _Scanner(uncomputed)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.text
    try:
        archive.parse(part, parser)
    except ValueError:
        raise WorkbookError(UNUSUAL) from None
    return scanner.result()


class _Scanner:
    def __init__(self, uncomputed: bool) -> None:
        self.scan = Scan()
        self.uncomputed = uncomputed
        self.data = 0  # 0 before <sheetData>, 1 inside, 2 after
        self.row = self.column = self.elements = 0
        self.last = (0, 0)
        self.kind = "n"
        self.formula = self.valued = self.collecting = False
        self.parts: list[str] = []
        self.hidden_ranges: list[tuple[int, int]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2] if ":" in name else name
        if self.data == 1:
            if tag == "c":
                self._open_cell(attributes)
            elif tag in ("v", "is"):
                self.valued = True
                self.collecting = tag == "v"
            elif tag == "f":
                self.formula = True
            elif tag == "row":
                self._open_row(attributes)
        elif tag == "sheetData":
            if self.data:
                raise WorkbookError(UNUSUAL)
            self.data = 1
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            self.hidden_ranges.append((int(attributes.get("min", 0)), int(attributes.get("max", 0))))

    def end(self, name: str) -> None:
        if self.data != 1:
            return
        tag = name.rpartition(":")[2] if ":" in name else name
        if tag == "c":
            if self.valued or self.formula:
                self._close_cell()
        elif tag == "v":
            self.collecting = False
        elif tag == "sheetData":
            self.data = 2

    def text(self, text: str) -> None:
        if self.collecting:
            self.parts.append(text)

    def _open_row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
        self.column = 0
        if attributes.get("hidden") in ("1", "true"):
            self.scan.hidden_rows.add(self.row)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise WorkbookError(
                "工作表里带格式的空单元格过多，请只保留有数据的区域，把数据复制到新工作簿后再上传"
            )
        address = attributes.get("r")
        if address is None:
            self.column += 1
        else:
            self.row, self.column = _position(address)
        self.kind = attributes.get("t", "n")
        self.formula = self.valued = self.collecting = False
        self.parts.clear()

    def _close_cell(self) -> None:
        row, column, scan = self.row, self.column, self.scan
        if (row, column) <= self.last:
            raise WorkbookError(UNUSUAL)
        self.last = (row, column)
        if row > MAX_ROW or column > MAX_COLUMN:
            raise WorkbookError(
                f"单元格 {cell_address(row, column)} 超出可读范围（{MAX_ROW} 行、{MAX_COLUMN} 列），"
                "请删除表格以外的零散内容后另存，再上传"
            )
        scan.filled += 1
        if scan.filled > MAX_FILLED:
            raise WorkbookError(f"工作表里的数据超过 {MAX_FILLED} 个单元格，请分成几个文件上传")
        scan.first_row = scan.first_row or row
        scan.last_row = row
        scan.last_column = max(scan.last_column, column)
        problem = self._judge("".join(self.parts))
        if problem:
            scan.problems[row][column] = problem

    def _judge(self, text: str) -> str | None:
        """The problem of the cell that ends here; a number without one is kept."""
        kind = self.kind
        if kind == "e":
            return f"单元格是错误值 {text[:20]}，请在 Excel 中改正后保存"
        if self.formula and self._is_uncomputed(text):
            return _FORMULA
        if kind == "n" and text:
            return self._judge_number(text)
        if kind == "d":
            return self._judge_iso(text)
        if kind == "s" and not (text.isascii() and text.isdigit()):
            raise WorkbookError(UNUSUAL)
        if kind == "b":
            self.scan.numbers.append(1.0 if text == "1" else 0.0)
        return None

    def _is_uncomputed(self, text: str) -> bool:
        """A library that writes formulas leaves no value, or a 0 and the order to compute on opening."""
        if not text:
            return self.kind != "str" or not self.valued
        return self.uncomputed and text == "0"

    def _judge_number(self, text: str) -> str | None:
        if not _NUMBER.fullmatch(text):
            return f"单元格里的“{text[:20]}”不是有效数字，请重新填写"
        number = float(text)
        if abs(number) >= LONGEST:
            return "数字超过 15 位，Excel 只保留前 15 位，请把单元格设为文本格式后重新填写"
        self.scan.numbers.append(number)
        return None

    def _judge_iso(self, text: str) -> str | None:
        try:
            dt.datetime.fromisoformat(text)
        except ValueError:
            return f"单元格里的“{text[:20]}”不是有效日期，请重新填写"
        self.scan.numbers.append(float("nan"))
        return None

    def result(self) -> Scan:
        """The scan, once the sheet has been read to its end."""
        scan = self.scan
        if scan.last_row and (scan.last_row - scan.first_row + 1) * scan.last_column > MAX_AREA:
            raise WorkbookError(
                f"工作表范围过大（到 {cell_address(scan.last_row, scan.last_column)}），请删除表格以外的零散内容后另存，再上传"
            )
        scan.hidden_rows = {row for row in scan.hidden_rows if row <= scan.last_row}
        for low, high in self.hidden_ranges:
            scan.hidden_columns.update(range(max(low, 1), min(high, scan.last_column) + 1))
        return scan


def _position(address: str) -> tuple[int, int]:
    """Row and column of ``B7``, counted from 1."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise WorkbookError(UNUSUAL)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column
