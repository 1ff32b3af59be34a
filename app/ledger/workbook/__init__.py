"""Workbooks: read in a child process behind limits, written with XlsxWriter (``writing``)."""

from app.ledger.workbook.cells import EMPTY, Cell, Sheet, Workbook, WorkbookError, cell_address
from app.ledger.workbook.reading import read_workbook

__all__ = ["EMPTY", "Cell", "Sheet", "Workbook", "WorkbookError", "cell_address", "read_workbook"]
