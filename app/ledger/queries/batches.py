"""Imports and their rows, for pages and commands."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, defer

from app.kernel.errors import NotFoundError
from app.ledger.models import ImportBatch, ImportRow
from app.ledger.rules import Verdict

URGENT = (Verdict.refused, Verdict.question, Verdict.changed, Verdict.new, Verdict.same)
"""Verdicts in the order in which a person looks at them."""


def list_batches(session: Session, zone_id: int, limit: int = 20) -> list[ImportBatch]:
    """The newest imports, without what was found in their files, which is long."""
    unread = (ImportBatch.recognition, ImportBatch.answers, ImportBatch.figures, ImportBatch.undo_report)
    query = select(ImportBatch).where(ImportBatch.zone_id == zone_id).options(*map(defer, unread))
    return list(
        session.scalars(query.order_by(ImportBatch.made_at.desc(), ImportBatch.id.desc()).limit(limit))
    )


def get_batch(session: Session, zone_id: int, batch_id: int, *, lock: bool = False) -> ImportBatch:
    """The batch. Raises ``NotFoundError``, also for one of another zone."""
    batch = session.get(
        ImportBatch, (zone_id, batch_id), with_for_update=lock or None, populate_existing=lock
    )
    if batch is None:
        raise NotFoundError("没有这次导入，可能不属于本区")
    return batch


def get_row(session: Session, batch: ImportBatch, row_id: int) -> ImportRow:
    """The row of that id of the batch. Raises ``NotFoundError``."""
    row = session.get(ImportRow, (batch.zone_id, row_id))
    if row is None or row.batch_id != batch.id:
        raise NotFoundError("这次导入里没有这一行")
    return row


def verdict_counts(session: Session, batch: ImportBatch, *, taken: bool = False) -> dict[Verdict, int]:
    """How many rows have each verdict, every verdict present; ``taken``: of those that are written."""
    query = select(ImportRow.verdict, func.count()).where(*_of(batch)).group_by(ImportRow.verdict)
    if taken:
        query = query.where(ImportRow.take)
    found = dict(session.execute(query).all())
    return {verdict: found.get(verdict, 0) for verdict in Verdict}


def rows_by_verdict(
    session: Session, zone_id: int, batch_ids: Collection[int]
) -> dict[int, dict[Verdict, int]]:
    """How many rows of each import have which verdict, in one query; imports without rows are missing."""
    query = select(ImportRow.batch_id, ImportRow.verdict, func.count()).where(
        ImportRow.zone_id == zone_id, ImportRow.batch_id.in_(batch_ids)
    )
    found: dict[int, dict[Verdict, int]] = {}
    for batch_id, verdict, number in session.execute(query.group_by(ImportRow.batch_id, ImportRow.verdict)):
        found.setdefault(batch_id, {})[verdict] = number
    return found


def count_taken(session: Session, batch: ImportBatch) -> int:
    """How many rows are written when the batch is."""
    query = select(func.count()).select_from(ImportRow).where(*_of(batch), ImportRow.take)
    return session.scalar(query) or 0


def list_rows(
    session: Session,
    batch: ImportBatch,
    *,
    verdicts: Collection[Verdict] = (),
    taken: bool = False,
    page: int = 1,
    size: int = 50,
) -> list[ImportRow]:
    """Rows of the batch, those that need a person first, then as they stand in the file.

    ``verdicts``: only with one of these; ``taken``: only those that are written when the batch is.
    """
    query = select(ImportRow).where(*_of(batch))
    if verdicts:
        query = query.where(ImportRow.verdict.in_(verdicts))
    if taken:
        query = query.where(ImportRow.take)
    rank = case({verdict: at for at, verdict in enumerate(URGENT)}, value=ImportRow.verdict)
    query = query.order_by(rank, ImportRow.sheet, ImportRow.row).offset((page - 1) * size).limit(size)
    return list(session.scalars(query))


def row_ids(session: Session, batch: ImportBatch, verdicts: Collection[Verdict]) -> list[int]:
    """The ids of all rows with one of these verdicts."""
    return list(session.scalars(select(ImportRow.id).where(*_of(batch), ImportRow.verdict.in_(verdicts))))


def _of(batch: ImportBatch) -> tuple[ColumnElement[bool], ...]:
    return ImportRow.zone_id == batch.zone_id, ImportRow.batch_id == batch.id
