"""Taking a ledger in, step by step, and taking it back."""

from app.ledger.operations.at_once import import_file_at_once
from app.ledger.operations.batches import (
    answer_batch,
    answer_row,
    ask_judging,
    ask_undo,
    begin_again,
    begin_batch,
    choose,
    confirm_batch,
    edit_cell,
    fail_batch,
    go_back,
)
from app.ledger.operations.choices import Choices, read_choices
from app.ledger.operations.files import file_of, shown_cells, stored_workbook
from app.ledger.operations.importing import import_form
from app.ledger.operations.judging import judge_batch, keep_judged, try_batch
from app.ledger.operations.marked import write_marked_workbook
from app.ledger.operations.recognising import UndecidedError, recognise_batch
from app.ledger.operations.template import write_empty_ledger
from app.ledger.operations.undoing import undo_batch
from app.ledger.operations.writing import write_batch
from app.ledger.queries import get_batch

__all__ = [
    "Choices",
    "UndecidedError",
    "answer_batch",
    "answer_row",
    "ask_judging",
    "ask_undo",
    "begin_again",
    "begin_batch",
    "choose",
    "confirm_batch",
    "edit_cell",
    "fail_batch",
    "file_of",
    "get_batch",
    "go_back",
    "import_file_at_once",
    "import_form",
    "judge_batch",
    "keep_judged",
    "read_choices",
    "recognise_batch",
    "shown_cells",
    "stored_workbook",
    "try_batch",
    "undo_batch",
    "write_batch",
    "write_empty_ledger",
    "write_marked_workbook",
]
