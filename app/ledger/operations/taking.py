"""Rows of ledgers of other forms, taken one by one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import Actor
from app.funds.rules import ReviewState, source_of
from app.investors.models import Investor
from app.kernel.money import FEN_PER_WAN
from app.kernel.text import name_key
from app.ledger.operations.arrivals import ArrivalRows
from app.ledger.operations.cells import CellReader
from app.ledger.operations.completing import complete_project
from app.ledger.operations.importing import take_row
from app.ledger.operations.lists import Lists
from app.ledger.operations.monthly import PURPOSE, MonthlyRows, day_of_month
from app.ledger.operations.projects import ProjectRows
from app.ledger.operations.targets import TargetRows
from app.ledger.queries import projects_by_number
from app.ledger.rules import ARRIVALS, PROJECTS, Report, RowVerdict, Verdict
from app.ledger.workbook import Cell
from app.ledger.workbook.recognising import FormRow
from app.pipeline.models import Project
from app.pipeline.operations import keep_extra

AMOUNT = "折人民币（万元）"
INSIDE = frozenset("区内 疆内 省内 本地 本区 本市 本县 自治区内 本省".split())
"""Where an investor of the zone's own province is from, in the words of a ledger."""


class Taking:
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
        self._by_place: dict[tuple[int, int], Project | None] = {}
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
        done, kept = complete_project(row.cells, row.no_column, self._today)
        self._done.update(done)
        self._complete_investor(row)
        verdict = self._judge(self._project_rows, row, CellReader(row.row, row.cells, row.columns))
        project = self._project_rows.last if verdict.verdict is not Verdict.refused else None
        self._by_place |= dict.fromkeys(row.places, project)
        extra = {**(row.extra or {}), **kept}
        if project is not None and extra:
            keep_extra(self._session, self._actor, project, extra)

    def _complete_investor(self, row: FormRow) -> None:
        """The company on record where the ledger names none; a new project's is still to be entered."""
        origin = row.cells.get("投资方所在地")
        if origin is not None and origin.value in INSIDE:
            row.cells["投资方所在地"] = Cell(self._zone.province)
        cell = row.cells.get("投资方名称", Cell())
        if not cell.is_empty and not CellReader(row.row, row.cells, {}).blank("投资方名称"):
            return
        reader = CellReader(row.row, row.cells, {})
        stored = self._project_rows.find(reader.peek("项目编号"), reader.peek("项目名称"), "")
        if len(stored) == 1:
            investor = self._session.get_one(Investor, (stored[0].zone_id, stored[0].investor_id))
            row.cells["投资方名称"] = Cell(investor.name)
        elif name := reader.peek("项目名称"):
            row.cells["投资方名称"] = Cell(f"{name}（投资方待补）")
            self._done["台账没有写投资方，按“项目名称（投资方待补）”登记，请补填"] += 1

    def _take_arrival(self, row: FormRow) -> None:
        place = (row.block, row.row)
        own = self._by_place.get(place)
        if not row.in_list and place in self._by_place and own is None:
            return  # the project's own verdict says why
        reader = CellReader(row.row, row.cells, row.columns)
        project = self._project_of(row, reader, own)
        if project is None and not reader.problems and not _said(row.cells, "项目编号"):
            reader.refuse("项目名称", f"没有名称为“{reader.peek('项目名称')}”的项目，请先登记项目")
        if project is not None:
            if not _said(row.cells, "项目编号"):
                row.cells["项目编号"] = Cell(project.number)
            row.cells["项目名称"] = Cell(project.name)
            if row.is_rest and not self._leave_rest(row, project):
                return
            self._complete_arrival(row, project)
        taker = self._monthly() if row.month and not row.in_list else self._arrivals()
        self._judge(taker, row, reader)

    def _leave_rest(self, row: FormRow, project: Project) -> bool:
        """Of the money of a year up to a month, what is not on record yet; whether anything is left."""
        value = row.cells[AMOUNT].value
        if not isinstance(value, Decimal) or row.month is None:
            return True
        known = Decimal(self._monthly().paid_up_to(project, *row.month)) / FEN_PER_WAN
        if value < known:
            row.cells[AMOUNT] = Cell(None, f"累计 {value:f} 万元比系统已登记的 {known:f} 万元少，请核对")
            return True
        row.cells[AMOUNT] = Cell(value - known)
        if value == known:
            return False
        self._done[
            f"{row.month[0]}年没有分月数的到位资金，按1—{row.month[1]}月合计登记在{row.month[1]}月"
        ] += 1
        return True

    def _complete_arrival(self, row: FormRow, project: Project) -> None:
        cells = row.cells
        if row.month is not None:
            cells["到账日期"] = Cell(day_of_month(*row.month, self._zone.cutoff_day, self._today))
            if not row.in_list:
                cells["资金用途"] = Cell(PURPOSE)
        if not _said(cells, "审核状态"):
            cells["审核状态"] = Cell(ReviewState.recognised.label)
            self._done["台账没有写审核状态，按已审核登记的资金"] += 1
        if not _said(cells, "资金来源"):
            source = source_of(self._origin(project)[1], self._zone.province)
            if source is not None:
                cells["资金来源"] = Cell(source.label)
                self._done["台账没有写资金来源，按投资方所在地确定来源的资金"] += 1

    def _project_of(self, row: FormRow, reader: CellReader, own: Project | None) -> Project | None:
        """The project of an arrival: by the row it stands in, by number, by name and investor."""
        if own is not None and not row.in_list:
            return own
        if _said(row.cells, "项目编号"):
            return self._projects.get(reader.peek("项目编号"))
        row.cells.pop("项目编号", None)
        same = self._project_rows.find("", reader.peek("项目名称"), reader.peek("投资方名称"))
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
