"""The whole road from a workbook to its tables, and what is left to be decided."""

from __future__ import annotations

from collections.abc import Iterator

from app.ledger.rules.heads import flat, period_of, said_unit, year_of
from app.ledger.rules.recognition import Answers, Column, Doubt, How, Kind, Recognition, RowKind, Table
from app.ledger.rules.synonyms import EXTRA, FUNDS_WORDS, MONTHLY_FUNDS, UNIT_AND_OFFICER
from app.ledger.workbook.cells import Sheet, Workbook, cell_address
from app.ledger.workbook.recognising.carrying import carried_cells
from app.ledger.workbook.recognising.columns import (
    DAYS,
    NUMBERS,
    Context,
    Remembered,
    first_guess,
    kind_of,
    rivals,
    settle,
)
from app.ledger.workbook.recognising.grid import Grid
from app.ledger.workbook.recognising.headings import find_heads, head_paths
from app.ledger.workbook.recognising.rows import row_kinds
from app.ledger.workbook.recognising.tidying import tidied
from app.ledger.workbook.recognising.totals import check_totals, without_units

NEEDED = {
    Kind.projects: ("项目名称", "投资方名称", "责任单位"),
    Kind.arrivals: (),
    Kind.monthly: (),
    Kind.targets: ("年度", "责任单位", "单位"),
}
"""Fields without which no row can be taken in."""


def recognise(
    workbook: Workbook, answers: Answers | None = None, remembered: Remembered | None = None
) -> Recognition:
    """The tables of a workbook of any form, with what could not be decided named by cell and head.

    ``answers`` are a person's decisions, ``remembered`` what the zone's ledgers meant by a head before.
    """
    answers, remembered = answers or Answers(), remembered or {}
    found = Recognition()
    for sheet in workbook.sheets:
        if not sheet.rows or sheet.name in answers.skip:
            continue
        table = _table(sheet, answers, remembered, found)
        if table is None:
            found.notes.append(f"工作表“{sheet.name}”中没有识别出台账，未导入")
            continue
        found.tables.append(table)
        found.doubts.extend(_doubts(Grid(sheet), table, answers))
        found.notes.extend(_notes(sheet, table))
    if any(table.kind is Kind.projects for table in found.tables):
        return found
    if not any(table.kind in (Kind.targets, Kind.arrivals, Kind.monthly) for table in found.tables):
        found.doubts.append(
            Doubt("", "", "", "文件里没有识别出项目、到位资金或目标的表格，请核对表头", "table")
        )
    return found


def _table(sheet: Sheet, answers: Answers, remembered: Remembered, found: Recognition) -> Table | None:
    grid = Grid(sheet)
    heads = answers.heads.get(sheet.name) or find_heads(grid)
    if heads is None:
        return None
    top, bottom = heads
    lines = [grid.text(row, place) for row in range(grid.first, top) for place in grid.filled(row)]
    title = " ".join(lines)
    year = answers.years.get(sheet.name) or answers.year or _year(lines, sheet.name)
    unit, unit_from = _unit(grid, top, bottom)
    context = Context(f"{title} {sheet.name}", year, unit, answers, remembered, sheet.name)
    paths = head_paths(grid, top, bottom)
    guesses = first_guess(paths, context)
    kind = answers.kinds.get(sheet.name) or kind_of(field for field, _, _ in guesses.values())
    if kind is None:
        return None
    places = {field: place for place, (field, _, _) in reversed(guesses.items())}
    kinds, groups = row_kinds(grid, bottom, places.get("项目名称"), places.get("序号"), paths)
    data = [row for row, row_kind in kinds.items() if row_kind is RowKind.data]
    columns = settle(grid, paths, guesses, kind, data, context)
    carried = carried_cells(grid, columns, kinds, places.get("项目名称"))
    table = Table(
        sheet.name, kind, (top, bottom), columns, kinds, groups, year, unit, title,
        tuple(row for row in data if row in sheet.hidden_rows), unit_from,
        tuple(tidied(grid, columns, data, carried, DAYS, NUMBERS)), carried,
    )  # fmt: skip
    for field, claimed in rivals(columns, guesses).items():
        if kind is Kind.projects and not any(
            c.how in (How.told, How.remembered) for c in columns if c.field == field
        ):
            heads_said = "、".join(f"{cell_address(bottom, c.place)}“{c.head}”" for c in claimed)
            message = f"{heads_said} 都像“{field}”，请指定用哪一列"
            found.doubts.append(
                Doubt(sheet.name, cell_address(bottom, claimed[0].place), claimed[0].head, message)
            )
    return table


def _unit(grid: Grid, top: int, bottom: int) -> tuple[str | None, str]:
    """The unit that a line above the heads, the sheet's name or a line at its end says, and where it stands."""
    above = [(row, place) for row in range(grid.first, top) for place in grid.filled(row)]
    below = [
        (row, place)
        for row in range(max(bottom + 1, grid.last - 8), grid.last + 1)
        for place in grid.filled(row)[:2]
    ]
    said = [(grid.text(row, place), cell_address(row, place)) for row, place in above]
    said += [(grid.sheet.name, "工作表名")]
    said += [(grid.text(row, place), cell_address(row, place)) for row, place in below]
    return next(((unit, place) for text, place in said if (unit := said_unit(text)) is not None), (None, ""))


def _year(lines: list[str], name: str) -> int | None:
    """The year of the title; the sheet's name and the lines below it are asked after it."""
    return next(
        (year for line in (*lines[:1], name, *lines[1:]) if (year := year_of(line)) is not None), None
    )


def _doubts(grid: Grid, table: Table, answers: Answers) -> Iterator[Doubt]:
    """What a person must decide before the table can be taken in."""
    head_row = table.head_rows[1]
    for field in NEEDED[table.kind]:
        has = table.column(field) or (field == "责任单位" and table.column(UNIT_AND_OFFICER))
        if (
            not has
            and field not in answers.defaults
            and not (field == "责任单位" and table.groups and len(table.groups) == len(table.data_rows()))
        ):
            yield Doubt(
                table.sheet, "", field, f"没有找到“{field}”列，请指定是哪一列，或给出统一的值", "field"
            )
    if table.kind in (Kind.arrivals, Kind.monthly) and not (
        table.column("项目名称") or table.column("项目编号")
    ):
        yield Doubt(table.sheet, "", "项目名称", "没有找到“项目名称”列，不知道资金属于哪个项目", "field")
    for column in table.columns:
        address = cell_address(head_row, column.place)
        if column.field == MONTHLY_FUNDS and (column.period is None or column.period.year is None):
            yield Doubt(
                table.sheet, address, column.head, f"“{column.head}”没有写明是哪一年，请指定年份", "year"
            )
        if column.field == EXTRA and _months_of_what(column) and table.kind is Kind.projects:
            yield Doubt(
                table.sheet,
                address,
                column.head,
                f"“{column.head}”是哪项金额没有写明，请指定为到位资金、附加列或不导入",
            )
    for column in without_units(grid, table.columns, table.data_rows()):
        address = cell_address(head_row, column.place)
        yield Doubt(
            table.sheet,
            address,
            column.head,
            f"“{column.head}”没有写明单位（元、万元、亿元），请指定",
            "unit",
        )
    if not answers.accept_totals:
        yield from check_totals(grid, table)


def _months_of_what(column: Column) -> bool:
    """A bare month (1月) under no word that says what is counted."""
    words = flat(" ".join(column.path))
    period = period_of(column.path)
    return (
        period is not None
        and not period.is_sum
        and len(words.replace("年", "")) <= 8
        and not any(word in words for word in FUNDS_WORDS)
    )


def _notes(sheet: Sheet, table: Table) -> Iterator[str]:
    """What was done without being asked, for the report."""
    name = f"工作表“{sheet.name}”"
    first, last = table.head_rows
    rows = "，".join(
        f"{label} {count} 行" for label, count in table.counts().items() if label not in ("空行", "表头")
    )
    yield f"{name}：表头第 {first}{f'—{last}' if last > first else ''} 行；{rows}；金额单位 {table.unit or '见各列'}"
    if sheet.hidden:
        yield f"{name}是隐藏的，已照常读取"
    if table.hidden_rows:
        yield f"{name}有 {len(table.hidden_rows)} 行是隐藏的，已照常读取：第 {_some(table.hidden_rows)} 行"
    hidden = [column.head for column in table.columns if column.hidden]
    if hidden:
        yield f"{name}有 {len(hidden)} 列是隐藏的，已照常读取：{'、'.join(hidden[:10])}"
    extra = [column.head for column in table.columns if column.field == EXTRA and column.samples]
    sums = [head for head in extra if any(word in flat(head) for word in FUNDS_WORDS)]
    if sums:
        yield f"{name}的{'、'.join(sums)}不是按月或逐笔的资金，没有登记为到位资金，只作为附加列保留"
    if extra:
        yield f"{name}中没有对应字段的列作为附加列保留：{'、'.join(extra)}"


def _some(rows: tuple[int, ...]) -> str:
    return "、".join(map(str, rows[:10])) + (" 等" if len(rows) > 10 else "")
