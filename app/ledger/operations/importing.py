"""A ledger of any form: recognised, put into our own words, taken row by row by the operations of the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.db.trial import is_trial
from app.kernel.ids import new_id
from app.ledger.operations.choices import Choices
from app.ledger.operations.context import make_context
from app.ledger.operations.odd import Scales
from app.ledger.operations.recognising import UndecidedError, recognise_in_zone, remember
from app.ledger.operations.taking import Taking
from app.ledger.operations.trial import years_of
from app.ledger.rules import SUPPLEMENTS, Report
from app.ledger.rules.recognition import Answers, Recognition
from app.ledger.workbook import Workbook
from app.ledger.workbook.recognising import FormRow, form_rows

Progress = Callable[[str, int], None]


def silent(_step: str, _percent: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Wish:
    """How a file is to be taken in: its name, the day, what people decided about form, lists and rows.

    ``only``: the rows that are taken, by sheet and number; None for all.
    """

    file_name: str
    today: dt.date
    answers: Answers = field(default_factory=Answers)
    choices: Choices = field(default_factory=Choices)
    add_lists: bool = False
    only: Collection[tuple[str, int]] | None = None


def _group_rows(rows: Iterable[FormRow]) -> list[list[FormRow]]:
    """The records that stand in one row of the file together: a project with its months and its 补充协议."""
    groups: dict[tuple[str, int], list[FormRow]] = {}
    for row in rows:
        stands = row.owner if row.form is SUPPLEMENTS and row.owner else row.row
        groups.setdefault((row.sheet, stands), []).append(row)
    return list(groups.values())


def take_rows(
    session: Session,
    zone: Zone,
    actor: Actor,
    workbook: Workbook,
    found: Recognition,
    wish: Wish,
    *,
    progress: Progress = silent,
) -> Report:
    """Take the rows of a recognised workbook; the verdict on each. A row that is refused leaves nothing.

    In a trial new records are only held against the rules; what they add to the figures is the report's ``effect``.
    """
    report = Report(wish.file_name, notes=list(found.notes))
    context = make_context(
        session, zone, actor, file_name=wish.file_name, today=wish.today, add_lists=wish.add_lists
    )
    rows = list(form_rows(workbook, found, wish.answers))
    groups = _group_rows(rows)
    taking = Taking(context, wish.choices, Scales(rows))
    if wish.only is not None:
        groups = [group for group in groups if (group[0].sheet, group[0].row) in wish.only]
    step = "正在核对" if is_trial(session) else "正在写入"
    report.years = years_of(rows)
    del rows
    groups.reverse()
    for done in range(whole := len(groups)):
        group = groups.pop()
        if done % 20 == 0:
            progress(f"{step}“{group[0].sheet}”第 {group[0].row} 行", 10 + 80 * done // whole)
        report.rows.append(taking.take(group))
    report.effect = context.entry.effect
    report.notes.extend(taking.said())
    report.added_lists = {name: labels for name, labels in context.lists.added.items() if labels}
    return report


def import_form(
    session: Session,
    zone: Zone,
    actor: Actor,
    workbook: Workbook,
    *,
    file_name: str,
    today: dt.date,
    answers: Answers | None = None,
    choices: Choices | None = None,
    add_lists: bool = False,
    progress: Progress = silent,
) -> Report:
    """Take in a workbook of any form at once and say what became of each row.

    An amount that stands in the column of a month becomes an arrival on the month's last day (in the month in work:
    today), reviewed, from where the investor is. When any row does not stand the caller rolls back.
    Raises ``UndecidedError`` when the form leaves something to be decided.
    """
    wish = Wish(file_name, today, answers or Answers(), choices or Choices(), add_lists)
    found = recognise_in_zone(session, zone.id, workbook, wish.answers)
    if found.doubts:
        raise UndecidedError(found)
    report = take_rows(session, zone, actor, workbook, found, wish, progress=progress)
    if not report.refused:
        note_import(session, actor, zone, found, wish, report)
    return report


def note_import(
    session: Session, actor: Actor, zone: Zone, found: Recognition, wish: Wish, report: Report
) -> None:
    """Put down that a ledger was taken in, and remember what somebody had to say about its heads."""
    remember(session, zone.id, found, wish.answers)
    note(
        session, actor, action="import", entity="ledger", entity_id=new_id(),
        after={"file": wish.file_name, "counts": report.counts()},
    )  # fmt: skip
