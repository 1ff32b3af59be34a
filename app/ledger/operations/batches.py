"""Imports from the web: an upload is judged first and written after somebody has confirmed it."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.kernel import clock
from app.kernel.errors import DomainError, NotFoundError
from app.kernel.text import clean
from app.ledger.models import BatchState, ImportBatch
from app.ledger.operations.importing import Progress, import_ledger
from app.ledger.workbook import Workbook


def begin_batch(
    session: Session, actor: Actor, *, file_name: str, content: bytes, folder: Path, add_lists: bool
) -> ImportBatch:
    """Keep an uploaded file and make its batch, to be judged. Raises ``DomainError`` for an empty file."""
    if not content:
        raise DomainError("文件是空的，请重新选择", "file")
    batch = ImportBatch(
        zone_id=actor.zone_id,
        file_name=clean(Path(file_name).name)[-200:] or "台账.xlsx",
        sha256=hashlib.sha256(content).hexdigest(),
        state=BatchState.reading,
        step="等待读取",
        add_lists=add_lists,
        made_by=actor.user_id,
        made_name=actor.name,
        made_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    path = file_of(folder, batch)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    note(
        session,
        actor,
        action="upload",
        entity="import_batch",
        entity_id=batch.id,
        after={"file": batch.file_name},
    )
    return batch


def confirm_batch(session: Session, actor: Actor, batch: ImportBatch) -> None:
    """Let a judged batch be written. Raises ``DomainError`` for one that is refused or already under way."""
    if batch.state is not BatchState.judged:
        raise DomainError("这次导入不在“核对通过、等待确认”的状态，请刷新页面查看")
    batch.state = BatchState.writing
    batch.percent, batch.step = 0, "等待写入"
    session.flush()
    note(session, actor, action="confirm", entity="import_batch", entity_id=batch.id)


def run_batch(
    session: Session,
    zone: Zone,
    batch: ImportBatch,
    workbook: Workbook,
    *,
    today: dt.date,
    progress: Progress,
) -> None:
    """Judge a batch in state reading, or write one in state writing; records and outcome in one transaction."""
    actor = Actor(zone.id, batch.made_by, batch.made_name)
    write = batch.state is BatchState.writing
    savepoint = session.begin_nested()
    report = import_ledger(
        session,
        zone,
        actor,
        workbook,
        file_name=batch.file_name,
        today=today,
        add_lists=batch.add_lists,
        progress=progress,
    )
    if write and not report.refused:
        savepoint.commit()
    else:
        savepoint.rollback()
    state = BatchState.refused if report.refused else BatchState.done if write else BatchState.judged
    _keep(session, batch, state, report.as_json())


def keep_verdict(session: Session, batch: ImportBatch, state: BatchState, report: dict[str, Any]) -> None:
    """Record what judging elsewhere (on a copy) found; nothing when the batch is no longer being judged."""
    if batch.state is BatchState.reading:
        _keep(session, batch, state, report)


def _keep(session: Session, batch: ImportBatch, state: BatchState, report: dict[str, Any]) -> None:
    batch.state, batch.report = state, report
    batch.percent, batch.step, batch.finished_at = 100, "", clock.now()
    session.flush()


def begin_again(session: Session, batch: ImportBatch, *, write: bool) -> None:
    """Let a batch that failed be judged or written once more; its job notes who asked."""
    if batch.state is BatchState.failed:
        batch.state = BatchState.writing if write else BatchState.reading
        batch.percent, batch.step, batch.finished_at = 0, "", None
        session.flush()


def fail_batch(session: Session, batch: ImportBatch, message: str) -> None:
    """Record why a batch could not be read; nothing was written."""
    batch.state, batch.step, batch.finished_at = BatchState.failed, message[:200], clock.now()
    session.flush()


def get_batch(session: Session, zone_id: int, batch_id: int) -> ImportBatch:
    """The batch. Raises ``NotFoundError``, also for one of another zone."""
    batch = session.get(ImportBatch, (zone_id, batch_id))
    if batch is None:
        raise NotFoundError("没有这次导入，可能不属于本区")
    return batch


def file_of(folder: Path, batch: ImportBatch) -> Path:
    """Where the uploaded file is kept, below the instance folder."""
    return folder / "imports" / str(batch.zone_id) / f"{batch.id}.xlsx"
