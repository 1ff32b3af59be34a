"""Writing the books: closing, reopening, waiving. Nothing here updates or deletes."""

from app.journal.operations.posting import lock_books, post_close, post_reopening
from app.journal.operations.waivers import waive

__all__ = ["lock_books", "post_close", "post_reopening", "waive"]
