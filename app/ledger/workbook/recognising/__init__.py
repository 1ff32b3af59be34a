"""Finding the tables of any workbook: heads, columns, rows, units, months, totals. Pure functions of its cells."""

from __future__ import annotations

from collections.abc import Iterator

from app.ledger.rules.recognition import Answers, Kind, Recognition
from app.ledger.rules.synonyms import MONTHLY_FUNDS
from app.ledger.workbook.cells import Workbook
from app.ledger.workbook.recognising.columns import Remembered
from app.ledger.workbook.recognising.doubles import once
from app.ledger.workbook.recognising.form_row import FormRow
from app.ledger.workbook.recognising.forming import other_rows, project_rows
from app.ledger.workbook.recognising.merging import merged
from app.ledger.workbook.recognising.tables import recognise
from app.ledger.workbook.recognising.titles import Known

__all__ = ["FormRow", "Known", "Remembered", "form_rows", "recognise"]


def form_rows(workbook: Workbook, found: Recognition, answers: Answers | None = None) -> Iterator[FormRow]:
    """Every record of a recognised workbook: projects first, each once, then arrivals, then targets."""
    answers = answers or Answers()
    yield from merged(project_rows(workbook, found, answers))
    others = other_rows(workbook, found, answers)
    with_money = [t for t in found.tables if t.kind is Kind.arrivals or t.column(MONTHLY_FUNDS)]
    yield from once(others) if len(with_money) > 1 else others
