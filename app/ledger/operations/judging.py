"""Judging a batch: every row is tried and taken back; what is left is a verdict for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.db.trial import trial
from app.kernel import clock
from app.kernel.collector import collector_off
from app.kernel.errors import DomainError
from app.kernel.ids import new_id
from app.ledger.models import BatchState, ImportBatch, ImportRow
from app.ledger.operations.choices import Choices, choices_of
from app.ledger.operations.files import stored_workbook
from app.ledger.operations.importing import Progress, Wish, silent, take_rows
from app.ledger.operations.recognising import answers_of, recognise_in_zone
from app.ledger.operations.trial import beside, read_figures
from app.ledger.rules import Report, RowVerdict, Verdict


@dataclass(frozen=True)
class Judged:
    """What judging found: the report, and the figures of the months in question before and after."""

    report: Report
    figures: list[dict[str, Any]]


def actor_of(batch: ImportBatch) -> Actor:
    """Whoever sent the file."""
    return Actor(batch.zone_id, batch.made_by, batch.made_name)


def wish_of(
    session: Session, batch: ImportBatch, today: dt.date, only: Collection[tuple[str, int]] | None = None
) -> Wish:
    """How the batch is to be taken in."""
    query = select(ImportRow).where(
        ImportRow.zone_id == batch.zone_id, ImportRow.batch_id == batch.id, ImportRow.choice.is_not(None)
    )
    chosen: Choices = choices_of(session.scalars(query))
    general = (batch.answers or {}).get("choices")
    if isinstance(general, dict):
        chosen = chosen.beneath(general)
    return Wish(batch.file_name, today, answers_of(batch), chosen, batch.add_lists, only)


def try_batch(
    session: Session,
    zone: Zone,
    batch: ImportBatch,
    folder: Path,
    *,
    today: dt.date,
    progress: Progress = silent,
) -> Judged:
    """Try every row of the batch and take everything back again.

    Raises ``DomainError`` when the form leaves something to be decided.
    """
    workbook = stored_workbook(folder, batch)
    wish = wish_of(session, batch, today)
    found = recognise_in_zone(session, zone.id, workbook, wish.answers)
    if found.doubts:
        raise DomainError(f"台账的格式还有 {len(found.doubts)} 处需要确定，请先在“识别表头”中确定")
    with trial(session), collector_off():
        report = take_rows(session, zone, actor_of(batch), workbook, found, wish, progress=progress)
        progress("正在计算导入前后的指标", 92)
        after = read_figures(session, zone, report.years, today, report.effect)
    return Judged(report, beside(read_figures(session, zone, report.years, today), after))


def judge_batch(
    session: Session,
    zone: Zone,
    batch: ImportBatch,
    folder: Path,
    *,
    today: dt.date,
    progress: Progress = silent,
) -> None:
    """Judge a batch within the session and keep the verdicts; nothing else is left."""
    keep_judged(session, batch, try_batch(session, zone, batch, folder, today=today, progress=progress))


def keep_judged(session: Session, batch: ImportBatch, judged: Judged) -> None:
    """Replace the batch's verdicts; what was chosen about a row stays with it. Nothing when judging was given up."""
    if batch.state is not BatchState.judging:
        return
    own = (ImportRow.zone_id == batch.zone_id, ImportRow.batch_id == batch.id)
    chosen = select(ImportRow.sheet, ImportRow.row, ImportRow.choice).where(
        *own, ImportRow.choice.is_not(None)
    )
    kept = {(sheet, row): choice for sheet, row, choice in session.execute(chosen)}
    session.execute(delete(ImportRow).where(*own), execution_options={"synchronize_session": False})
    rows = [
        {"zone_id": batch.zone_id, "id": new_id(), "batch_id": batch.id}
        | values_of(row, kept.get((row.sheet, row.row)))
        for row in judged.report.rows
    ]
    if rows:
        session.execute(insert(ImportRow), rows)
    batch.report = summary(judged.report)
    batch.figures = judged.figures
    batch.state, batch.percent, batch.step = BatchState.judged, 100, ""
    batch.finished_at = clock.now()
    session.flush()


def summary(report: Report) -> dict[str, Any]:
    """What is kept of a report beside its rows."""
    return {"counts": report.counts(), "notes": report.notes, "added_lists": report.added_lists}


def values_of(row: RowVerdict, choice: Any) -> dict[str, Any]:
    """A verdict as a row of ``import_row``."""
    return {
        "sheet": row.sheet,
        "row": row.row,
        "kind": row.kind,
        "label": row.label[:200],
        "verdict": row.verdict,
        "changes": [vars(change) for change in row.changes],
        "problems": [vars(problem) for problem in row.problems],
        "questions": [question.as_json() for question in row.questions],
        "choice": choice,
        "take": is_taken(row.verdict, undecided=row.undecided, choice=choice),
        "record_id": None if row.verdict is Verdict.new else row.record_id,
    }


def is_taken(verdict: Verdict, *, undecided: bool, choice: Any) -> bool:
    """Whether a row is written when the batch is."""
    wanted = verdict in (Verdict.new, Verdict.changed, Verdict.question)
    return wanted and not undecided and choice != "skip"


def rejudge(
    session: Session,
    zone: Zone,
    batch: ImportBatch,
    folder: Path,
    rows: Sequence[ImportRow],
    *,
    today: dt.date,
) -> None:
    """Judge a few rows anew against what is stored; the others stay as they were judged."""
    only = {(row.sheet, row.row) for row in rows}
    wish = wish_of(session, batch, today, only)
    workbook = stored_workbook(folder, batch)
    found = recognise_in_zone(session, zone.id, workbook, wish.answers)
    with trial(session):
        report = take_rows(session, zone, actor_of(batch), workbook, found, wish)
    verdicts = {(row.sheet, row.row): row for row in report.rows}
    for row in rows:
        verdict = verdicts.get((row.sheet, row.row))
        if verdict is not None:
            for name, value in values_of(verdict, row.choice).items():
                setattr(row, name, value)
    session.flush()
