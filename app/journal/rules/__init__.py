"""What a fact is, what the books are, and what is hashed."""

from app.journal.rules.books import LIVE, Books, ClosedSpan, Reading, Step, check_reason
from app.journal.rules.chain import ALG, GENESIS, MARK, JournalReport, digest, entry_line, instant, mark
from app.journal.rules.facts import (
    COLUMN_OF,
    FACT,
    FUNDS_ONLY,
    KEY,
    LABELS,
    Basis,
    CloseAction,
    Dimension,
    FactKind,
    Why,
)

__all__ = [
    "ALG",
    "COLUMN_OF",
    "FACT",
    "FUNDS_ONLY",
    "GENESIS",
    "KEY",
    "LABELS",
    "LIVE",
    "MARK",
    "Basis",
    "Books",
    "CloseAction",
    "ClosedSpan",
    "Dimension",
    "FactKind",
    "JournalReport",
    "Reading",
    "Step",
    "Why",
    "check_reason",
    "digest",
    "entry_line",
    "instant",
    "mark",
]
