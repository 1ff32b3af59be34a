"""What a person must decide before a file can be taken in, what he may want to, and what was done without asking."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator

from app.ledger.rules.heads import flat
from app.ledger.rules.recognition import Answers, Column, Doubt, How, Kind, Recognition, Table
from app.ledger.rules.spans import period_of
from app.ledger.rules.synonyms import (
    COMPOSITES,
    EXTRA,
    FUNDS_WORDS,
    MONTHLY_FUNDS,
    SOURCES_OF_FUNDS,
    UNIT_AND_OFFICER,
)
from app.ledger.rules.values import own_unit
from app.ledger.workbook.cells import Sheet, cell_address
from app.ledger.workbook.recognising.columns import MONEY
from app.ledger.workbook.recognising.grid import Grid
from app.ledger.workbook.recognising.months import without_months
from app.ledger.workbook.recognising.targets import TARGET, UNIT_TARGET
from app.ledger.workbook.recognising.totals import check_totals, without_units

NEEDED = {
    Kind.projects: ("项目名称", "责任单位"),
    Kind.arrivals: (),
    Kind.monthly: (),
    Kind.targets: ("年度", "责任单位", "单位"),
}
"""Fields without which no row can be taken in."""


def about_file(found: Recognition) -> Iterator[Doubt]:
    """A file in which nothing was recognised."""
    if not found.tables:
        yield Doubt("", "", "", "文件里没有识别出项目、到位资金或目标的表格，请核对表头", "table")


def about_cards(sheet: Sheet, unread: list[tuple[int, int]]) -> Iterator[Doubt]:
    """Numbers on project cards that no label names."""
    if unread:
        said = "、".join(cell_address(*place) for place in unread[:5])
        message = f"项目信息卡中有 {len(unread)} 个数字旁边没有可识别的名称（{said}），没有读出；请补写名称，或确认不导入"
        yield Doubt(sheet.name, cell_address(*unread[0]), "", message, "totals")


def about_table(grid: Grid, table: Table, tables: list[Table], answers: Answers) -> Iterator[Doubt]:
    """What must be decided about one table."""
    if table.column(TARGET) or table.column(UNIT_TARGET):
        yield from _about_targets(table)
        return
    yield from _missing(table, tables, answers)
    head_row = table.head_rows[1]
    for column in table.columns:
        address = cell_address(head_row, column.place)
        if column.field == MONTHLY_FUNDS and (column.period is None or column.period.year is None):
            message = f"“{column.head}”没有写明是哪一年，请指定年份"
            yield Doubt(table.sheet, address, column.head, message, "year")
        elif column.field == MONTHLY_FUNDS and column.period is not None and column.period.is_open:
            message = f"“{column.head}”是哪一个月没有写明，请在标题中写明年月"
            yield Doubt(table.sheet, address, column.head, message, "year")
        if column.field == EXTRA and table.kind is Kind.projects and _months_of_what(column):
            message = f"“{column.head}”是哪项金额没有写明，请指定为到位资金、附加列或不导入"
            yield Doubt(table.sheet, address, column.head, message)
    for column in _parts_without_whole(table):
        message = (
            f"“{column.head}”只是当月到位资金的一部分，台账没有全月的合计列；请补一列各月合计，或指定为附加列"
        )
        yield Doubt(table.sheet, cell_address(head_row, column.place), column.head, message)
    for column in without_months(table, tables):
        message = (
            f"“{column.head}”是几个月的合计，台账没有各月数，无法确定到位月份；请补充各月列，或指定为附加列"
        )
        yield Doubt(table.sheet, cell_address(head_row, column.place), column.head, message, "period")
    for column in without_units(grid, table.columns, table.data_rows()):
        message = f"“{column.head}”没有写明单位（元、万元、亿元），请指定"
        yield Doubt(table.sheet, cell_address(head_row, column.place), column.head, message, "unit")
    yield from _shared_amounts(grid, table)
    if not answers.accept_totals:
        yield from check_totals(grid, table)


def _shared_amounts(grid: Grid, table: Table) -> Iterator[Doubt]:
    """An amount in a cell that is merged over several projects: nobody can say whose it is."""
    money = {column.place: column for column in table.columns if column.field in MONEY}
    data = [row for row in table.data_rows() if row not in table.continued]
    for (top, left), (bottom, _) in grid.top_left.items():
        if left not in money or bottom <= top or bottom > grid.last or grid.at(top, left).is_empty:
            continue
        over = data[bisect_left(data, top) : bisect_right(data, bottom)]
        if len(over) > 1:
            head = money[left].head
            message = f"“{head}”一格合并了第 {over[0]}—{over[-1]} 行，无法分到各项目，请拆开填写"
            yield Doubt(table.sheet, cell_address(top, left), head, message, "totals")


def _about_targets(table: Table) -> Iterator[Doubt]:
    head_row = table.head_rows[1]
    if table.year is None:
        yield Doubt(
            table.sheet, "", "年度", "目标表没有写明年度，请在标题中写明，或在映射文件中指定年份", "year"
        )
    for column in table.columns:
        if column.field == TARGET and column.unit is None:
            message = f"“{column.head}”没有写明单位（万元、亿元），请指定"
            yield Doubt(table.sheet, cell_address(head_row, column.place), column.head, message, "unit")


def _missing(table: Table, tables: list[Table], answers: Answers) -> Iterator[Doubt]:
    """Fields that no column, title or default gives, and for projects no other table either."""
    for field in NEEDED[table.kind]:
        has = table.column(field) or (field == "责任单位" and table.column(UNIT_AND_OFFICER))
        if has or field in answers.defaults or field in table.defaults:
            continue
        said = {title for title, meaning in table.meanings.items() if meaning[0] == field}
        if said and all(said & set(table.groups.get(row, ())) for row in table.data_rows()):
            continue
        if field == "年度" and table.year is not None:
            continue
        if field == "单位":
            continue  # of each row's own indicator, or refused there
        if table.kind is Kind.projects and field == "责任单位" and _said_elsewhere(table, tables):
            continue
        yield Doubt(table.sheet, "", field, f"没有找到“{field}”列，请指定是哪一列，或给出统一的值", "field")
    if table.kind in (Kind.arrivals, Kind.monthly) and not (
        table.column("项目名称") or table.column("项目编号")
    ):
        yield Doubt(table.sheet, "", "项目名称", "没有找到“项目名称”列，不知道资金属于哪个项目", "field")


def _said_elsewhere(table: Table, tables: list[Table]) -> bool:
    """Whether another table has projects with a unit: a row of this one that is not among them is refused as a row."""
    return any(
        other is not table
        and other.kind is Kind.projects
        and (other.column("责任单位") or other.column(UNIT_AND_OFFICER) or "责任单位" in other.defaults)
        for other in tables
    )


def _months_of_what(column: Column) -> bool:
    """A bare month (1月) under no word that says what is counted."""
    words = flat(" ".join(column.path))
    period = period_of(column.path)
    return (
        period is not None
        and not period.is_sum
        and not period.is_open
        and len(words.replace("年", "")) <= 8
        and not any(word in words for word in FUNDS_WORDS)
    )


def _parts_without_whole(table: Table) -> Iterator[Column]:
    """Months of money by where it comes from, of which no column has the whole: it would be lost without a word."""
    whole = {(c.period.year, c.period.last) for c in table.columns if c.field == MONTHLY_FUNDS and c.period}
    for column in table.columns:
        words, last = flat(" ".join(column.path)), flat(column.path[-1])
        period = period_of(column.path)
        if (
            period is not None
            and not period.is_sum
            and (period.year or table.year, period.last) not in whole
            and column.field == EXTRA
            and column.how is not How.told
            and any(word in words for word in FUNDS_WORDS)
            and any(word in last for word in SOURCES_OF_FUNDS)
        ):
            yield column


def hints(grid: Grid, table: Table) -> Iterator[Doubt]:
    """Where a person may know better than the recogniser."""
    head_row = table.head_rows[1]
    for column in table.columns:
        address = cell_address(head_row, column.place)
        if column.field in COMPOSITES:
            parts = "和".join(COMPOSITES[column.field])
            yield Doubt(table.sheet, address, column.head, f"一格两项，按“/”拆成{parts}", "split")
        if column.field in MONEY and table.kind is not Kind.targets:
            units = Counter(own_unit(grid.at(row, column.place).value) for row in table.data_rows())
            own = {unit: count for unit, count in units.items() if unit}
            if own and units[None] and set(own) != {column.unit}:
                written = "、".join(f"{count} 格写“{unit}”" for unit, count in own.items())
                message = f"{written}，其余没写单位，按{column.unit}"
                yield Doubt(table.sheet, address, column.head, message, "unit")


def notes(sheet: Sheet, table: Table) -> Iterator[str]:
    """What was done without being asked, for the report."""
    name = f"工作表“{sheet.name}”"
    first, last = table.head_rows
    rows = "，".join(
        f"{label} {count} 行" for label, count in table.counts().items() if label not in ("空行", "表头")
    )
    yield f"{name}：表头第 {first}{f'—{last}' if last > first else ''} 行；{rows}；金额单位 {table.unit or '见各列'}"
    if table.defaults:
        yield f"{name}按表名或标题，各行：" + "、".join(
            f"{field} {value}" for field, value in table.defaults.items()
        )
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
    if extra and table.kind is Kind.projects:
        yield f"{name}中没有对应字段的列作为附加列保留：{'、'.join(extra)}"
    elif extra:
        yield f"{name}中没有对应字段的列没有导入：{'、'.join(extra)}"


def _some(rows: tuple[int, ...]) -> str:
    return "、".join(map(str, rows[:10])) + (" 等" if len(rows) > 10 else "")
