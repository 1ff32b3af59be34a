"""The steps of an import: recognising, judging, writing, undoing, each in one transaction with its outcome."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.db.engine import make_single_use_engine
from app.kernel import clock
from app.ledger.models import BatchState
from app.ledger.operations import (
    fail_batch,
    judge_batch,
    keep_judged,
    recognise_batch,
    try_batch,
    undo_batch,
    write_batch,
)
from app.ledger.queries import get_batch
from app.worker.runtime import Runtime

Progress = Callable[[str, int], None]
SAID = {
    BatchState.recognised: "已识别，待核对",
    BatchState.judged: "已核对，待确认",
    BatchState.done: "已全部写入",
    BatchState.undone: "已撤销",
}


def take_batch(here: Runtime, zone_id: int, batch_id: int, tell: Progress) -> dict[str, Any]:
    """Do what the batch waits for; one that waits for nothing is left as it is."""
    with here.open_session(read_only=True) as session:
        state = get_batch(session, zone_id, batch_id).state
    if not state.running:
        return {}
    tell("正在读取文件", 2)
    if state is BatchState.judging and here.engine.dialect.name == "sqlite":
        _judge_aside(here, zone_id, batch_id, tell)
    else:
        with here.open_session() as session:
            batch = get_batch(session, zone_id, batch_id, lock=True)
            zone = session.get_one(Zone, zone_id)
            folder = here.config.instance_path
            if batch.state is not state:
                return {}
            if state is BatchState.reading:
                recognise_batch(session, zone, batch, folder)
            elif state is BatchState.judging:
                judge_batch(session, zone, batch, folder, today=clock.today(), progress=tell)
            elif state is BatchState.writing:
                write_batch(session, zone, batch, folder, today=clock.today(), progress=tell)
            else:
                undo_batch(session, zone, batch, progress=tell)
    with here.open_session(read_only=True) as session:
        batch = get_batch(session, zone_id, batch_id)
        return {"said": batch.step or SAID.get(batch.state, "")}


def _judge_aside(here: Runtime, zone_id: int, batch_id: int, tell: Progress) -> None:
    """Judge on a copy of the database: SQLite knows one writer at a time, and judging writes what it takes back."""
    folder = here.config.instance_path
    source = make_url(here.config.database_url).database or ""
    with tempfile.TemporaryDirectory(dir=folder, prefix="judge-") as aside:
        copy = Path(aside) / "copy.db"
        _copy_database(source, copy)
        engine = make_single_use_engine(f"sqlite:///{copy}")
        with Session(engine) as session:
            batch = get_batch(session, zone_id, batch_id)
            zone = session.get_one(Zone, zone_id)
            judged = try_batch(session, zone, batch, folder, today=clock.today(), progress=tell)
            session.rollback()
        engine.dispose()
    with here.open_session() as session:
        keep_judged(session, get_batch(session, zone_id, batch_id, lock=True), judged)


def _copy_database(source: str, target: Path) -> None:
    reader, writer = sqlite3.connect(source, timeout=30), sqlite3.connect(target)
    try:
        reader.backup(writer)
    finally:
        reader.close()
        writer.close()


def give_up_batch(here: Runtime, zone_id: int, batch_id: int, reason: str) -> None:
    """The step could not be done; nothing of it was."""
    with here.open_session() as session:
        batch = get_batch(session, zone_id, batch_id)
        if batch.state.running:
            fail_batch(session, batch, reason)
