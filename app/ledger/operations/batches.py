"""Imports from the web: an upload is judged first and written after somebody has confirmed it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

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

SILENT_SECONDS = 120
"""A running import that has said nothing for so long was killed; it has written nothing."""


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
    batch.report = report.as_json()
    batch.percent = 100
    batch.state = BatchState.refused if report.refused else BatchState.done if write else BatchState.judged
    batch.step = ""
    batch.finished_at = clock.now()
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


def tell(folder: Path, batch: ImportBatch, step: str, percent: int) -> None:
    """Say how far a batch is, beside its file: its own transaction is still open (and alone on SQLite)."""
    path = file_of(folder, batch).with_suffix(".progress")
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"step": step, "percent": percent}), encoding="utf-8")
    fresh.replace(path)


def heard(folder: Path, batch: ImportBatch, now: dt.datetime) -> tuple[str, int, bool]:
    """The last thing said (step, percent), and whether the process has fallen silent."""
    path = file_of(folder, batch).with_suffix(".progress")
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        at = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    except FileNotFoundError:
        said, at = {"step": batch.step, "percent": batch.percent}, batch.made_at
    silent = (now - at).total_seconds() > SILENT_SECONDS
    return said["step"], int(said["percent"]), silent
