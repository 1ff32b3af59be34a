"""A sheet as a grid to look things up in: texts, merged ranges, and values carried into them."""

from __future__ import annotations

from app.kernel.text import clean
from app.ledger.rules.values import is_nothing
from app.ledger.workbook.cells import EMPTY, Cell, Sheet


class Grid:
    """Cells by row and column as the file counts them, from 1."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.first = sheet.first_row
        self.last = sheet.first_row + len(sheet.rows) - 1
        self.width = len(sheet.rows[0]) if sheet.rows else 0
        self.top_left = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merged}
        self.merged_from: dict[tuple[int, int], int] = {}
        """For every place in a merged range of several rows, the row in which its value stands."""
        room = self.width * len(sheet.rows)
        for top, left, bottom, right in sheet.merged:
            if bottom == top or bottom > self.last or bottom - top > 5000:
                continue
            room -= (bottom - top + 1) * (min(right, self.width) - left + 1)
            if room < 0:
                break  # ranges that overlap, which no spreadsheet program makes
            for row in range(top + 1, bottom + 1):
                for column in range(left, min(right, self.width) + 1):
                    self.merged_from[row, column] = top

    def at(self, row: int, column: int) -> Cell:
        """The cell as stored."""
        index = row - self.first
        if not 0 <= index < len(self.sheet.rows) or not 1 <= column <= self.width:
            return EMPTY
        return self.sheet.rows[index][column - 1]

    def cells(self, row: int) -> list[Cell]:
        """The row as stored."""
        return self.sheet.rows[row - self.first]

    def text(self, row: int, column: int) -> str:
        """The cell's words, empty for none."""
        return _words(self.at(row, column).value)

    def texts(self, row: int) -> dict[int, str]:
        """The words of the columns of a row in which something is said or wrong."""
        cells = self.cells(row)
        return {place: _words(cells[place - 1].value) for place in self.filled(row)}

    def filled(self, row: int) -> list[int]:
        """The columns of a row in which something is said or wrong."""
        return [
            place
            for place, cell in enumerate(self.cells(row), 1)
            if cell is not EMPTY and (cell.problem or not is_nothing(cell.value))
        ]

    def span(self, row: int, column: int) -> tuple[int, int]:
        """How many rows and columns the cell takes."""
        bottom, right = self.top_left.get((row, column), (row, column))
        return bottom - row + 1, right - column + 1


def _words(value: object) -> str:
    return "" if value is None else clean(str(value))
