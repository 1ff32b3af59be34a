"""The whole road of a file in one transaction: for the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.db.trial import trial
from app.kernel import clock
from app.kernel.collector import collector_off
from app.kernel.ids import new_id
from app.ledger.models import BatchState, ImportBatch, ImportRow
from app.ledger.operations.batches import begin_batch
from app.ledger.operations.choices import Choices
from app.ledger.operations.files import forget_files, stored_workbook
from app.ledger.operations.images import watching
from app.ledger.operations.importing import Wish, note_import, take_rows
from app.ledger.operations.judging import summary, values_of
from app.ledger.operations.recognising import UndecidedError, answers_of, recognise_anew
from app.ledger.operations.trial import beside, read_figures
from app.ledger.rules import Report
from app.ledger.workbook.signature import check_signature


def import_file_at_once(
    session: Session,
    zone: Zone,
    actor: Actor,
    file: Path,
    *,
    folder: Path,
    today: dt.date,
    answers: Mapping[str, Any],
    accept: bool = False,
    add_lists: bool = False,
    dry_run: bool = False,
) -> tuple[int | None, Report]:
    """Take a file in, all or nothing; its batch, which can be undone, and the report. When refused, roll back.

    ``accept``: questions are answered as the ledger says. No batch and no file are left of what was refused or of a
    dry run. Raises ``UndecidedError`` when the form leaves something to be decided, ``DomainError`` for a file or
    decisions that cannot be read.
    """
    check_signature(file)
    batch = begin_batch(
        session, actor, file_name=file.name, content=file.read_bytes(), folder=folder, add_lists=add_lists
    )
    batch.answers = dict(answers)
    report: Report | None = None
    try:
        report = _take(session, zone, actor, batch, folder, today=today, accept=accept, dry_run=dry_run)
    finally:
        if report is None or report.refused or dry_run:
            forget_files(folder, batch)
    return None if report.refused or dry_run else batch.id, report


def _take(
    session: Session,
    zone: Zone,
    actor: Actor,
    batch: ImportBatch,
    folder: Path,
    *,
    today: dt.date,
    accept: bool,
    dry_run: bool,
) -> Report:
    found = recognise_anew(session, batch, folder)
    if found.doubts:
        raise UndecidedError(found)
    general = (batch.answers or {}).get("choices")
    chosen = Choices(accept=accept).beneath(general if isinstance(general, dict) else {})
    wish = Wish(batch.file_name, today, answers_of(batch), chosen, batch.add_lists)
    workbook = stored_workbook(folder, batch)
    with trial(session), collector_off():
        report = take_rows(session, zone, actor, workbook, found, wish)
    if report.refused or dry_run:
        return report
    before = read_figures(session, zone, report.years, today)
    with watching(session, batch) as images:
        report = take_rows(session, zone, actor, workbook, found, wish)
        if report.refused:
            return report
        note_import(session, actor, zone, found, wish, report)
        images.keep()
    batch.figures = beside(before, read_figures(session, zone, report.years, today))
    _finish(session, actor, batch, report)
    return report


def _finish(session: Session, actor: Actor, batch: ImportBatch, report: Report) -> None:
    rows = [
        {"zone_id": batch.zone_id, "id": new_id(), "batch_id": batch.id}
        | values_of(row, None)
        | {"record_id": row.record_id}
        for row in report.rows
    ]
    if rows:
        session.execute(insert(ImportRow), rows)
    batch.report = summary(report)
    batch.state, batch.percent, batch.step = BatchState.done, 100, ""
    batch.confirmed_by, batch.confirmed_name = actor.user_id, actor.name
    batch.confirmed_at = batch.finished_at = clock.now()
    session.flush()
