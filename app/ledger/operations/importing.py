"""One ledger, all or nothing: every row goes through the operations that the pages use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.kernel.errors import DomainError
from app.kernel.ids import new_id
from app.kernel.text import clean
from app.ledger.operations.arrivals import ArrivalRows
from app.ledger.operations.cells import CellReader
from app.ledger.operations.lists import Lists
from app.ledger.operations.projects import ProjectRows
from app.ledger.operations.targets import TargetRows
from app.ledger.queries import projects_by_number
from app.ledger.rules import (
    ARRIVALS,
    PROJECTS,
    SHEETS,
    TARGETS,
    Change,
    Report,
    RowVerdict,
    SheetForm,
    Verdict,
    head_key,
)
from app.ledger.workbook import Cell, Sheet, Workbook, WorkbookError

Progress = Callable[[str, int], None]
HEAD_ROWS = 10
"""The heads stand in one of the first rows, below title and unit note."""


@dataclass(frozen=True)
class _Table:
    """A sheet whose heads were found: the column of each head, and the rows below."""

    form: SheetForm
    columns: dict[str, int]
    rows: list[tuple[int, dict[str, Cell]]]


def import_ledger(
    session: Session,
    zone: Zone,
    actor: Actor,
    workbook: Workbook,
    *,
    file_name: str,
    today: dt.date,
    add_lists: bool = False,
    progress: Progress = lambda _step, _percent: None,
) -> Report:
    """Take ``workbook`` in and say what became of each row.

    When any row is refused, or for a dry run, the caller rolls the session back: nothing is kept.
    Raises ``WorkbookError`` when a sheet or a head is missing.
    """
    report = Report(file_name)
    tables = {form.name: _find_table(workbook, form, report) for form in SHEETS}
    lists = Lists(session, actor, may_add=add_lists)
    projects = projects_by_number(session, zone.id)
    source = f"台账导入 {file_name}"[:120]
    takers: dict[str, ProjectRows | ArrivalRows | TargetRows] = {
        PROJECTS.name: ProjectRows(session, zone, actor, lists, projects, today, source),
        ARRIVALS.name: ArrivalRows(session, actor, projects, today),
        TARGETS.name: TargetRows(session, actor, lists),
    }
    total = sum(len(table.rows) for table in tables.values()) or 1
    done = 0
    for name, table in tables.items():
        for row, cells in table.rows:
            if done % 20 == 0:
                progress(f"正在核对“{name}”第 {row} 行", 10 + 85 * done // total)
            report.rows.append(take_row(takers[name], name, CellReader(row, cells, table.columns)))
            done += 1
    report.added_lists = lists.added
    if not report.refused:
        note(
            session, actor, action="import", entity="ledger", entity_id=new_id(),
            after={"file": file_name, "counts": report.counts()},
        )  # fmt: skip
    return report


def take_row(taker: ProjectRows | ArrivalRows | TargetRows, sheet: str, reader: CellReader) -> RowVerdict:
    """The verdict on one row; a taker writes in a savepoint, so a refused row leaves nothing."""
    label, verdict = "", Verdict.refused
    changes: tuple[Change, ...] = ()
    try:
        label, verdict, changes = taker.take(reader)
    except DomainError as error:
        reader.refuse(taker.head_of(error.field), error.message)
    except IntegrityError as error:
        if "unique" not in str(error.orig).lower():
            raise
        reader.refuse("", "与已有记录重复（编号、合同编号或凭证号已被占用），请核对")
    if reader.problems:
        label = label or taker.label_of(reader)
        return RowVerdict(sheet, reader.row, label, Verdict.refused, (), tuple(reader.problems))
    return RowVerdict(sheet, reader.row, label, verdict, changes)


def _find_table(workbook: Workbook, form: SheetForm, report: Report) -> _Table:
    sheet = next((s for s in workbook.sheets if clean(s.name) == form.name), None)
    if sheet is None:
        raise WorkbookError(f"缺少工作表“{form.name}”，请使用系统下载的台账模板填写")
    keys = {head_key(head): head for head in form.heads}
    for offset, row in enumerate(sheet.rows[:HEAD_ROWS]):
        heads = {place: head_key(str(c.value)) for place, c in enumerate(row, 1) if isinstance(c.value, str)}
        found = {keys[key]: place for place, key in heads.items() if key in keys}
        if len(found) * 2 < len(form.required):
            continue
        missing = [head for head in form.required if head not in found]
        if missing:
            raise WorkbookError(f"工作表“{form.name}”缺少列：{'、'.join(missing)}，请使用系统下载的台账模板")
        unknown = [str(row[place - 1].value) for place, key in heads.items() if key not in keys]
        if unknown:
            report.notes.append(f"工作表“{form.name}”中未识别的列没有导入：{'、'.join(unknown)}")
        if sheet.hidden:
            report.notes.append(f"工作表“{form.name}”是隐藏的，已照常读取")
        return _Table(form, found, list(_data_rows(sheet, offset, found)))
    raise WorkbookError(f"工作表“{form.name}”前 {HEAD_ROWS} 行中找不到表头，请使用系统下载的台账模板")


def _data_rows(
    sheet: Sheet, head_offset: int, columns: dict[str, int]
) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Rows below the heads that say something beyond a serial number; totals at the end are left out."""
    for offset, row in enumerate(sheet.rows[head_offset + 1 :], head_offset + 1):
        cells = {head: row[place - 1] for head, place in columns.items() if place <= len(row)}
        filled = [head for head, cell in cells.items() if cell.problem or cell.value not in (None, "")]
        first = clean(str(row[0].value)) if row and row[0].value is not None else ""
        if not set(filled) - {"序号"} or first in ("合计", "总计", "小计"):
            continue
        yield sheet.first_row + offset, cells
