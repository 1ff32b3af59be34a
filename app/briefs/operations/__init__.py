"""Making a brief's file, and writing the document it is printed from."""

from app.briefs.operations.making import (
    fail_brief,
    file_of,
    finish_brief,
    freeze_brief,
    freeze_facts,
    keep_snapshot,
    maker_of,
    page_of,
    start_brief,
    tell,
)

__all__ = [
    "fail_brief",
    "file_of",
    "finish_brief",
    "freeze_brief",
    "freeze_facts",
    "keep_snapshot",
    "maker_of",
    "page_of",
    "start_brief",
    "tell",
]
