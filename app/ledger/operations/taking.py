"""The rows of a recognised ledger, one after the other, through the operations that the pages use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from sqlalchemy.exc import IntegrityError

from app.funds.rules import FundSource, ReviewState, source_of
from app.kernel.errors import DomainError
from app.kernel.money import FEN_PER_WAN
from app.ledger.operations.arrivals import AMOUNT, ArrivalRows
from app.ledger.operations.cells import CellReader
from app.ledger.operations.choices import Choices
from app.ledger.operations.completing import STAGE_IN_LEDGER, complete_project
from app.ledger.operations.context import Context, Taken
from app.ledger.operations.monthly import PURPOSE, MonthlyRows, day_of_month
from app.ledger.operations.odd import Scales
from app.ledger.operations.progress import Progress
from app.ledger.operations.projects import ProjectRows
from app.ledger.operations.supplements import SupplementRows
from app.ledger.operations.targets import TargetRows
from app.ledger.operations.verdicts import verdict_of
from app.ledger.rules import ARRIVALS, PROJECTS, SUPPLEMENTS, Change, RowVerdict, Verdict
from app.ledger.rules.history import read_history
from app.ledger.workbook import Cell
from app.ledger.workbook.recognising import FormRow
from app.pipeline.models import Project

INSIDE = frozenset("区内 疆内 省内 本地 本区 本市 本县 自治区内 本省".split())
"""Where an investor of the zone's own province is from, in the words of a ledger."""
RECOGNISED = "台账没有写审核状态，按已审核登记的资金"
BY_ORIGIN = "台账没有写资金来源，按投资方所在地确定来源的资金"
MERE_AMOUNT = {"项目编号", "项目名称", "投资方名称", AMOUNT}
"""The cells of a month that says nothing but its amount."""
Taker = ProjectRows | ArrivalRows | SupplementRows | TargetRows


def _is_mere(row: FormRow) -> bool:
    """Whether the row is the amount of a month beside its project, and nothing else."""
    in_column = row.month is not None and not row.in_list and not row.is_rest
    return in_column and row.cells.keys() <= MERE_AMOUNT


class Taking:
    """One ledger under way; a row that is refused, or not wanted, leaves nothing and the rest goes on."""

    def __init__(self, context: Context, choices: Choices, scales: Scales) -> None:
        self._here, self._choices, self._scales = context, choices, scales
        self._project_rows = ProjectRows(context)
        self._progress = Progress(context)
        self._by_place: dict[tuple[int, int], Project | None] = {}
        """The project of each row that tells of one; None where it was refused."""
        self._done: Counter[str] = Counter()

    def said(self) -> list[str]:
        """What was filled in without being asked, with how often."""
        return [f"{what}：{count} 行" for what, count in self._done.items()]

    def take(self, group: Sequence[FormRow]) -> RowVerdict:
        """Take the records of one row; its verdict. A row that is not wanted is tried and taken back."""
        memory = self._here.memory
        readers = [self._reader(row) for row in group]
        self._here.begin_row()
        taken: list[Taken] = []
        own: Project | None = None
        for at, (row, reader) in enumerate(zip(group, readers, strict=True), 1):
            one = self._take_one(row, reader, own)
            taken.append(one)
            if reader.problems:
                break
            if row.form is PROJECTS:
                own = self._here.stored_project(one.record_id)
                self._by_place |= dict.fromkeys(row.places, own)
                if own is not None and self._take_together(group[at:], readers[at:], own):
                    taken += [Taken(own.name, Verdict.new)] * len(group[at:])
                    break
        self._settle(readers)
        refused = any(reader.problems for reader in readers)
        gone = refused or self._choices.skips(group[0].sheet, group[0].row)
        self._here.entry.end_row(gone=gone)
        if gone:
            memory.forget()
            for row in group:
                if row.form is PROJECTS:
                    self._by_place |= dict.fromkeys(row.places)
        else:
            memory.keep()
        return verdict_of(group, readers, taken)

    def _take_together(
        self, rows: Sequence[FormRow], readers: Sequence[CellReader], project: Project
    ) -> bool:
        """Take all months of a project that is new and not written, where there is nothing to object to or to ask."""
        source, here = self._source_of(project), self._here
        if source is None or not here.entry.is_new(project):
            return False
        if not all(_is_mere(row) and not reader.odd for row, reader in zip(rows, readers, strict=True)):
            return False
        try:
            amounts = [reader.peek_fen(AMOUNT) for reader in readers]
        except DomainError:
            return False  # its own month says so
        entries = [
            (day_of_month(*row.month, here.zone.cutoff_day, here.today), fen)
            for row, fen in zip(rows, amounts, strict=True)
            if row.month is not None and fen is not None
        ]
        if len(entries) < len(rows) or any(here.is_closed(day) for day, _fen in entries):
            return False
        if not here.entry.record_months(project, entries, source):
            return False
        self._done.update({RECOGNISED: len(rows), BY_ORIGIN: len(rows)})
        return True

    def _take_one(self, row: FormRow, reader: CellReader, own: Project | None) -> Taken:
        """One record; an objection of the operations is the cell's."""
        taker: Taker = self._project_rows
        try:
            if row.form is PROJECTS:
                return self._take_project(row, reader)
            if row.form is ARRIVALS:
                taker = self._monthly_rows if row.month and not row.in_list else self._arrival_rows
                return self._take_arrival(row, reader, own, taker)
            if row.form is SUPPLEMENTS:
                taker = supplements = self._supplement_rows
                return supplements.take(reader, own or self._project_of(row, reader))
            self._here.entry.touch()
            taker = self._target_rows
            return taker.take(reader)
        except DomainError as error:
            reader.refuse(taker.head_of(error.field), error.message)
        except IntegrityError as error:
            self._refuse_twice(reader, error)
        return Taken(taker.label_of(reader), Verdict.refused)

    def _settle(self, readers: Sequence[CellReader]) -> None:
        """Write what the row's records have left to be written together; an objection is the row's."""
        if any(reader.problems for reader in readers):
            return
        try:
            self._here.session.flush()
        except IntegrityError as error:
            self._refuse_twice(readers[0], error)

    def _refuse_twice(self, reader: CellReader, error: IntegrityError) -> None:
        """Refuse what the database says is there already. Raises any other ``error``."""
        if "unique" not in str(error.orig).lower():
            raise error
        reader.refuse("", "与已有记录重复（编号、合同编号或凭证号已被占用），请核对")

    def _reader(self, row: FormRow) -> CellReader:
        return CellReader(
            row.row, row.cells, row.columns,
            lambda question: self._choices.answer(row.sheet, row.row, question), self._scales.odd(row), row.sheet,
            row.origins,
        )  # fmt: skip

    def _take_project(self, row: FormRow, reader: CellReader) -> Taken:
        done, kept = complete_project(row.cells, row.no_column, self._here.today)
        self._done.update(done)
        self._complete_investor(row, reader)
        extra = {**(row.extra or {}), **kept}
        self._here.history = read_history(extra, row.as_of[0] if row.as_of else None, self._here.today)
        if STAGE_IN_LEDGER in kept:
            reader.assumed = frozenset({"当前阶段"})
        taken = self._project_rows.take(reader)
        project = self._here.stored_project(taken.record_id)
        if project is not None and extra.get(STAGE_IN_LEDGER) == project.stage.label:
            del extra[STAGE_IN_LEDGER]
        if reader.problems or project is None or not extra:
            return taken
        old = dict(project.extra or {})
        changes = self._progress.keep(project)
        if self._here.entry.keep_extra(project, extra):
            now = project.extra or {}
            changes += [Change(h, old.get(h, ""), t) for h, t in now.items() if old.get(h) != t]
        if taken.verdict is Verdict.new or not changes:
            return taken
        return Taken(taken.label, Verdict.changed, (*taken.changes, *changes), taken.record_id)

    def _complete_investor(self, row: FormRow, reader: CellReader) -> None:
        """The company on record where the ledger names none; a new project's is still to be entered."""
        here = self._here
        origin = row.cells.get("投资方所在地")
        if origin is not None and origin.value in INSIDE:
            row.cells["投资方所在地"] = Cell(here.zone.province)
        name, number = reader.peek("项目名称"), reader.peek("项目编号")
        if not reader.blank("投资方名称") or row.cells.get("投资方名称", Cell()).problem:
            return
        known = here.stored.by_number.get(number) if number else None
        stored = [known] if known else [] if number else self._project_rows.find(name)
        investor = here.stored.investors.get(stored[0].investor_id) if len(stored) == 1 else None
        if investor is not None:
            row.cells["投资方名称"] = Cell(investor.name)
        elif name and not stored:
            row.cells["投资方名称"] = Cell(f"{name}（投资方待补）")
            self._done["台账没有写投资方，按“项目名称（投资方待补）”登记，请补填"] += 1

    def _take_arrival(
        self, row: FormRow, reader: CellReader, own: Project | None, taker: ArrivalRows
    ) -> Taken:
        place = (row.block, row.owner or row.row)
        in_list = row.in_list and row.owner is None
        if not in_list and place in self._by_place:
            own = own or self._by_place[place]
            if own is None:
                reader.refuse("", "这一行的项目没有通过核对，资金也不登记")
                return Taken("", Verdict.refused)
            source = self._source_of(own)
            if source is not None and row.month is not None and _is_mere(row):
                self._done[RECOGNISED] += 1
                self._done[BY_ORIGIN] += 1
                day = day_of_month(*row.month, self._here.zone.cutoff_day, self._here.today)
                return self._monthly_rows.take_amount(reader, own, day, source)
        project = (None if in_list else own) or self._project_of(row, reader)
        if project is None and not reader.problems and "项目编号" not in row.cells:
            reader.refuse("项目名称", f"没有名称为“{reader.peek('项目名称')}”的项目，请先登记项目")
        if project is not None:
            if reader.blank("项目编号"):
                row.cells.update({"项目编号": Cell(project.number), "项目名称": Cell(project.name)})
            if row.is_rest and not self._leave_rest(row, project):
                return Taken(project.name, Verdict.same, (), project.id)
            self._complete_arrival(row, reader, project)
        return taker.take(reader)

    def _leave_rest(self, row: FormRow, project: Project) -> bool:
        """Of the money of a year up to a month, what is not on record yet; whether anything is left."""
        value = row.cells[AMOUNT].value
        if not isinstance(value, Decimal) or row.month is None:
            return True
        known = Decimal(self._monthly_rows.paid_up_to(project, *row.month)) / FEN_PER_WAN
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

    def _complete_arrival(self, row: FormRow, reader: CellReader, project: Project) -> None:
        cells, here = row.cells, self._here
        assumed = set()
        if row.month is not None:
            cells["到账日期"] = Cell(day_of_month(*row.month, here.zone.cutoff_day, here.today))
            if not row.in_list:
                cells["资金用途"] = Cell(PURPOSE)
        if "审核状态" not in row.columns and reader.blank("审核状态"):
            cells["审核状态"] = Cell(ReviewState.recognised.label)
            assumed.add("审核状态")
            self._done[RECOGNISED] += 1
        if reader.blank("资金来源"):
            source = self._source_of(project)
            if source is not None:
                cells["资金来源"] = Cell(source.label)
                assumed.add("资金来源")
                self._done[BY_ORIGIN] += 1
        reader.assumed = frozenset(assumed)

    def _source_of(self, project: Project) -> FundSource | None:
        """Where a project's money comes from as long as nobody says otherwise."""
        investor = self._here.stored.investors.get(project.investor_id)
        return source_of(investor.origin if investor else None, self._here.zone.province)

    def _project_of(self, row: FormRow, reader: CellReader) -> Project | None:
        """The project of an arrival: by number, else by name and investor."""
        if not reader.blank("项目编号"):
            return self._here.stored.by_number.get(reader.peek("项目编号"))
        row.cells.pop("项目编号", None)
        same = self._project_rows.find_paid(reader.peek("项目名称"), reader.peek("投资方名称"))
        if len(same) > 1:
            reader.refuse("项目名称", f"有 {len(same)} 个项目或企业名称相同，请增加项目编号列加以区分")
        return same[0] if len(same) == 1 else None

    @cached_property
    def _arrival_rows(self) -> ArrivalRows:
        return ArrivalRows(self._here)

    @cached_property
    def _monthly_rows(self) -> MonthlyRows:
        return MonthlyRows(self._here)

    @cached_property
    def _supplement_rows(self) -> SupplementRows:
        return SupplementRows(self._here, self._done)

    @cached_property
    def _target_rows(self) -> TargetRows:
        return TargetRows(self._here)
