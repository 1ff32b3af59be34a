"""What became of a row of the file, from what became of its records."""

from __future__ import annotations

from collections.abc import Sequence

from app.ledger.operations.arrivals import AMOUNT
from app.ledger.operations.cells import CellReader
from app.ledger.operations.context import Taken
from app.ledger.rules import ARRIVALS, PROJECTS, SUPPLEMENTS, Change, RowVerdict, Verdict
from app.ledger.rules.report import RowOf
from app.ledger.workbook.recognising import FormRow

_ROW_OF = {PROJECTS: RowOf.project, SUPPLEMENTS: RowOf.project, ARRIVALS: RowOf.arrival}


def verdict_of(group: Sequence[FormRow], readers: Sequence[CellReader], taken: Sequence[Taken]) -> RowVerdict:
    """What became of the row as a whole."""
    first = group[0]
    kind = _ROW_OF.get(first.form, RowOf.target)
    problems = tuple(problem for reader in readers for problem in reader.problems)
    questions = tuple(question for reader in readers for question in reader.questions)
    label = next((one.label for one in taken if one.label), "")
    if problems:
        label = label or readers[0].peek("项目名称")
        return RowVerdict(first.sheet, first.row, label, Verdict.refused, (), problems, questions, kind)
    changes: list[Change] = []
    whole = taken[0].verdict
    if whole is not Verdict.new or kind is not RowOf.project:
        changes = [
            change
            for row, reader, one in zip(group, readers, taken, strict=True)
            for change in _changes(row, reader, one)
        ]
        whole = Verdict.changed if changes else Verdict.same
        if all(one.verdict is Verdict.new for one in taken):
            whole = Verdict.new
    if questions:
        whole = Verdict.question
    undecided = any(reader.undecided for reader in readers)
    return RowVerdict(
        first.sheet, first.row, label, whole, tuple(changes), (), questions, kind, taken[0].record_id, undecided,
    )  # fmt: skip


def _changes(row: FormRow, reader: CellReader, one: Taken) -> list[Change]:
    """The record's changes with their cells; a month is named, and a new one told by its amount."""
    if row.month is None or row.in_list:
        return [Change(c.head, c.old, c.new, reader.address(c.head)) for c in one.changes]
    head = "{}年{}月到位资金".format(*row.month)
    if one.verdict is Verdict.new:
        return [Change(head, "", reader.peek(AMOUNT), reader.address(AMOUNT))]
    amount = next((c for c in one.changes if c.head == AMOUNT), None)
    found = [Change(head, amount.old, amount.new, reader.address(AMOUNT))] if amount else []
    rest = [c for c in one.changes if c.head not in (AMOUNT, "原币金额（万）")]
    return found + [Change(f"{head}·{c.head}", c.old, c.new, reader.address(AMOUNT)) for c in rest]
