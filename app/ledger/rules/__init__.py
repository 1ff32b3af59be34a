"""What a ledger of the product's own form contains, and what can become of its rows."""

from app.ledger.rules.columns import (
    ARRIVALS,
    FIELD_HEADS,
    PROJECTS,
    SHEETS,
    TARGETS,
    SheetForm,
    head_key,
)
from app.ledger.rules.report import Change, Problem, Report, RowVerdict, Verdict

__all__ = [
    "ARRIVALS",
    "FIELD_HEADS",
    "PROJECTS",
    "SHEETS",
    "TARGETS",
    "Change",
    "Problem",
    "Report",
    "RowVerdict",
    "SheetForm",
    "Verdict",
    "head_key",
]
