"""A ledger of any form, all or nothing: recognised, put into our own words, taken by the operations of the pages."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.directory.queries import labels
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.ids import new_id
from app.kernel.text import name_key
from app.ledger.models import LedgerHead
from app.ledger.operations.importing import Progress
from app.ledger.operations.lists import LIST_NAMES
from app.ledger.operations.taking import Taking
from app.ledger.rules import SHEETS, Report
from app.ledger.rules.heads import path_key
from app.ledger.rules.recognition import Answers, How, Recognition
from app.ledger.workbook import Workbook, cell_address
from app.ledger.workbook.recognising import form_rows, recognise


class UndecidedError(DomainError):
    """The form of a ledger leaves something to be decided; ``found`` says what."""

    def __init__(self, found: Recognition) -> None:
        super().__init__(f"台账的格式有 {len(found.doubts)} 处需要确定，未写入任何数据")
        self.found = found


def is_own_form(workbook: Workbook) -> bool:
    """Whether the file has the sheets of the product's own template."""
    names = {" ".join(sheet.name.split()) for sheet in workbook.sheets}
    return {form.name for form in SHEETS} <= names


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


def import_form(
    session: Session,
    zone: Zone,
    actor: Actor,
    workbook: Workbook,
    *,
    file_name: str,
    today: dt.date,
    answers: Answers | None = None,
    add_lists: bool = False,
    progress: Progress = lambda _step, _percent: None,
) -> Report:
    """Take in a workbook of any form and say what became of each row.

    An amount that stands in the column of a month becomes an arrival on the month's last day (in the month in work:
    today), reviewed, from where the investor is. When any row is refused the caller rolls back.
    Raises ``UndecidedError`` when the form leaves something to be decided.
    """
    answers = answers or Answers()
    found = recognise(workbook, answers, remembered_heads(session, zone.id), known_names(session, zone.id))
    if found.doubts:
        raise UndecidedError(found)
    report = Report(file_name, notes=list(found.notes))
    taking = Taking(session, zone, actor, report, today, add_lists=add_lists)
    rows = list(form_rows(workbook, found, answers))
    for done, row in enumerate(rows):
        if done % 20 == 0:
            progress(f"正在核对“{row.sheet}”第 {row.row} 行", 10 + 85 * done // len(rows))
        taking.take(row)
    report.notes.extend(taking.said())
    report.added_lists = taking.lists.added
    if not report.refused:
        _remember(session, zone.id, found, answers)
        note(
            session, actor, action="import", entity="ledger", entity_id=new_id(),
            after={"file": file_name, "counts": report.counts()},
        )  # fmt: skip
    return report


def _remember(session: Session, zone_id: int, found: Recognition, answers: Answers) -> None:
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
