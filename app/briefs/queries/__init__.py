"""Reading briefs: documents with their prose and steps, and the files that were made."""

from app.briefs.queries.documents import (
    find_document,
    find_paragraph,
    get_document,
    list_documents,
    list_paragraphs,
    list_steps,
)
from app.briefs.queries.making import find_issued, find_making, find_ready, get_brief, list_newest

__all__ = [
    "find_document",
    "find_issued",
    "find_making",
    "find_paragraph",
    "find_ready",
    "get_brief",
    "get_document",
    "list_documents",
    "list_newest",
    "list_paragraphs",
    "list_steps",
]
