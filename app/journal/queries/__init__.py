"""Reading the books: which months are closed, what was posted, and whether anything was touched."""

from app.journal.queries.books import (
    closed_span,
    closed_span_columns,
    closed_span_of,
    current_lists,
    find_reading,
    list_waivers,
    read_books,
    read_close,
)
from app.journal.queries.corrections import Corrected, corrected_facts
from app.journal.queries.entries import (
    Correction,
    Only,
    Posting,
    Tally,
    list_corrections,
    list_postings,
    posted_sums,
    preview_postings,
    preview_sums,
    tally_postings,
    tally_preview,
)
from app.journal.queries.verify import ENTITY, read_marks, step_content, verify_books

__all__ = [
    "ENTITY",
    "Corrected",
    "Correction",
    "Only",
    "Posting",
    "Tally",
    "closed_span",
    "closed_span_columns",
    "closed_span_of",
    "corrected_facts",
    "current_lists",
    "find_reading",
    "list_corrections",
    "list_postings",
    "list_waivers",
    "posted_sums",
    "preview_postings",
    "preview_sums",
    "read_books",
    "read_close",
    "read_marks",
    "step_content",
    "tally_postings",
    "tally_preview",
    "verify_books",
]
