"""Filling a template: rows in the style of its data row, single cells, notes on cells, its print settings kept.

A plan is ``{"sheets": [{"name", "first", "last", "data", "block", "group", "lines", "cells", "notes", "label"}],
"person", "at", "mark"}``. A line is ``{"kind": row | group | subtotal | total, "cells": {"C0": value}}``, where the number
is the row within the line (a group has a ``title``); ``cells`` are single ones by their address in the template. A value is ``{"t": text |
number | date | blank, "v", "f"}`` with a number format for where the template has none.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formula.translate import Translator
from openpyxl.styles import Alignment, Font
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import column_index_from_string, coordinate_to_tuple, get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.merge import MergedCellRange

from app.ledger.workbook.cells import DANGEROUS, WorkbookError
from app.reporting.workbook.moving import Move, make_room, shift_formula

MAX_TEXT = 32_767
MAX_HEIGHT = 409


@dataclass(frozen=True)
class Pattern:
    """Rows of the template, taken out before they are written again and again."""

    cells: dict[tuple[int, int], Any]
    """By the row within the pattern, from 0, and the column."""
    heights: list[float | None]
    merged: list[tuple[int, int, int, int]]
    """Top, left, bottom, right; rows from 0."""
    first: int
    """The row of the template that it began at."""


def fill_book(book: Workbook, plan: dict[str, Any]) -> None:
    """Fill every sheet of the plan. Raises ``WorkbookError`` when a formula or a range cannot follow."""
    for part in plan["sheets"]:
        if part["name"] not in book.sheetnames:
            raise WorkbookError(f"模板里没有工作表“{part['name']}”，请重新设置")
        _fill_sheet(book, book[part["name"]], part)
        _mark(book[part["name"]], plan["mark"])
    book.calculation.fullCalcOnLoad = True  # formulas were moved; what they gave before is gone
    book.properties.lastModifiedBy = book.properties.creator = plan["person"]
    book.properties.modified = dt.datetime.fromisoformat(plan["at"])


def _fill_sheet(book: Workbook, sheet: Any, part: dict[str, Any]) -> None:
    if part["data"]:
        first, last, block = part["first"], part["last"], part["block"]
        heights = [block if line["kind"] == "row" else 1 for line in part["lines"]]
        sums = any(line["kind"] in ("subtotal", "total") for line in part["lines"])
        move = Move(sheet.title, first, last, max(sum(heights), 1) - (last - first + 1), sums)
        patterns: dict[str, Any] = {
            "row": _take(sheet, part["data"], block),
            "group": _take(sheet, part["group"], 1) if part["group"] else None,
        }
        make_room(book, sheet, move)
        row = first
        for line, height in zip(part["lines"], heights, strict=True):
            _write_line(sheet, row, line, patterns, move)
            row += height
        if not part["lines"]:
            _put_pattern(sheet, row, patterns["row"], move)
    else:
        move = Move(sheet.title, sheet.max_row + 1, sheet.max_row + 1, 0)
    for address, value in part["cells"].items():
        row, column = coordinate_to_tuple(address)
        _put(sheet.cell(move.row(row), column), value)
    for address, text in part["notes"].items():
        row, column = coordinate_to_tuple(address)
        head = _uncovered(sheet, move.row(row), column)
        head.comment = Comment(text, "招商引资项目管理系统", height=140, width=320)


def _mark(sheet: Any, mark: str) -> None:
    """Who made it, when and from what: below everything, and in the printed page's foot where that is empty."""
    if not mark:
        return
    row = sheet.max_row + 1
    cell = sheet.cell(row, 1)
    _put(cell, {"t": "text", "v": mark})
    cell.font = Font(name="宋体", size=9, color="595959")
    cell.alignment = Alignment(horizontal="left", vertical="center")
    foot = sheet.oddFooter
    if not any(part.text for part in (foot.left, foot.center, foot.right)):
        foot.left.text, foot.left.size = mark.replace("&", "&&")[:200], 8


def _uncovered(sheet: Any, row: int, column: int) -> Any:
    """The cell itself, or the one at the top left of the merged range that covers it."""
    for found in sheet.merged_cells.ranges:
        if found.min_row <= row <= found.max_row and found.min_col <= column <= found.max_col:
            return sheet.cell(found.min_row, found.min_col)
    return sheet.cell(row, column)


def _take(sheet: Any, first: int, height: int) -> Pattern:
    last = first + height - 1
    cells = {
        (row - first, column): cell for (row, column), cell in sheet._cells.items() if first <= row <= last
    }
    merged = []
    for found in sheet.merged_cells.ranges:
        if found.min_row >= first and found.max_row <= last:
            merged.append((found.min_row - first, found.min_col, found.max_row - first, found.max_col))
        elif found.min_row <= last and found.max_row >= first:
            raise WorkbookError(
                f"工作表“{sheet.title}”的合并单元格 {found.coord} 只有一部分在数据行里，请在模板中取消合并，或调整每个项目占的行数"
            )
    heights = [sheet.row_dimensions[row].height for row in range(first, last + 1)]
    return Pattern(cells, heights, merged, first)


def _write_line(
    sheet: Any,
    row: int,
    line: dict[str, Any],
    patterns: dict[str, Any],
    move: Move,
) -> None:
    kind = line["kind"]
    pattern = patterns["group"] if kind == "group" and patterns["group"] else patterns["row"]
    if kind == "row":
        _put_pattern(sheet, row, pattern, move)
    else:
        _put_plain(sheet, row, pattern, merged=pattern is patterns["group"])
    for place, value in line["cells"].items():
        letters = place.rstrip("0123456789")
        cell = sheet.cell(row + int(place[len(letters) :]), column_index_from_string(letters))
        _put(cell, value)
        _shrink(sheet, cell)
    if kind == "group":
        _put(sheet.cell(row, _title_column(pattern)), line["title"])
    if kind != "row" and pattern is not patterns["group"]:
        _make_bold(sheet, row, pattern)
        if kind == "group":
            columns = sorted({column for _row, column in pattern.cells})
            _merge(sheet, row, columns[0], columns[-1])
            sheet.cell(row, columns[0]).alignment = Alignment(horizontal="left", vertical="center")
    if kind == "row":
        _fit_height(sheet, row, pattern)


def _put_pattern(sheet: Any, row: int, pattern: Pattern, move: Move) -> None:
    """A record's rows: styles, merged cells, fixed words and formulas of the data row."""
    for (offset, column), old in sorted(pattern.cells.items()):
        new = _copy_style(sheet, old, row + offset, column)
        if not isinstance(new, Cell) or old.value is None:
            continue
        if old.data_type == "f":
            text = shift_formula(str(old.value), move, sheet.title, f"数据行 {old.coordinate}", inside=True)
            origin = f"{get_column_letter(column)}{pattern.first + offset}"
            new.value = Translator(text, origin=origin).translate_formula(new.coordinate)
    for top, left, bottom, right in pattern.merged:
        sheet.merged_cells.add(MergedCellRange(sheet, _range(row + top, left, row + bottom, right)))
    for offset, height in enumerate(pattern.heights):
        sheet.row_dimensions[row + offset].height = height


def _put_plain(sheet: Any, row: int, pattern: Pattern, *, merged: bool) -> None:
    """One row in the style of the first of the pattern, without its words."""
    for (offset, column), old in pattern.cells.items():
        if offset == 0:
            if merged:
                _copy_style(sheet, old, row, column)
            else:
                sheet.cell(row, column)._style = copy(old._style)
    if merged:
        for top, left, bottom, right in pattern.merged:
            sheet.merged_cells.add(MergedCellRange(sheet, _range(row + top, left, row + bottom, right)))
        sheet.row_dimensions[row].height = pattern.heights[0]


def _copy_style(sheet: Any, old: Any, row: int, column: int) -> Any:
    new: Any = MergedCell(sheet, row, column) if isinstance(old, MergedCell) else sheet.cell(row, column)
    new._style = copy(old._style)
    sheet._cells[row, column] = new
    return new


def _make_bold(sheet: Any, row: int, pattern: Pattern) -> None:
    for column in {column for _row, column in pattern.cells}:
        cell = sheet.cell(row, column)
        font = copy(cell.font)
        cell.font = Font(name=font.name, sz=font.sz, b=True, i=font.i, color=font.color)


def _title_column(pattern: Pattern) -> int:
    """Where the words of a group title stand: where the template has them, else at the left."""
    columns = sorted(
        column for (row, column), cell in pattern.cells.items() if row == 0 and isinstance(cell, Cell)
    )
    worded = [column for column in columns if pattern.cells[0, column].value not in (None, "")]
    return (worded or columns or [1])[0]


def _merge(sheet: Any, row: int, left: int, right: int) -> None:
    """Merge the cells of a row without what openpyxl does to their borders."""
    if right > left:
        style = sheet.cell(row, left)._style
        for column in range(left + 1, right + 1):
            sheet._cells[row, column] = MergedCell(sheet, row, column)
            sheet._cells[row, column]._style = copy(style)
        sheet.merged_cells.add(MergedCellRange(sheet, _range(row, left, row, right)))


def _range(top: int, left: int, bottom: int, right: int) -> str:
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"


def _put(cell: Any, value: dict[str, Any]) -> None:
    """Write a value; text stays text, whatever it begins with (stack.md §4.4 row 3)."""
    if not isinstance(cell, Cell):
        raise WorkbookError(f"{cell.coordinate} 被合并单元格盖住，请改选合并区域左上角的单元格")
    kind, found = value["t"], value.get("v")
    if kind == "blank" or found is None:
        cell.value = None
    elif kind == "text":
        cell.value = str(found)[:MAX_TEXT]
        cell.data_type = "s"
        cell.quotePrefix = str(found).startswith(DANGEROUS)
    elif kind == "date":
        cell.value = dt.date.fromisoformat(found)
        if value.get("own") or not is_date_format(cell.number_format):
            cell.number_format = value["f"]
    else:
        cell.value = float(found) if "." in found or len(found) > 15 else int(found)
        if value.get("own") or cell.number_format in ("General", "@") or is_date_format(cell.number_format):
            cell.number_format = value["f"]


def _shrink(sheet: Any, cell: Any) -> None:
    """A number or date wider than its column is printed smaller; as it is, Excel would print ####."""
    if isinstance(cell.value, dt.date):
        wide = 12
    elif isinstance(cell.value, int | float):
        wide = len(f"{cell.value:,.2f}" if "0.0" in cell.number_format else f"{cell.value:,.0f}") + 1
    else:
        return
    if wide > _column_width(sheet, cell.column) * 11 / float(cell.font.sz or 11):
        alignment: Any = copy(cell.alignment)
        alignment.wrap_text, alignment.shrink_to_fit = False, True
        cell.alignment = alignment


def _fit_height(sheet: Any, row: int, pattern: Pattern) -> None:
    """Rows high enough for what is in their cells; a lower row would hide text in print."""
    needed = 0.0
    span = {(top, left): range(left, right + 1) for top, left, _bottom, right in pattern.merged}
    for offset, column in pattern.cells:
        cell = sheet._cells.get((row + offset, column))
        if offset or not isinstance(cell, Cell) or not isinstance(cell.value, str) or cell.data_type != "s":
            continue
        size = float(cell.font.sz or 11)
        columns = span.get((offset, column), range(column, column + 1))
        room = sum(_column_width(sheet, one) for one in columns) * 11 / size - 1
        lines = sum(max(1, math.ceil(_text_width(part) / max(room, 1))) for part in cell.value.split("\n"))
        if lines > 1:
            needed = max(needed, lines * size * 1.36 + 6)
            if not cell.alignment.wrap_text:
                alignment: Any = copy(cell.alignment)
                alignment.wrap_text = True
                cell.alignment = alignment
    own = pattern.heights[0]
    if needed > (own or 15):
        rest = sum(height or 15 for height in pattern.heights[1:])
        sheet.row_dimensions[row].height = min(max(needed - rest, own or 15), MAX_HEIGHT)


def _text_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _column_width(sheet: Any, column: int) -> float:
    dimensions = sheet.column_dimensions
    found = dimensions.get(get_column_letter(column)) or next(
        (one for one in dimensions.values() if (one.min or 0) <= column <= (one.max or 0)), None
    )
    return float(found.width) if found is not None and found.width else 8.43
