"""The whole road from a workbook to its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.ledger.rules.heads import flat, said_unit, said_units
from app.ledger.rules.recognition import Answers, Column, Doubt, How, Kind, Recognition, RowKind, Table
from app.ledger.rules.spans import month_said, year_of
from app.ledger.rules.synonyms import EXTRA
from app.ledger.workbook.cells import Sheet, Workbook, cell_address
from app.ledger.workbook.recognising.cards import laid_out, unread
from app.ledger.workbook.recognising.carrying import UNITS, carried_cells
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
from app.ledger.workbook.recognising.continuing import SUPPLEMENT, one_project
from app.ledger.workbook.recognising.doubting import about_cards, about_file, about_table, hints, notes
from app.ledger.workbook.recognising.grid import Grid
from app.ledger.workbook.recognising.headings import find_heads, head_paths, is_unit_line
from app.ledger.workbook.recognising.months import settle_years
from app.ledger.workbook.recognising.regions import Region, part_of, regions
from app.ledger.workbook.recognising.rows import Places, row_kinds
from app.ledger.workbook.recognising.targets import as_columns, target_columns
from app.ledger.workbook.recognising.tidying import tidied
from app.ledger.workbook.recognising.titles import Known, field_of_title

ABOUT_ONE = ("投资方名称", "当前阶段", "合同类型", "投资方所在地", "统一社会信用代码", *DAYS)
_ANY_NAME = ("责任单位", "落地片区", "产业链")
"""What a group title may say with any words at all."""
_REPORTED_BY = ("填报单位", "报送单位", "填表单位", "责任单位", "单位名称")


@dataclass(frozen=True)
class Lines:
    """What is written above the heads of a table and in the name of its sheet."""

    year: int | None
    as_of: tuple[int, int] | None
    unit: str | None
    unit_from: str
    title: str
    texts: tuple[str, ...]


def recognise(
    workbook: Workbook,
    answers: Answers | None = None,
    remembered: Remembered | None = None,
    known: Known | None = None,
) -> Recognition:
    """The tables of a workbook of any form, with what could not be decided named by cell and head.

    ``answers`` are a person's decisions, ``remembered`` what the zone's ledgers meant by a head before, ``known`` the
    names in the zone's own lists by field.
    """
    answers, remembered, known = answers or Answers(), remembered or {}, known or {}
    found = Recognition()
    grids: list[Grid] = []
    sheets = [sheet for sheet in workbook.sheets if sheet.rows and sheet.name not in answers.skip]
    for sheet in sheets:
        _recognise_sheet(sheet, answers, remembered, known, found, grids)
    if not any(table.kind is Kind.projects for table in found.tables):
        cards = [(sheet, laid) for sheet in sheets if (laid := laid_out(sheet)) is not None]
        for sheet, laid in cards:
            _recognise_sheet(laid, answers, remembered, known, found, grids, cards=True)
            found.doubts += [] if answers.accept_totals else about_cards(sheet, unread(sheet, laid))
    read = {table.sheet for table in found.tables}
    found.notes += [f"工作表“{s.name}”中没有识别出台账，未导入" for s in sheets if s.name not in read]
    found.tables = settle_years(found.tables)
    for grid, table in zip(grids, found.tables, strict=True):
        found.doubts.extend(about_table(grid, table, found.tables, answers))
        found.hints.extend(hints(grid, table))
    found.doubts.extend(about_file(found))
    return found


def _recognise_sheet(
    sheet: Sheet, answers: Answers, remembered: Remembered, known: Known, found: Recognition, grids: list[Grid],
    *, cards: bool = False,
) -> None:  # fmt: skip
    """Add the tables of one sheet to what was found, with their grids and notes."""
    for region in [_whole(sheet)] if sheet.name in answers.heads else regions(sheet):
        part = part_of(sheet, region)
        table = _table(part, sheet, region, answers, remembered, known, found)
        if table is not None and (not cards or table.kind in (Kind.projects, Kind.arrivals)):
            found.tables.append(replace(table, cards=cards))
            grids.append(Grid(part))
            count = len(table.data_rows())
            found.notes.extend(
                [f"工作表“{sheet.name}”是项目信息卡：{count} 行"] if cards else notes(sheet, table)
            )


def _whole(sheet: Sheet) -> Region:
    return (sheet.first_row, 1, sheet.first_row + len(sheet.rows) - 1, len(sheet.rows[0]))


def _table(
    sheet: Sheet, whole: Sheet, region: Region, answers: Answers, remembered: Remembered, known: Known, found: Recognition,
) -> Table | None:  # fmt: skip
    grid = Grid(sheet)
    heads = answers.heads.get(sheet.name) or find_heads(grid)
    if heads is None:
        return None
    top, bottom = heads
    lines = _lines(grid, Grid(whole), top, bottom, answers)
    context = Context(
        f"{lines.title} {sheet.name}", lines.year, lines.unit, answers, remembered, sheet.name, lines.as_of, known,
        said_units(" ".join((*lines.texts, sheet.name))),
    )  # fmt: skip
    paths = head_paths(grid, top, bottom)
    if answers.kinds.get(sheet.name) in (None, Kind.targets):
        goals = target_columns(paths, context.title, lines.unit)
        if goals:
            return _targets(grid, heads, as_columns(paths, goals), lines, region)
    guesses = first_guess(paths, context)
    kind = answers.kinds.get(sheet.name) or kind_of(field for field, _, _ in guesses.values())
    if kind is None:
        return None
    kinds, groups = row_kinds(grid, bottom, _places(guesses, paths, lines))
    data = [row for row, row_kind in kinds.items() if row_kind is RowKind.data]
    _name_headless(grid, paths, guesses, data)
    columns = settle(grid, paths, guesses, kind, data, context)
    name = next((c.place for c in columns if c.field == "项目名称"), None)
    carried = carried_cells(grid, columns, kinds, name)
    continued, supplements = one_project(grid, columns, data) if kind is Kind.projects else ({}, frozenset())
    table = Table(
        sheet.name, kind, heads, columns, kinds, groups, lines.year, lines.unit, lines.title,
        tuple(row for row in data if row in sheet.hidden_rows), lines.unit_from,
        tuple(tidied(grid, columns, data, carried, DAYS, NUMBERS)),
        as_of=lines.as_of, region=region, carried=carried, continued=continued, supplements=supplements,
    )  # fmt: skip
    table = _said_of_all(table, lines, known)
    found.doubts.extend(_rivalry(table, guesses))
    return table


def _targets(
    grid: Grid, heads: tuple[int, int], columns: tuple[Column, ...], lines: Lines, region: Region
) -> Table:
    """A table of targets: a row for each unit, the sum's row for the whole zone."""
    named = next((c.place for c in columns if c.field == "责任单位"), None)
    places = Places(named, None, frozenset(), {}, frozenset(map(flat, lines.texts)))
    kinds, _ = row_kinds(grid, heads[1], places)
    kinds = {row: RowKind.data if kind is RowKind.group else kind for row, kind in kinds.items()}
    return Table(
        grid.sheet.name, Kind.targets, heads, columns, kinds, {}, lines.year, lines.unit, lines.title,
        unit_from=lines.unit_from, region=region,
    )  # fmt: skip


def _places(
    guesses: Mapping[int, tuple[str, int, How]], paths: Mapping[int, tuple[str, ...]], lines: Lines
) -> Places:
    fields = {field: place for place, (field, _, _) in reversed(list(guesses.items()))}
    about = frozenset(place for place, (field, _, _) in guesses.items() if field in ABOUT_ONE)
    name = fields.get("项目名称") or fields.get("投资方名称")
    last = {place: flat(path[-1]) for place, path in paths.items()}
    return Places(name, fields.get("序号"), about - {name or 0}, last, frozenset(map(flat, lines.texts)))


def _name_headless(
    grid: Grid, paths: dict[int, tuple[str, ...]], guesses: dict[int, tuple[str, int, How]], data: list[int]
) -> None:
    """A column without a head is kept under its letter, so that nothing is dropped."""
    for place in range(1, grid.width + 1):
        if place not in paths and any(not grid.at(row, place).is_empty for row in data):
            paths[place] = (f"{cell_address(1, place)[:-1]} 列（无表头）",)
            guesses[place] = (EXTRA, 0, How.none)


def _lines(grid: Grid, whole: Grid, top: int, bottom: int, answers: Answers) -> Lines:
    """Year, month and unit of a table: of its own lines first, then of its sheet's name and first lines."""
    name = grid.sheet.name
    above = [
        (grid.text(row, p), cell_address(row, p)) for row in range(grid.first, top) for p in grid.filled(row)
    ]
    if grid.sheet is not whole.sheet:
        first = min(top, whole.first + 6)
        known = {address for _, address in above}
        far = [
            (whole.text(row, p), cell_address(row, p))
            for row in range(whole.first, first)
            for p in whole.filled(row)
        ]
        far = [
            line
            for line in far
            if line[1] not in known and len(whole.filled(int("".join(filter(str.isdigit, line[1]))))) <= 3
        ]
    else:
        far = []
    below = [
        (grid.text(row, p), cell_address(row, p))
        for row in range(max(bottom + 1, grid.last - 8), grid.last + 1)
        for p in grid.filled(row)[:2]
    ]
    inside = [
        (grid.text(row, p), cell_address(row, p))
        for row in range(top, bottom + 1)
        for p in grid.filled(row)
        if is_unit_line(grid.at(row, p).value)
    ]
    texts = [text for text, _ in above]
    said = [*above, *inside, (name, "工作表名"), *far, *below]
    unit, unit_from = next(
        ((u, place) for text, place in said if (u := said_unit(text)) is not None), (None, "")
    )
    ordered = (*texts[:1], name, *texts[1:], *(text for text, _ in far))
    year = (
        answers.years.get(name) or answers.year or next((y for text in ordered if (y := year_of(text))), None)
    )
    months = [found for text in (*texts, name) if (found := month_said(text)) is not None]
    as_of = next(((y or year, m) for y, m in months if y or year), None)
    return Lines(year, as_of, unit, unit_from, " ".join(texts), tuple(texts))  # type: ignore[arg-type]


def _said_of_all(table: Table, lines: Lines, known: Known) -> Table:
    """The table with what its titles say of its rows; below 补充协议 every row is one."""
    table = replace(table, meanings=_meanings(table, known), defaults=_defaults(table, lines, known))
    if table.defaults.get("合同类型") != SUPPLEMENT or table.column("合同类型"):
        return table
    rest = {field: word for field, word in table.defaults.items() if field != "合同类型"}
    return replace(table, defaults=rest, supplements=frozenset(table.data_rows()))


def _meanings(table: Table, known: Known) -> dict[str, tuple[str, str]]:
    """What each group title says for its rows; where nothing else names the unit, an unknown title does."""
    titles = dict.fromkeys(title for group in table.groups.values() for title in group)
    found = {title: meaning for title in titles if (meaning := field_of_title(title, known)) is not None}
    has_unit = any(table.column(field) for field in UNITS) or any(f == "责任单位" for f, _ in found.values())
    everywhere = len(table.groups) == len(table.data_rows())
    if table.kind is Kind.projects and everywhere:
        found |= _of_siblings(table, found)
    if table.kind is Kind.projects and not has_unit and everywhere:
        found |= {title: ("责任单位", title) for title in titles if title not in found}
    return found


def _of_siblings(table: Table, known: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Titles of one level say the same of their rows: what some of them say for certain, the others say too.

    Below chains whose names nobody knows there are still segments, which tell what the titles are.
    """
    found: dict[str, tuple[str, str]] = {}
    for level in range(max(map(len, table.groups.values()), default=0)):
        titles = {group[level] for group in table.groups.values() if len(group) > level}
        said = {known[title][0] for title in titles if title in known}
        if not said and table.column("链上环节"):
            said = {"产业链"}
        field = said.pop() if len(said) == 1 else ""
        if field in _ANY_NAME and not table.column(field):
            found |= {title: (field, title) for title in titles if title not in known}
    return found


def _defaults(table: Table, lines: Lines, known: Known) -> dict[str, str]:
    """What the sheet's name, its title or the line of who reports says for all rows."""
    if table.kind is not Kind.projects:
        return {}
    found: dict[str, str] = {}
    for text in (table.sheet, *lines.texts):
        if re.search(
            r"[:：]\s*\S", text
        ):  # 制表单位：招商中心 says who made the table, not whose the rows are
            continue
        meaning = field_of_title(text, known)
        if meaning is not None:
            found.setdefault(*meaning)
    for text in lines.texts:
        label, _, rest = flat(text).partition(":")
        if label in _REPORTED_BY and (name := rest.replace("(盖章)", "").replace("(公章)", "")):
            found.setdefault("责任单位", name)
    return found


def _rivalry(table: Table, guesses: Mapping[int, tuple[str, int, How]]) -> Iterator[Doubt]:
    """Columns that claim one field equally well, where the wrong choice would change a figure."""
    bottom = table.head_rows[1]
    for field, claimed in rivals(table.columns, guesses).items():
        chosen = any(c.how in (How.told, How.remembered) for c in table.columns if c.field == field)
        if table.kind is Kind.projects and not chosen:
            said = "、".join(f"{cell_address(bottom, c.place)}“{c.head}”" for c in claimed)
            message = f"{said} 都像“{field}”，请指定用哪一列"
            yield Doubt(table.sheet, cell_address(bottom, claimed[0].place), claimed[0].head, message)
