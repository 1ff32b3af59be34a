"""Workbooks: read in a child process behind limits, written with XlsxWriter (``writing``)."""

from app.ledger.workbook.cells import EMPTY, Cell, Sheet, Workbook, WorkbookError, cell_address, cell_place
from app.ledger.workbook.reading import read_workbook
from app.ledger.workbook.stored import keep_cells, load_cells
from app.ledger.workbook.window import Extent, extents, load_rows, load_window

__all__ = [
    "EMPTY",
    "Cell",
    "Extent",
    "Sheet",
    "Workbook",
    "WorkbookError",
    "cell_address",
    "cell_place",
    "extents",
    "keep_cells",
    "load_cells",
    "load_rows",
    "load_window",
    "read_workbook",
]
