"""Taking a ledger in: judging it, or writing it in the one transaction that also says that it was written."""

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
from app.ledger.operations import fail_batch, file_of, get_batch, keep_verdict, run_batch
from app.ledger.workbook import read_workbook
from app.worker.runtime import Runtime

Progress = Callable[[str, int], None]
RUNNING = (BatchState.reading, BatchState.writing)


def take_batch(here: Runtime, zone_id: int, batch_id: int, tell: Progress) -> dict[str, Any]:
    """Judge or write an uploaded ledger; one that was done already is left as it is."""
    tell("正在读取文件", 2)
    with here.open_session(read_only=True) as session:
        batch = get_batch(session, zone_id, batch_id)
        state, path = batch.state, file_of(here.config.instance_path, batch)
    if state not in RUNNING:
        return {}
    workbook = read_workbook(path)
    if state is BatchState.reading and here.engine.dialect.name == "sqlite":
        found, report = _judge_aside(here, zone_id, batch_id, workbook, tell)
        with here.open_session() as session:
            keep_verdict(session, get_batch(session, zone_id, batch_id), found, report)
    else:
        with here.open_session() as session:
            batch = get_batch(session, zone_id, batch_id)
            if batch.state is state:
                zone = session.get_one(Zone, zone_id)
                run_batch(session, zone, batch, workbook, today=clock.today(), progress=tell)
    return {"said": _words(here, zone_id, batch_id)}


def _judge_aside(
    here: Runtime, zone_id: int, batch_id: int, workbook: Any, tell: Progress
) -> tuple[BatchState, dict[str, Any]]:
    """Judge on a copy of the database: SQLite knows one writer at a time, and judging writes what it takes back."""
    source = make_url(here.config.database_url).database or ""
    with tempfile.TemporaryDirectory(dir=here.config.instance_path, prefix="judge-") as folder:
        copy = Path(folder) / "copy.db"
        _copy_database(source, copy)
        engine = make_single_use_engine(f"sqlite:///{copy}")
        with Session(engine) as session:
            batch = get_batch(session, zone_id, batch_id)
            zone = session.get_one(Zone, zone_id)
            run_batch(session, zone, batch, workbook, today=clock.today(), progress=tell)
            found = batch.state, batch.report or {}
            session.rollback()
        engine.dispose()
    return found


def _copy_database(source: str, target: Path) -> None:
    reader, writer = sqlite3.connect(source, timeout=30), sqlite3.connect(target)
    try:
        reader.backup(writer)
    finally:
        reader.close()
        writer.close()


def _words(here: Runtime, zone_id: int, batch_id: int) -> str:
    with here.open_session(read_only=True) as session:
        state = get_batch(session, zone_id, batch_id).state
    return {
        BatchState.judged: "核对通过，待确认",
        BatchState.done: "已全部写入",
        BatchState.refused: "有问题，未导入",
    }.get(state, "")


def give_up_batch(here: Runtime, zone_id: int, batch_id: int, reason: str) -> None:
    """The import could not be read or written; nothing of it was."""
    with here.open_session() as session:
        batch = get_batch(session, zone_id, batch_id)
        if batch.state in RUNNING:
            fail_batch(session, batch, reason)
