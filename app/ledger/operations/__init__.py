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
from app.ledger.operations.forms import UndecidedError, import_form, is_own_form
from app.ledger.operations.importing import import_ledger
from app.ledger.operations.template import write_empty_ledger

__all__ = [
    "UndecidedError",
    "begin_again",
    "begin_batch",
    "confirm_batch",
    "fail_batch",
    "file_of",
    "get_batch",
    "import_form",
    "import_ledger",
    "is_own_form",
    "keep_verdict",
    "run_batch",
    "write_empty_ledger",
]
