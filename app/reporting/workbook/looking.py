"""How the sheets of a template look, as plain values for the browser.

A sheet is ``{"name", "rows", "columns", "widths", "heights", "cells", "merged", "print", "hidden"}``; a cell is
``[row, column, text, look]`` with a look of ``b`` bold, ``h`` alignment, ``bg`` ground, ``s`` size, ``f`` formula,
``e`` edges, ``n`` number format; places are counted from 1, widths in pixels, heights in points.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

from app.ledger.workbook.cells import WorkbookError

SHOWN_ROWS, SHOWN_COLUMNS = 200, 100
_PAPER = {"8": "A3", "9": "A4"}
_LOST = {
    "xl/charts/": "图表",
    "xl/drawings/drawing": "图形、文本框",
    "xl/media/": "图片",
    "xl/pivotTables/": "数据透视表",
    "xl/ctrlProps/": "控件",
}


def look_at(book: Workbook, names: list[str]) -> dict[str, Any]:
    """Every worksheet, and what of the workbook will not be kept."""
    lost = [word for part, word in _LOST.items() if any(name.startswith(part) for name in names)]
    notes = [f"模板中的{'、'.join(lost)}在填好的表里不能保留，请改用单元格文字或删除"] if lost else []
    sheets = [_sheet(sheet) for sheet in book.worksheets]
    if not any(sheet["cells"] for sheet in sheets):
        raise WorkbookError("模板里没有任何文字或表格，请上传带表头的表样")
    return {"sheets": sheets, "notes": notes}


def _sheet(sheet: Worksheet) -> dict[str, Any]:
    merged = [(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges]
    cells = [_cell(cell) for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)]
    kept = [cell for cell in cells if cell[2] or "e" in cell[3] or "bg" in cell[3]]
    rows = max([cell[0] for cell in kept] + [r[2] for r in merged], default=0)
    columns = max([cell[1] for cell in kept] + [r[3] for r in merged], default=0)
    rows, columns = min(rows, SHOWN_ROWS), min(columns, SHOWN_COLUMNS)
    return {
        "name": sheet.title,
        "rows": rows,
        "columns": columns,
        "widths": [_width(sheet, number) for number in range(1, columns + 1)],
        "heights": [sheet.row_dimensions[number].height or 0 for number in range(1, rows + 1)],
        "cells": [cell for cell in kept if cell[0] <= rows and cell[1] <= columns],
        "merged": sorted(r for r in merged if r[0] <= rows and r[1] <= columns),
        "print": _print_words(sheet),
        "hidden": sheet.sheet_state != "visible",
    }


def _cell(cell: Cell) -> list[Any]:
    look: dict[str, Any] = {}
    if cell.font.b:
        look["b"] = 1
    if cell.alignment.horizontal in ("center", "right", "left"):
        look["h"] = cell.alignment.horizontal
    fill = cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else None
    if isinstance(fill, str) and len(fill) == 8 and fill[2:].upper() != "FFFFFF":
        look["bg"] = f"#{fill[2:]}"
    if cell.font.sz and cell.font.sz != 11:
        look["s"] = float(cell.font.sz)
    if cell.border.bottom.style or cell.border.top.style or cell.border.left.style:
        look["e"] = 1
    if cell.number_format not in ("General", "@"):
        look["n"] = cell.number_format[:60]
    if cell.data_type == "f" or isinstance(cell.value, ArrayFormula | DataTableFormula):
        look["f"] = 1
    return [cell.row, cell.column, _text(cell.value), look]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, ArrayFormula | DataTableFormula):
        return "{公式}"
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return f"{value:%Y-%m-%d}"
    return str(value)[:500]


def _width(sheet: Worksheet, number: int) -> int:
    """The column's width in pixels; openpyxl keeps one entry for a run of columns of one width."""
    dimensions = sheet.column_dimensions
    letter = get_column_letter(number)
    found = dimensions.get(letter) or next(
        (one for one in dimensions.values() if (one.min or 0) <= number <= (one.max or 0)), None
    )
    width = found.width if found is not None and found.width else 8.43
    return min(max(int(width * 7 + 5), 24), 480)


def _print_words(sheet: Worksheet) -> str:
    """The paper, its direction and the heads repeated, in words."""
    setup = sheet.page_setup
    said = [
        _PAPER.get(str(setup.paperSize or ""), ""),
        {"landscape": "横向", "portrait": "纵向"}.get(setup.orientation or "", ""),
    ]
    if sheet.print_title_rows:
        said.append(f"每页重复第 {sheet.print_title_rows.replace('$', '').replace(':', '—')} 行")
    return " ".join(part for part in said if part)
