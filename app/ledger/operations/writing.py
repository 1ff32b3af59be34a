"""Writing a judged batch: the rows that were judged so, all of them or none, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.kernel import clock
from app.ledger.models import BatchState, ImportBatch, ImportRow
from app.ledger.operations.files import stored_workbook
from app.ledger.operations.images import watching
from app.ledger.operations.importing import Progress, note_import, silent, take_rows
from app.ledger.operations.judging import summary, wish_of
from app.ledger.operations.recognising import recognise_in_zone
from app.ledger.operations.trial import beside, read_figures, years_of
from app.ledger.rules import Problem, Report, RowVerdict, Verdict
from app.ledger.workbook.recognising import form_rows

CHANGED_SINCE = "核对之后这条记录已被改动（或新登记），没有覆盖；请重新核对"


def write_batch(
    session: Session,
    zone: Zone,
    batch: ImportBatch,
    folder: Path,
    *,
    today: dt.date,
    progress: Progress = silent,
) -> None:
    """Write the rows that are to be taken. One that is no longer what was judged stops it all.

    Then nothing is written, and the batch is back at its verdicts, where that row is refused and says why.
    """
    rows = {
        (row.sheet, row.row): row
        for row in session.scalars(
            select(ImportRow).where(
                ImportRow.zone_id == batch.zone_id, ImportRow.batch_id == batch.id, ImportRow.take
            )
        )
    }
    workbook = stored_workbook(folder, batch)
    wish = wish_of(session, batch, today, set(rows))
    found = recognise_in_zone(session, zone.id, workbook, wish.answers)
    actor = Actor(zone.id, batch.confirmed_by, batch.confirmed_name or batch.made_name)
    years = years_of(form_rows(workbook, found, wish.answers))
    before = read_figures(session, zone, years, today)
    session.flush()
    savepoint = session.begin_nested()
    with watching(session, batch) as images:
        report = take_rows(session, zone, actor, workbook, found, wish, progress=progress)
        wrong = [row for row in report.rows if not _as_judged(row, rows[row.sheet, row.row])]
        if not wrong:
            note_import(session, actor, zone, found, wish, report)
            progress("正在保存导入前后的内容", 94)
            images.keep()
    if wrong:
        savepoint.rollback()
        _back(session, batch, rows, wrong)
        return
    savepoint.commit()
    # What was judged may have been put right, answered or left out since: the figures are those of this writing.
    batch.figures = beside(before, read_figures(session, zone, years, today))
    _finish(batch, rows, report)
    session.flush()


def _finish(batch: ImportBatch, rows: Mapping[tuple[str, int], ImportRow], report: Report) -> None:
    for row in report.rows:
        rows[row.sheet, row.row].record_id = row.record_id
    batch.report = (batch.report or {}) | {
        "written": summary(report)["counts"],
        "added_lists": report.added_lists,
    }
    batch.state, batch.percent, batch.step, batch.finished_at = BatchState.done, 100, "", clock.now()


def _as_judged(now: RowVerdict, judged: ImportRow) -> bool:
    """Whether the row would still do what was shown; with questions answered it does what was chosen."""
    if not now.stands:
        return False
    old = {change["head"]: change["old"] for change in judged.changes}
    if judged.questions:
        return all(old.get(change.head, change.old) == change.old for change in now.changes)
    said = [(change["head"], change["old"], change["new"]) for change in judged.changes]
    return now.verdict is judged.verdict and said == [(c.head, c.old, c.new) for c in now.changes]


def _back(
    session: Session,
    batch: ImportBatch,
    rows: dict[tuple[str, int], ImportRow],
    wrong: Sequence[RowVerdict],
) -> None:
    for now in wrong:
        row = rows[now.sheet, now.row]
        problems = now.problems or (Problem("", "", CHANGED_SINCE),)
        row.verdict, row.take = Verdict.refused, False
        row.problems = [vars(problem) for problem in problems]
    batch.state, batch.percent, batch.finished_at = BatchState.judged, 100, clock.now()
    batch.step = f"有 {len(wrong)} 行在核对之后发生变化，没有写入任何数据，请查看后重新核对"
    session.flush()
