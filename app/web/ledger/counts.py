"""How many rows an import has written, or would write: what the list of imports and the result say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.ledger.models import BatchState, ImportBatch
from app.ledger.rules import Verdict


@dataclass(frozen=True)
class Counts:
    """Rows of one import. Once it has been written, new and changed are those of the writing."""

    new: int = 0
    changed: int = 0
    same: int = 0
    left: int = 0
    """Neither the same nor written; before the writing those that are refused or ask something."""
    asked: int = 0
    """Of the changed, those that were in doubt and answered: changes or new records."""
    known: bool = False
    """Whether there is anything to say: it has been judged."""


def counts_of(batch: ImportBatch, rows: Mapping[Verdict, int]) -> Counts:
    """The counts of ``batch``, whose rows have these verdicts.

    A row in doubt has become a new record, a change or nothing by the answer given: the writing knows, the judging
    does not.
    """
    if batch.report is None or batch.state in (BatchState.reading, BatchState.recognised):
        return Counts()
    done = batch.report.get("written") if batch.state in (BatchState.done, BatchState.undone) else None
    if done is None:
        left = rows.get(Verdict.question, 0) + rows.get(Verdict.refused, 0)
        return Counts(
            rows.get(Verdict.new, 0),
            rows.get(Verdict.changed, 0),
            rows.get(Verdict.same, 0),
            left,
            known=True,
        )
    new, changed, asked, kept = (
        sum(sheet.get(verdict, 0) for sheet in done.values())
        for verdict in (Verdict.new, Verdict.changed, Verdict.question, Verdict.same)
    )
    same, every = rows.get(Verdict.same, 0) + kept, sum(rows.values())
    written = new + changed + asked
    return Counts(new, changed + asked, same, every - same - written, asked, known=True)
