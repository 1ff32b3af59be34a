"""What a ledger of the product's own form contains, and what can become of its rows."""

from app.ledger.rules.columns import (
    ARRIVALS,
    FIELD_HEADS,
    PROJECTS,
    SHEETS,
    SUPPLEMENTS,
    TARGETS,
    SheetForm,
    head_key,
)
from app.ledger.rules.mapping import read_answers
from app.ledger.rules.recognition import Answers, Recognition
from app.ledger.rules.report import Change, Problem, Report, RowVerdict, Verdict

__all__ = [
    "ARRIVALS",
    "FIELD_HEADS",
    "PROJECTS",
    "SHEETS",
    "SUPPLEMENTS",
    "TARGETS",
    "Answers",
    "Change",
    "Problem",
    "Recognition",
    "Report",
    "RowVerdict",
    "SheetForm",
    "Verdict",
    "head_key",
    "read_answers",
]
