"""A ledger of any form, all or nothing: recognised, put into our own words, taken by the operations of the pages."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.operations import note
from app.audit.rules import Actor
from app.funds.rules import ReviewState, source_of
from app.investors.models import Investor
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.ids import new_id
from app.kernel.text import name_key
from app.ledger.models import LedgerHead
from app.ledger.operations.arrivals import ArrivalRows
from app.ledger.operations.cells import CellReader
from app.ledger.operations.completing import complete_project
from app.ledger.operations.importing import Progress, take_row
from app.ledger.operations.lists import Lists
from app.ledger.operations.monthly import PURPOSE, MonthlyRows, day_of_month
from app.ledger.operations.projects import ProjectRows
from app.ledger.operations.targets import TargetRows
from app.ledger.queries import projects_by_number
from app.ledger.rules import ARRIVALS, PROJECTS, SHEETS, Report, RowVerdict, Verdict
from app.ledger.rules.heads import path_key
from app.ledger.rules.recognition import Answers, How, Recognition
from app.ledger.workbook import Cell, Workbook, cell_address
from app.ledger.workbook.recognising import FormRow, form_rows, recognise
from app.pipeline.models import Project
from app.pipeline.operations import keep_extra


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
    found = recognise(workbook, answers, remembered_heads(session, zone.id))
    if found.doubts:
        raise UndecidedError(found)
    report = Report(file_name, notes=list(found.notes))
    taking = _Taking(session, zone, actor, report, today, add_lists=add_lists)
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


class _Taking:
    """One import under way."""

    def __init__(
        self, session: Session, zone: Zone, actor: Actor, report: Report, today: dt.date, *, add_lists: bool
    ) -> None:
        self._session, self._zone, self._actor = session, zone, actor
        self._report, self._today = report, today
        self.lists = Lists(session, actor, may_add=add_lists)
        self._projects = projects_by_number(session, zone.id)
        source = f"台账导入 {report.file}"[:120]
        self._project_rows = ProjectRows(session, zone, actor, self.lists, self._projects, today, source)
        self._arrival_rows: ArrivalRows | None = None
        self._monthly_rows: MonthlyRows | None = None
        self._target_rows = TargetRows(session, actor, self.lists)
        self._by_row: dict[tuple[str, int], Project | None] = {}
        self._named: dict[str, list[Project]] | None = None
        self._origins: dict[int, tuple[str, str | None]] = {}
        self._done: Counter[str] = Counter()

    def take(self, row: FormRow) -> None:
        """Take one row and add its verdict to the report."""
        if row.form is PROJECTS:
            self._take_project(row)
        elif row.form is ARRIVALS:
            self._take_arrival(row)
        else:
            self._judge(self._target_rows, row, CellReader(row.row, row.cells, row.columns))

    def said(self) -> list[str]:
        """What was filled in without being asked, with how often."""
        return [f"{what}：{count} 行" for what, count in self._done.items()]

    def _take_project(self, row: FormRow) -> None:
        done, kept = complete_project(row.cells, row.no_column)
        self._done.update(done)
        verdict = self._judge(self._project_rows, row, CellReader(row.row, row.cells, row.columns))
        project = self._project_rows.last if verdict.verdict is not Verdict.refused else None
        self._by_row[row.sheet, row.row] = project
        extra = {**(row.extra or {}), **kept}
        if project is not None and extra:
            keep_extra(self._session, self._actor, project, extra)

    def _take_arrival(self, row: FormRow) -> None:
        place = (row.sheet, row.row)
        if row.month is not None and place in self._by_row and self._by_row[place] is None:
            return  # the project's own verdict says why
        reader = CellReader(row.row, row.cells, row.columns)
        project = self._project_of(row, reader)
        if project is None and not reader.problems and "项目编号" not in row.cells:
            reader.refuse("项目名称", f"没有名称为“{reader.peek('项目名称')}”的项目，请先登记项目")
        if project is not None:
            row.cells.setdefault("项目编号", Cell(project.number))
            row.cells["项目名称"] = Cell(project.name)
            self._complete_arrival(row, project)
        taker = self._monthly() if row.month else self._arrivals()
        self._judge(taker, row, reader)

    def _complete_arrival(self, row: FormRow, project: Project) -> None:
        cells = row.cells
        if row.month is not None:
            cells["到账日期"] = Cell(day_of_month(*row.month, self._zone.cutoff_day, self._today))
            cells["资金用途"] = Cell(PURPOSE)
        if not _said(cells, "审核状态"):
            cells["审核状态"] = Cell(ReviewState.recognised.label)
            self._done["台账没有写审核状态，按已审核登记的资金"] += 1
        if not _said(cells, "资金来源"):
            source = source_of(self._origin(project)[1], self._zone.province)
            if source is not None:
                cells["资金来源"] = Cell(source.label)
                self._done["台账没有写资金来源，按投资方所在地确定来源的资金"] += 1

    def _project_of(self, row: FormRow, reader: CellReader) -> Project | None:
        """The project of an arrival: by number, by the row it stands in, by name and investor."""
        if _said(row.cells, "项目编号"):
            return self._projects.get(reader.peek("项目编号"))
        row.cells.pop("项目编号", None)
        own = self._by_row.get((row.sheet, row.row))
        if own is not None:
            return own
        if self._named is None:
            self._named = {}
            for project in self._projects.values():
                self._named.setdefault(project.name_key, []).append(project)
        same = self._named.get(name_key(reader.peek("项目名称")), [])
        investor = name_key(reader.peek("投资方名称"))
        if len(same) > 1 and investor:
            same = [p for p in same if self._origin(p)[0] == investor]
        if len(same) > 1:
            reader.refuse("项目名称", f"有 {len(same)} 个项目名称相同，请增加项目编号列加以区分")
        return same[0] if len(same) == 1 else None

    def _origin(self, project: Project) -> tuple[str, str | None]:
        """Name key and origin of a project's investor."""
        if project.investor_id not in self._origins:
            investor = self._session.get_one(Investor, (project.zone_id, project.investor_id))
            self._origins[project.investor_id] = (name_key(investor.name), investor.origin)
        return self._origins[project.investor_id]

    def _arrivals(self) -> ArrivalRows:
        if self._arrival_rows is None:
            self._arrival_rows = ArrivalRows(self._session, self._actor, self._projects, self._today)
        return self._arrival_rows

    def _monthly(self) -> MonthlyRows:
        if self._monthly_rows is None:
            self._monthly_rows = MonthlyRows(
                self._session, self._actor, self._projects, self._today, self._zone.cutoff_day
            )
        return self._monthly_rows

    def _judge(
        self, taker: ProjectRows | ArrivalRows | TargetRows, row: FormRow, reader: CellReader
    ) -> RowVerdict:
        verdict = take_row(taker, row.sheet, reader)
        self._report.rows.append(verdict)
        return verdict


def _said(cells: dict[str, Cell], head: str) -> bool:
    cell = cells.get(head)
    return cell is not None and not cell.is_empty


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
