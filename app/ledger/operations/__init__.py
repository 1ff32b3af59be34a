"""Taking a ledger in."""

from app.ledger.operations.batches import (
    begin_batch,
    confirm_batch,
    fail_batch,
    file_of,
    get_batch,
    heard,
    run_batch,
    tell,
)
from app.ledger.operations.importing import import_ledger
from app.ledger.operations.template import write_empty_ledger

__all__ = [
    "begin_batch",
    "confirm_batch",
    "fail_batch",
    "file_of",
    "get_batch",
    "heard",
    "import_ledger",
    "run_batch",
    "tell",
    "write_empty_ledger",
]
