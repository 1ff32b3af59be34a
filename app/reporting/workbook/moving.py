"""Rows of a template make room: what lies below the data moves, and everything that names rows moves with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.merge import MergedCellRange

from app.ledger.workbook.cells import WorkbookError

_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!]+)!)?(?P<cells>\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?|\$?\d+:\$?\d+)"
)
_ROW = re.compile(r"(\$?[A-Za-z]{0,3}\$?)(\d+)")


@dataclass(frozen=True)
class Move:
    """Rows ``first`` to ``last`` of a sheet are replaced by ``delta`` more (or fewer) of them."""

    sheet: str
    first: int
    last: int
    delta: int
    sums_inside: bool = False
    """Whether the new rows hold subtotals or a total, which a sum over all of them would count twice."""

    def row(self, number: int) -> int:
        """Where a row outside the data comes to stand."""
        return number + self.delta if number > self.last else number

    def span(self, top: int, bottom: int, what: str) -> tuple[int, int]:
        """Where rows ``top`` to ``bottom`` come to stand; over all data it grows with it. Raises ``WorkbookError``."""
        if bottom < self.first or top > self.last:
            return self.row(top), self.row(bottom)
        if top <= self.first and bottom >= self.last:
            return top, bottom + self.delta
        raise WorkbookError(
            f"工作表“{self.sheet}”的{what}只涉及数据区（第 {self.first} 至 {self.last} 行）的一部分，"
            "行数变化后无法确定，请在模板中改为覆盖整个数据区，或取消"
        )


def shift_formula(text: str, move: Move, home: str, where: str, *, inside: bool = False) -> str:
    """The formula ``text`` of the sheet ``home`` after the move; ``inside``: it stands in the data row itself."""
    tokens = Tokenizer(text)
    for token in tokens.items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            token.value = _shift(token.value, move, home, where, inside)
    return "=" + "".join(token.value for token in tokens.items)


def _shift(value: str, move: Move, home: str, where: str, inside: bool) -> str:
    match = _REFERENCE.fullmatch(value)
    if match is None:
        return value
    named = (match["sheet"] or home).strip("'").replace("''", "'")
    if named != move.sheet:
        return value
    rows = [int(row) for _letters, row in _ROW.findall(match["cells"])]
    top, bottom = min(rows), max(rows)
    if inside and move.first <= top and bottom <= move.last:
        return value
    touches = bottom >= move.first and top <= move.last
    if touches and ":" not in match["cells"]:
        raise WorkbookError(
            f"{where} 的公式引用了数据行中的单元格 {match['cells']}，行数变化后无法确定，"
            f"请改为整列范围（如 SUM）或把它交给系统填写"
        )
    if touches and move.sums_inside:
        raise WorkbookError(
            f"{where} 的公式 {match['cells']} 会把系统生成的小计、合计再加一遍；请关闭小计和合计，"
            "或把这一行指定为“合计行”由系统填写"
        )
    new = iter(move.span(top, bottom, f"公式（{where}）"))
    if len(rows) == 1:
        shifted = [next(new)]
    else:
        low, high = new
        shifted = [low, high] if rows[0] <= rows[1] else [high, low]
    places = iter(shifted)
    cells = _ROW.sub(lambda found: f"{found[1]}{next(places)}", match["cells"])
    return f"{match['sheet']}!{cells}" if match["sheet"] else cells


def make_room(book: Workbook, sheet: Any, move: Move) -> None:
    """Take the data rows out, move what is below, and let every reference in the workbook follow."""
    for other in book.worksheets:
        cells: list[Any] = [cell for row in other.iter_rows() for cell in row]
        for cell in cells:
            own = other is sheet and move.first <= cell.row <= move.last
            _shift_cell(cell, move, other.title, inside=own)
    for name, defined in [
        *book.defined_names.items(),
        *((n, d) for s in book.worksheets for n, d in s.defined_names.items()),
    ]:
        if defined.attr_text and not name.startswith("_xlnm"):
            defined.attr_text = shift_formula(f"={defined.attr_text}", move, "", f"名称“{name}”")[1:]
    _move_rows(sheet, move)
    _move_ranges(sheet, move)
    _move_print(sheet, move)


def _shift_cell(cell: Any, move: Move, home: str, *, inside: bool) -> None:
    where = f"工作表“{home}” {cell.coordinate}"
    if isinstance(cell.value, ArrayFormula | DataTableFormula):
        raise WorkbookError(f"{where} 是数组公式，填报时无法随行移动，请改为普通公式或数值")
    if cell.data_type == "f" and isinstance(cell.value, str):
        cell.value = shift_formula(cell.value, move, home, where, inside=inside)


def _move_rows(sheet: Any, move: Move) -> None:
    moved = {}
    for (row, column), cell in sorted(sheet._cells.items()):
        if move.first <= row <= move.last:
            continue
        if row > move.last:
            cell.row = row + move.delta
            if getattr(cell, "hyperlink", None):
                cell.hyperlink.ref = cell.coordinate
        moved[cell.row, column] = cell
    sheet._cells = moved
    heights = {
        index: dimension
        for index, dimension in sheet.row_dimensions.items()
        if not move.first <= index <= move.last
    }
    sheet.row_dimensions.clear()
    for index, dimension in heights.items():
        dimension.index = move.row(index)
        sheet.row_dimensions[move.row(index)] = dimension


def _move_ranges(sheet: Any, move: Move) -> None:
    ranges = []
    for old in sheet.merged_cells.ranges:
        if move.first <= old.min_row and old.max_row <= move.last:
            continue  # of the data rows themselves; they are made again with each row
        top, bottom = move.span(old.min_row, old.max_row, f"合并单元格 {old.coord}")
        ranges.append(MergedCellRange(sheet, f"{_corner(old.min_col, top)}:{_corner(old.max_col, bottom)}"))
    sheet.merged_cells = MultiCellRange(ranges)
    formats = ConditionalFormattingList()
    for found in sheet.conditional_formatting:
        for rule in found.rules:
            rule.formula = [
                shift_formula(f"={text}", move, sheet.title, "条件格式", inside=True)[1:]
                for text in rule.formula
            ]
            formats.add(_sqref(found.sqref, move, "条件格式"), rule)
    sheet.conditional_formatting = formats
    for validation in sheet.data_validations.dataValidation if sheet.data_validations else []:
        validation.sqref = MultiCellRange(_sqref(validation.sqref, move, "数据有效性"))
    for table in sheet.tables.values():
        table.ref = _sqref(MultiCellRange(table.ref), move, f"表格对象“{table.name}”")


def _sqref(ranges: Any, move: Move, what: str) -> str:
    found = []
    for one in ranges.ranges:
        inside = move.first <= one.min_row and one.max_row <= move.last
        # A format of some data rows becomes one of all of them.
        top, bottom = (
            (move.first, move.last + move.delta) if inside else move.span(one.min_row, one.max_row, what)
        )
        found.append(f"{_corner(one.min_col, top)}:{_corner(one.max_col, bottom)}")
    return " ".join(found)


def _move_print(sheet: Any, move: Move) -> None:
    if sheet.print_area:
        areas = re.findall(r"\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)", sheet.print_area)
        new = [
            (left, *move.span(int(top), int(bottom), "打印区域"), right) for left, top, right, bottom in areas
        ]
        sheet.print_area = ",".join(f"{left}{top}:{right}{bottom}" for left, top, bottom, right in new)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _sqref(MultiCellRange(sheet.auto_filter.ref), move, "筛选")
    for found in sheet.row_breaks.brk:
        found.id = move.row(found.id) if found.id >= move.last else found.id


def _corner(column: int, row: int) -> str:
    return f"{get_column_letter(column)}{row}"
