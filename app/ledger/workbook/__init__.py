"""Workbooks: read in a child process behind limits, written with XlsxWriter (``writing``)."""

from app.ledger.workbook.cells import EMPTY, Cell, Sheet, Workbook, WorkbookError, cell_address, cell_place
from app.ledger.workbook.reading import read_workbook
from app.ledger.workbook.stored import keep_cells, load_cells

__all__ = [
    "EMPTY",
    "Cell",
    "Sheet",
    "Workbook",
    "WorkbookError",
    "cell_address",
    "cell_place",
    "keep_cells",
    "load_cells",
    "read_workbook",
]
