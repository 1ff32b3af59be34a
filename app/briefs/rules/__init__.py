"""How a brief is worded, ranked, drawn and checked; plain values in, plain values out."""

from app.briefs.rules.checks import check_snapshot
from app.briefs.rules.document import FORM, known_numbers, write_brief
from app.briefs.rules.making import check_month, is_silent
from app.briefs.rules.outline import OPENING, OWN, SECTIONS, check_outline, usual_outline
from app.briefs.rules.prose import Book, Moved, moved, numbers, read_runs, unbound, unwritten
from app.briefs.rules.ranking import ranks
from app.briefs.rules.states import DocumentState, check_signer, check_step, check_writable

__all__ = [
    "FORM",
    "OPENING",
    "OWN",
    "SECTIONS",
    "Book",
    "DocumentState",
    "Moved",
    "check_month",
    "check_outline",
    "check_signer",
    "check_snapshot",
    "check_step",
    "check_writable",
    "is_silent",
    "known_numbers",
    "moved",
    "numbers",
    "ranks",
    "read_runs",
    "unbound",
    "unwritten",
    "usual_outline",
    "write_brief",
]
