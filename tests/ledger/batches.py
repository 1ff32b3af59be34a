"""Ledgers as batches, without a file: their cells are put where a reader would have put them."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.db.base import Base
from app.ledger.models import BatchState, ImportBatch, ImportRow
from app.ledger.operations import (
    ask_judging,
    ask_undo,
    begin_batch,
    confirm_batch,
    judge_batch,
    recognise_batch,
    undo_batch,
    write_batch,
)
from app.ledger.operations.files import cells_of
from app.ledger.operations.images import UNWATCHED
from app.ledger.workbook import Workbook, keep_cells

TODAY = dt.date(2024, 7, 1)
COUNTED = {"version", "updated_at"}
"""Columns that go on counting when a change is taken back."""


def actor_in(zone: Zone, name: str = "马晓琳") -> Actor:
    return Actor(zone.id, None, name)


def send(session: Session, zone: Zone, book: Workbook, folder: Path) -> ImportBatch:
    """An upload, recognised."""
    batch = begin_batch(
        session, actor_in(zone), file_name="台账.xlsx", content=b"x", folder=folder, add_lists=True
    )
    keep_cells(io.BytesIO(_lines(book)), cells_of(folder, batch))
    recognise_batch(session, zone, batch, folder)
    return batch


def judged(session: Session, zone: Zone, book: Workbook, folder: Path) -> ImportBatch:
    batch = send(session, zone, book, folder)
    ask_judging(session, actor_in(zone), batch)
    judge_batch(session, zone, batch, folder, today=TODAY)
    return batch


def write(session: Session, zone: Zone, batch: ImportBatch, folder: Path) -> None:
    confirm_batch(session, actor_in(zone), batch)
    write_batch(session, zone, batch, folder, today=TODAY)


def taken_in(session: Session, zone: Zone, book: Workbook, folder: Path) -> ImportBatch:
    """A ledger that has been written, with the figures that were foreseen."""
    batch = judged(session, zone, book, folder)
    undecided = any(row.questions for row in rows_of(session, batch))
    foreseen = [figure["after"] for figure in batch.figures or []]
    write(session, zone, batch, folder)
    assert undecided or [figure["after"] for figure in batch.figures or []] == foreseen
    assert batch.state is BatchState.done, [
        (r.label, r.problems, r.questions) for r in rows_of(session, batch)
    ]
    return batch


def undone(session: Session, zone: Zone, batch: ImportBatch) -> dict[str, Any]:
    """What an undo says."""
    ask_undo(session, actor_in(zone), batch)
    undo_batch(session, zone, batch)
    return batch.undo_report or {}


def rows_of(session: Session, batch: ImportBatch) -> list[ImportRow]:
    query = select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.sheet, ImportRow.row)
    return list(session.scalars(query))


def business(session: Session, zone: Zone) -> dict[tuple[str, Any], dict[str, Any]]:
    """Every row of every business table of the zone, by table and key."""
    session.flush()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name in UNWATCHED or "zone_id" not in table.c:
            continue
        query = select(table).where(table.c.zone_id == zone.id)
        for row in session.connection().execute(query).mappings():
            key = tuple(row[column.name] for column in table.primary_key.columns)
            found[table.name, key] = {name: value for name, value in row.items() if name not in COUNTED}
    return found


def _lines(book: Workbook) -> bytes:
    lines: list[Any] = []
    for sheet in book.sheets:
        lines.append({"name": sheet.name, "first_row": sheet.first_row, "hidden": sheet.hidden,
                      "hidden_rows": [], "hidden_columns": [], "merged": []})  # fmt: skip
        lines += [[_plain(cell.value) for cell in row] for row in sheet.rows]
    lines.append({"end": True})
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return ["t", value.isoformat()]
    if isinstance(value, dt.date):
        return ["d", value.isoformat()]
    return float(value) if isinstance(value, Decimal) else value
