"""Taking a ledger in."""

from app.ledger.operations.batches import (
    begin_again,
    begin_batch,
    confirm_batch,
    fail_batch,
    file_of,
    get_batch,
    keep_verdict,
    run_batch,
)
from app.ledger.operations.importing import import_ledger
from app.ledger.operations.template import write_empty_ledger

__all__ = [
    "begin_again",
    "begin_batch",
    "confirm_batch",
    "fail_batch",
    "file_of",
    "get_batch",
    "import_ledger",
    "keep_verdict",
    "run_batch",
    "write_empty_ledger",
]
