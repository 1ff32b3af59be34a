"""What a batch's file is: recognised with what the zone and its people have said about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.directory.queries import labels
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import clean, name_key
from app.ledger.models import BatchState, ImportBatch, LedgerHead
from app.ledger.operations.files import stored_workbook
from app.ledger.operations.lists import LIST_NAMES
from app.ledger.rules import SHEETS
from app.ledger.rules.heads import path_key
from app.ledger.rules.mapping import read_answers
from app.ledger.rules.recognition import Answers, How, Recognition
from app.ledger.workbook import Workbook, cell_address
from app.ledger.workbook.recognising import recognise


class UndecidedError(DomainError):
    """The form of a ledger leaves something to be decided; ``found`` says what."""

    def __init__(self, found: Recognition) -> None:
        super().__init__(f"台账的格式有 {len(found.doubts)} 处需要确定，未写入任何数据")
        self.found = found


def answers_of(batch: ImportBatch) -> Answers:
    """What people have decided about the file's form."""
    return read_answers(json.dumps(batch.answers or {}))


def recognise_batch(session: Session, zone: Zone, batch: ImportBatch, folder: Path) -> None:
    """Recognise an uploaded file. Raises ``WorkbookError`` for an unreadable one."""
    if batch.state is BatchState.reading and batch.zone_id == zone.id:
        recognise_anew(session, batch, folder)


def recognise_anew(session: Session, batch: ImportBatch, folder: Path) -> Recognition:
    """Recognise the batch's file and keep what was found. Raises ``WorkbookError`` for an unreadable file."""
    found = recognise_in_zone(session, batch.zone_id, stored_workbook(folder, batch), answers_of(batch))
    batch.recognition = found.as_json()
    batch.state, batch.percent, batch.step = BatchState.recognised, 100, ""
    session.flush()
    return found


def recognise_in_zone(session: Session, zone_id: int, workbook: Workbook, answers: Answers) -> Recognition:
    """What a workbook is, by its heads, its content and what this zone's ledgers meant before.

    The product's own form is in 万元 where it does not say so any more.
    """
    remembered, known = remembered_heads(session, zone_id), known_names(session, zone_id)
    found = recognise(workbook, answers, remembered, known)
    if answers.unit is None and is_own_form(workbook) and any(d.subject == "unit" for d in found.doubts):
        return recognise(workbook, replace(answers, unit="万元"), remembered, known)
    return found


def is_own_form(workbook: Workbook) -> bool:
    """Whether the file has the sheets of the product's own template."""
    return {form.name for form in SHEETS} <= {clean(sheet.name) for sheet in workbook.sheets}


def check_answers(answers: Mapping[str, Any]) -> None:
    """Refuse decisions that the mapping file could not say. Raises ``DomainError``."""
    read_answers(json.dumps(dict(answers)))


def remembered_heads(session: Session, zone_id: int) -> dict[str, tuple[str, str]]:
    """What this zone's ledgers meant by a head, where somebody once had to say it."""
    query = select(LedgerHead).where(LedgerHead.zone_id == zone_id)
    return {head.head_key: (head.field, head.unit) for head in session.scalars(query)}


def known_names(session: Session, zone_id: int) -> dict[str, frozenset[str]]:
    """The names in the zone's lists by field, as keys."""
    return {
        LIST_NAMES[name]: frozenset(map(name_key, labels(session, zone_id, name).values()))
        for name in ("unit", "area", "chain")
    }


def remember(session: Session, zone_id: int, found: Recognition, answers: Answers) -> None:
    """Keep what somebody had to say about a head for the zone's next ledger."""
    query = select(LedgerHead).where(LedgerHead.zone_id == zone_id)
    stored = {head.head_key: head for head in session.scalars(query)}
    for table in found.tables:
        for column in table.columns:
            letters = cell_address(1, column.place)[:-1]
            told_unit = {letters, column.head, column.path[-1], column.field} & set(answers.units)
            if column.how is not How.told and not told_unit:
                continue
            key = path_key(column.path)
            head = stored.get(key)
            if head is None:
                head = stored[key] = LedgerHead(zone_id=zone_id, head_key=key)
                session.add(head)
            head.field, head.used_at = column.field, clock.now()
            head.unit = (column.unit or "") if told_unit else ""
    session.flush()
