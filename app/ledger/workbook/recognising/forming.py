"""The rows of recognised tables in the words and units of the product's own form, each cell at its old address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from app.ledger.rules.columns import ARRIVALS, PROJECTS, SUPPLEMENTS, TARGETS
from app.ledger.rules.recognition import Answers, Column, Kind, Recognition, Table
from app.ledger.rules.spans import year_of
from app.ledger.rules.synonyms import COMPOSITES, EXTRA, MONTHLY_FUNDS, STAGE_WORDS
from app.ledger.rules.values import is_nothing, read_yes_no
from app.ledger.workbook.cells import EMPTY, Cell, Sheet, Workbook, cell_address
from app.ledger.workbook.recognising.cards import laid_out
from app.ledger.workbook.recognising.columns import DAYS
from app.ledger.workbook.recognising.continuing import bare_name
from app.ledger.workbook.recognising.form_row import AMOUNT, WHO, FormRow
from app.ledger.workbook.recognising.goals import complete_goal, goal_rows
from app.ledger.workbook.recognising.grid import Grid
from app.ledger.workbook.recognising.pairing import only
from app.ledger.workbook.recognising.parting import part_cells, settle_months
from app.ledger.workbook.recognising.regions import part_of
from app.ledger.workbook.recognising.telling import asked, distinct, either, plain, ticks
from app.ledger.workbook.recognising.valuing import read_cell

GROUP = "分组"
FORMS = {Kind.projects: PROJECTS, Kind.arrivals: ARRIVALS, Kind.monthly: ARRIVALS, Kind.targets: TARGETS}
KIND, SIGNED = "合同类型", "合同签订日期"
CONTRACT_OF_ITS_OWN = (KIND, "合同编号", SIGNED, "合同总投资")
AGREEMENTS = ("框架协议", "意向协议")


def project_rows(workbook: Workbook, found: Recognition, answers: Answers) -> Iterator[FormRow]:
    """Every project as each table has it."""
    for former in _formers(workbook, found, answers):
        if former.table.kind is Kind.projects:
            yield from _in_place(former, former.records())


def _in_place(former: _Former, rows: Iterable[FormRow]) -> Iterator[FormRow]:
    """The rows of cards with the places where their cells stand."""
    origins = former.grid.sheet.origins
    yield from (replace(row, origins=origins) for row in rows) if origins else rows


def other_rows(workbook: Workbook, found: Recognition, answers: Answers) -> Iterator[FormRow]:
    """Every 补充协议, then every arrival, then every target."""
    formers = list(_formers(workbook, found, answers))
    for former in formers:
        if former.table.kind is Kind.projects:
            yield from _in_place(former, former.supplements())
    for former in formers:
        if former.table.kind is not Kind.targets:
            yield from _in_place(former, former.money())
    for former in formers:
        if former.table.kind is Kind.targets:
            goals = list(goal_rows(former.grid, former.table))
            if not goals:
                yield from former.records()
            for row, cells, places in goals:
                yield FormRow(TARGETS, former.table.sheet, row, cells, places, block=former.block)


def _formers(workbook: Workbook, found: Recognition, answers: Answers) -> Iterator[_Former]:
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    for block, table in enumerate(found.tables):
        sheet = sheets[table.sheet]
        if table.cards:
            sheet = laid_out(sheet) or sheet
        yield _Former(part_of(sheet, table.region), table, answers, block)


class _Former:
    """One table."""

    def __init__(self, sheet: Sheet, table: Table, answers: Answers, block: int) -> None:
        self.grid, self.table, self.answers, self.block = Grid(sheet), table, answers, block
        self.form = FORMS[table.kind]
        self.known = [
            c
            for c in only(table.columns, 0)
            if c.field in self.form.heads
            or c.field in COMPOSITES
            or (table.kind is Kind.projects and c.field in SUPPLEMENTS.heads)
            or (table.kind is Kind.arrivals and c.field in (*WHO, "年度"))
        ]
        self.kept = [c for c in table.columns if c.field == EXTRA]
        self.heads = distinct(self.kept)
        self.places = {column.field: column.place for column in self.known}
        for name in COMPOSITES.keys() & self.places.keys():
            parts = [part for part in COMPOSITES[name] if part not in self.places]
            self.places |= dict.fromkeys(parts, self.places[name])
        self.asked = {
            name: column.place for column in table.columns if (name := asked(column)) in self.places
        }
        """By date, the column that says whether it has come: 是否开工."""
        self.ticks = {} if "当前阶段" in self.places else ticks(self.kept)
        self.no_column = frozenset(name for name in DAYS if name not in self.places)

    def records(self) -> Iterator[FormRow]:
        """One row for every record."""
        for row in self.table.data_rows():
            if self.form is PROJECTS and (row in self.table.continued or row in self.table.supplements):
                continue
            cells, extra = self._cells(row)
            if self.form is PROJECTS:
                extra |= self._extra(row)
                self._add_contracts(row, cells, extra)
            month = self._month_of(cells) if self.form is ARRIVALS else None
            yield FormRow(
                self.form, self.table.sheet, row, cells, self.places, extra, month, self.no_column, self.block,
                in_list=self.form is ARRIVALS, as_of=self.table.as_of,
            )  # fmt: skip

    def money(self) -> Iterator[FormRow]:
        """Every arrival."""
        numbers = sorted({column.again for column in self.table.columns})
        if self.table.kind is Kind.arrivals and numbers == [0]:
            yield from self.records()
        elif self.table.column("到账日期"):
            yield from (row for number in numbers for row in self._paid_in_rows(number))
        if self.table.kind is not Kind.arrivals:
            yield from self.months()

    def _paid_in_rows(self, number: int) -> Iterator[FormRow]:
        """The arrivals, or of several side by side the one counted so, that stand in the rows of projects."""
        table = replace(self.table, kind=Kind.arrivals, columns=only(self.table.columns, number))
        for row in _Former(self.grid.sheet, table, self.answers, self.block).records():
            if any(not row.cells.get(head, EMPTY).is_empty for head in ("到账日期", AMOUNT)):
                in_project = self.table.kind is Kind.projects
                yield replace(row, owner=self.table.continued.get(row.row, row.row)) if in_project else row

    def supplements(self) -> Iterator[FormRow]:
        """Every 补充协议: in a row of its own, or in columns of its project's row."""
        own = [head for head in SUPPLEMENTS.heads if head not in WHO]
        for row in self.table.data_rows():
            heads = [*WHO, *own, *(CONTRACT_OF_ITS_OWN if row in self.table.supplements else ())]
            if row not in self.table.supplements and own[1] not in self.places:
                continue
            said = self._cells(row)[0]
            cells = {head: said[head] for head in heads if not said.get(head, EMPTY).is_empty}
            if "项目名称" in cells:
                cells["项目名称"] = Cell(bare_name(str(cells["项目名称"].value)))
            if not cells.keys() <= set(WHO):
                places = {head: self.places[head] for head in heads if head in self.places}
                owner = self.table.continued.get(row, None if row in self.table.supplements else row)
                yield FormRow(
                    SUPPLEMENTS, self.table.sheet, row, cells, places, block=self.block, owner=owner
                )

    def _add_contracts(self, row: int, cells: dict[str, Cell], extra: dict[str, str]) -> None:
        """What further rows of a project say of contracts: a framework stays beside the contract that it became."""
        for more in (r for r, first in self.table.continued.items() if first == row):
            said = self._cells(more)[0] if more not in self.table.supplements else {}
            day, own = said.get(SIGNED, EMPTY), cells.get(SIGNED, EMPTY)
            if day.value in (None, own.value):
                continue
            kinds = [c.get(KIND, EMPTY).value for c in (said, cells)]
            if kinds[0] not in AGREEMENTS and kinds[1] in AGREEMENTS:
                extra[str(kinds[1])] = str(own.value)
                cells |= {head: said.get(head, EMPTY) for head in CONTRACT_OF_ITS_OWN}
            elif kinds[0] in AGREEMENTS:
                extra[str(kinds[0])] = str(day.value)
            else:
                cells[KIND] = Cell(None, f"第 {more} 行是同一项目的另一份合同，增加投资的请写明“补充协议”")

    def months(self) -> Iterator[FormRow]:
        """One arrival for every month with an amount, by row."""
        months = [c for c in self.table.columns if c.field == MONTHLY_FUNDS and c.period and c.period.year]
        who = [c for c in self.table.columns if c.field in ("项目编号", "项目名称", "投资方名称")]
        said = {f: Cell(value) for f, value in self.answers.defaults.items() if f in ARRIVALS.heads}
        places = {c.field: c.place for c in who}
        dated = [
            (c, (c.period.year, c.period.last), places | {AMOUNT: c.place, "到账日期": c.place})
            for c in months
            if c.period and c.period.year
        ]
        for row in self.table.data_rows() if months else []:
            named = said | {c.field: self._cell(row, c) for c in who}
            for column, month, columns in dated:
                cell = self._amount(row, column)
                if cell is EMPTY or cell.value == 0:
                    continue
                yield FormRow(
                    ARRIVALS, self.table.sheet, row, {**named, AMOUNT: cell}, columns,
                    month=month, block=self.block, is_rest=column.is_rest,
                )  # fmt: skip

    def _cells(self, row: int) -> tuple[dict[str, Cell], dict[str, str]]:
        """The row's cells by field, and what was said in them beyond their fields."""
        written = {c.field: self._stored(row, c.place) for c in self.known}
        said_above = (year_of(title) for title in reversed(self.table.groups.get(row, ())))
        year = next((found for found in said_above if found), self.table.year)
        if self.form is ARRIVALS and (said := written.get("年度")) is not None:
            year = year_of(str(said.value or "")) or year
        cells, extra = part_cells(self.known, written, year, self.answers, self.places)
        for column in self.known:
            if column.twin is not None:
                twin = self._cell(row, column.twin)
                cells[column.field] = either(cells.get(column.field, EMPTY), twin, column.twin.head)
        extra |= self._not_come(row, cells)
        if (stage := self._ticked(row)) is not None:
            cells["当前阶段"] = Cell(stage)
        cells |= {f: Cell(v) for f, v in self._said_above(row, cells).items()}
        for name, value in self.answers.defaults.items():
            if name in self.form.heads and cells.get(name, EMPTY) is EMPTY:
                cells[name] = Cell(value)
        if self.form is TARGETS:
            complete_goal(cells, self.table)
        if self.form is PROJECTS:
            settle_months(cells, {f: cell.value for f, cell in written.items()})
        return cells, extra

    def _not_come(self, row: int, cells: dict[str, Cell]) -> dict[str, str]:
        """Take out the days of which the row says 否 under 是否开工; a framework has its day all the same."""
        found = {}
        for name, place in self.asked.items():
            day = cells.get(name, EMPTY)
            framework = name == "合同签订日期" and not cells.get("合同类型", EMPTY).is_empty
            said = read_yes_no(self._stored(row, place).value)
            if said is False and day.value is not None and not framework:
                cells[name] = EMPTY
                found[f"{name}（尚未发生）"] = str(day.value)
        return found

    def _ticked(self, row: int) -> str | None:
        """The last stage that the row ticks in the columns of stages."""
        ticked = [s for place, s in self.ticks.items() if read_yes_no(self._stored(row, place).value)]
        return max(ticked, key=list(STAGE_WORDS).index, default=None)

    def _said_above(self, row: int, cells: Mapping[str, Cell]) -> dict[str, str]:
        """What group titles and the sheet's name say for a row, where it has no column of its own for it."""
        found = dict(self.table.defaults) if self.form is PROJECTS else {}
        if "当前阶段" in found and any(
            cells.get(day, EMPTY).value for day in DAYS - {"首次洽谈日期", "到账日期"}
        ):
            del found["当前阶段"]
        titles = self.table.groups.get(row, ()) if self.form is PROJECTS else ()
        found |= dict(self.table.meanings[title] for title in titles if title in self.table.meanings)
        return {name: value for name, value in found.items() if name not in self.places}

    def _cell(self, row: int, column: Column) -> Cell:
        return read_cell(column, self._stored(row, column.place), self.table.year, self.answers)

    def _amount(self, row: int, column: Column) -> Cell:
        """A month's own amount, with what stands in sums up to earlier months taken off."""
        cell = self._cell(row, column)
        if cell is EMPTY or cell.problem or not isinstance(cell.value, Decimal):
            return cell
        off = [self._plain_amount(row, place) for place in column.less]
        earlier = (self._plain_amount(row, place) for place in column.less_last)
        off.append(next((amount for amount in earlier if amount), Decimal(0)))
        value = cell.value - sum(off, Decimal(0))
        if value < 0:
            address = cell_address(row, column.place)
            return Cell(None, f"{address}“{column.head}”比以前月份的累计数少 {-value:f} 万元，请核对")
        return Cell(value)

    def _plain_amount(self, row: int, place: int) -> Decimal:
        column = next(c for c in self.table.columns if c.place == place)
        value = self._cell(row, column).value
        return value if isinstance(value, Decimal) else Decimal(0)

    def _month_of(self, cells: dict[str, Cell]) -> tuple[int, int] | None:
        """The month of an arrival whose row names no day."""
        day = cells.get("到账日期", EMPTY)
        cells.pop("年度", None)
        if isinstance(day.value, Decimal):
            return int(day.value) // 100, int(day.value) % 100
        return None

    def _stored(self, row: int, place: int) -> Cell:
        cell = self.grid.at(row, place)
        if cell is not EMPTY and not cell.is_empty:
            return cell
        source = self.table.carried.get((row, place))
        return EMPTY if source is None else self.grid.at(source, place)

    def _extra(self, row: int) -> dict[str, str]:
        """What stands in the columns that have no field, as it is written; 是 and 否 in one word."""
        found: dict[str, str] = {}
        for column in self.kept:
            cell = self._stored(row, column.place)
            if cell.value is None or (is_nothing(cell.value) and "是否" not in column.head):
                continue
            found[self.heads[column.place]] = plain(column, cell.value)
        for title in self.table.groups.get(row, ()):
            meaning = self.table.meanings.get(title)
            if meaning is None or meaning[0] in self.places:
                found[GROUP] = title
        return found
