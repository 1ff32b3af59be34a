"""Finding the tables of any workbook: heads, columns, rows, units, months, totals. Pure functions of its cells."""

from app.ledger.workbook.recognising.columns import Remembered
from app.ledger.workbook.recognising.forming import FormRow, form_rows
from app.ledger.workbook.recognising.tables import recognise

__all__ = ["FormRow", "Remembered", "form_rows", "recognise"]
