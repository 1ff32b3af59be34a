"""What may be kept as a file: kinds by content, sizes, numbers, names."""

from __future__ import annotations

from app.files.rules.content import check_content
from app.files.rules.kinds import ACCEPT, ACCEPTED_WORDS, FileKind, kind_of
from app.files.rules.names import clean_label, clean_name

MAX_BYTES = 20 * 1024 * 1024
"""One file."""
MAX_FILES = 30
"""On one record, removed ones not counted."""

__all__ = [
    "ACCEPT",
    "ACCEPTED_WORDS",
    "MAX_BYTES",
    "MAX_FILES",
    "FileKind",
    "check_content",
    "clean_label",
    "clean_name",
    "kind_of",
]
