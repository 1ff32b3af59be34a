"""Writing the books: closing, reopening, waiving. Nothing here updates or deletes."""

from app.journal.operations.posting import (
    finish_close,
    lock_books,
    post_close,
    post_entries,
    post_reopening,
)
from app.journal.operations.waivers import waive

__all__ = ["finish_close", "lock_books", "post_close", "post_entries", "post_reopening", "waive"]
