"""Imports in steps: sent, recognised, judged, confirmed, written, undone. What people ask for; the work is elsewhere."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import clean
from app.ledger.models import BatchState, ImportBatch, ImportRow
from app.ledger.operations.files import file_of
from app.ledger.operations.judging import is_taken, rejudge
from app.ledger.operations.recognising import check_answers, recognise_anew
from app.ledger.queries import count_taken, get_batch, get_row
from app.ledger.workbook import cell_place

BEFORE = {
    BatchState.judging: BatchState.recognised,
    BatchState.writing: BatchState.judged,
    BatchState.undoing: BatchState.done,
}
"""Where a batch is again when its work fails."""
SINCE = "since"
"""In a batch's report: so many rows were put right or decided after it was judged."""
WHICH_RECORD = ("same_project", "same_investor")
"""Questions whose answer decides what else the row changes."""


def begin_batch(
    session: Session, actor: Actor, *, file_name: str, content: bytes, folder: Path, add_lists: bool
) -> ImportBatch:
    """Keep an uploaded file and make its batch, to be recognised. Raises ``DomainError`` for an empty file."""
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
    _note(session, actor, batch, "upload", after={"file": batch.file_name})
    return batch


def answer_batch(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    answers: Mapping[str, Any],
    folder: Path,
    *,
    add_lists: bool | None = None,
) -> None:
    """Decide about the file's form; it is recognised anew at once. Raises ``DomainError`` for what is no decision."""
    batch = _locked(session, batch, BatchState.recognised, BatchState.judged)
    check_answers(answers)
    batch.answers = dict(answers)
    if add_lists is not None:
        batch.add_lists = add_lists
    recognise_anew(session, batch, folder)
    _note(session, actor, batch, "answer", after={"answers": batch.answers, "add_lists": batch.add_lists})


def ask_judging(session: Session, actor: Actor, batch: ImportBatch) -> None:
    """Let a recognised batch be judged (or a judged one anew). Raises ``DomainError`` while doubts are open."""
    batch = _locked(session, batch, BatchState.recognised, BatchState.judged)
    doubts = (batch.recognition or {}).get("doubts") or []
    if doubts:
        raise DomainError(f"还有 {len(doubts)} 处需要确定，确定后才能核对")
    _start(session, batch, BatchState.judging, "等待核对")
    _note(session, actor, batch, "ask_judging")


def go_back(session: Session, batch: ImportBatch) -> None:
    """上一步: from the verdicts back to the recognition. Raises ``DomainError`` in any other state."""
    batch = _locked(session, batch, BatchState.judged)
    batch.state = BatchState.recognised
    session.flush()


def edit_cell(
    session: Session,
    zone: Zone,
    actor: Actor,
    batch: ImportBatch,
    folder: Path,
    *,
    row_id: int,
    cell: str,
    text: str,
    today: dt.date,
) -> ImportRow:
    """Put one cell of a judged row right; the row is judged anew at once. Raises ``DomainError`` for a cell elsewhere."""
    batch = _locked(session, batch, BatchState.judged)
    row = get_row(session, batch, row_id)
    try:
        place = cell_place(cell)
    except ValueError:
        place = (0, 0)
    if place[0] != row.row:
        raise DomainError(f"单元格 {cell} 不在第 {row.row} 行", "cell")
    if len(text) > 2000:
        raise DomainError("单元格文字过长，最多 2000 字", "text")
    key = f"{row.sheet}!{cell}"
    old = (batch.edits or {}).get(key)
    batch.edits = (batch.edits or {}) | {key: text}
    rejudge(session, zone, batch, folder, [row], today=today)
    _count_since(batch, 1)
    _note(session, actor, batch, "edit_cell", before={key: old}, after={key: text})
    return row


def choose(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    row_ids: Collection[int],
    choice: str | dict[str, str] | None,
) -> None:
    """Answer the questions of rows, or leave rows out ("skip"), or in again (None). Raises ``DomainError``."""
    batch = _locked(session, batch, BatchState.judged)
    query = select(ImportRow).where(
        ImportRow.zone_id == batch.zone_id, ImportRow.batch_id == batch.id, ImportRow.id.in_(row_ids)
    )
    rows = session.scalars(query).all()
    if len(rows) != len(set(row_ids)):
        raise DomainError("有的行不属于这次导入，请刷新页面后重试")
    if isinstance(choice, str) and choice != "skip":
        raise DomainError("只能选择“不导入”，或逐个回答问题")
    for row in rows:
        row.choice = _answers(row, choice) if isinstance(choice, dict) else choice
        chosen = row.choice if isinstance(row.choice, dict) else {}
        undecided = any(q["key"] not in chosen and q["code"] not in chosen for q in row.questions)
        row.take = is_taken(row.verdict, undecided=undecided, choice=row.choice)
    _count_since(batch, len(rows))
    session.flush()
    _note(session, actor, batch, "choose", after={"rows": len(rows), "choice": choice})


def answer_row(
    session: Session,
    zone: Zone,
    actor: Actor,
    batch: ImportBatch,
    folder: Path,
    *,
    row_id: int,
    answers: dict[str, str],
    today: dt.date,
) -> ImportRow:
    """Answer questions of one row; where the answer says which record is meant, the row is judged anew at once."""
    row = get_row(session, batch, row_id)
    choose(session, actor, batch, [row_id], answers)
    if any(key.startswith(WHICH_RECORD) for key in answers):
        rejudge(session, zone, batch, folder, [row], today=today)
    return row


def _count_since(batch: ImportBatch, rows: int) -> None:
    """Count what was put right or chosen after the figures were foreseen; judging anew begins at none."""
    report = batch.report or {}
    batch.report = report | {SINCE: report.get(SINCE, 0) + rows}


def _answers(row: ImportRow, choice: dict[str, str]) -> dict[str, str] | None:
    """The answers that are choices of the row's own questions, beside those given before."""
    known = dict(row.choice) if isinstance(row.choice, dict) else {}
    for question in row.questions:
        allowed = {one["value"] for one in question["choices"]}
        for key in (question["key"], question["code"]):
            if key in choice:
                if choice[key] not in allowed:
                    raise DomainError(f"第 {row.row} 行的问题没有“{choice[key]}”这个选项，请刷新页面后重试")
                known[question["key"]] = choice[key]
                break
    return known or None


def confirm_batch(session: Session, actor: Actor, batch: ImportBatch) -> None:
    """Let a judged batch be written. Raises ``DomainError`` when there is nothing to write or it is under way."""
    batch = _locked(session, batch, BatchState.judged)
    rows = count_taken(session, batch)
    if not rows:
        raise DomainError("没有可以写入的行：有变化的行都未通过、未确认或已选择不导入")
    _start(session, batch, BatchState.writing, "等待写入")
    batch.confirmed_by, batch.confirmed_name, batch.confirmed_at = actor.user_id, actor.name, clock.now()
    session.flush()
    _note(session, actor, batch, "confirm", after={"rows": rows})


def ask_undo(session: Session, actor: Actor, batch: ImportBatch) -> None:
    """Let a written batch be undone. Raises ``DomainError`` for one that was not written or is undone already."""
    batch = _locked(session, batch, BatchState.done)
    _start(session, batch, BatchState.undoing, "等待撤销")
    batch.undone_by, batch.undone_name = actor.user_id, actor.name
    session.flush()
    _note(session, actor, batch, "ask_undo")


def begin_again(session: Session, batch: ImportBatch, state: BatchState) -> None:
    """Let work on a batch that failed be tried once more; its job notes who asked."""
    if batch.state in (BatchState.failed, BEFORE.get(state)):
        _start(session, batch, state, "")
        session.flush()


def fail_batch(session: Session, batch: ImportBatch, message: str) -> None:
    """Record why work on a batch failed: it is where it was before. A file that could not be read is failed."""
    batch.state = BEFORE.get(batch.state, BatchState.failed)
    batch.percent, batch.step, batch.finished_at = 100, message[:200], clock.now()
    session.flush()


def _start(session: Session, batch: ImportBatch, state: BatchState, step: str) -> None:
    batch.state, batch.percent, batch.step = state, 0, step
    if state is not BatchState.undoing:  # what an undo compares with was written then
        batch.finished_at = None
    session.flush()


def _locked(session: Session, batch: ImportBatch, *states: BatchState) -> ImportBatch:
    """The batch as it stands now, ours until the commit. Raises ``DomainError`` when it is in none of ``states``."""
    batch = get_batch(session, batch.zone_id, batch.id, lock=True)
    if batch.state not in states:
        raise DomainError(f"这次导入现在是“{batch.state.label}”，不能这样操作，请刷新页面查看")
    return batch


def _note(session: Session, actor: Actor, batch: ImportBatch, action: str, **values: dict[str, Any]) -> None:
    note(session, actor, action=action, entity="import_batch", entity_id=batch.id, **values)
