"""Several tables on one sheet: one under the other, or side by side. Each is cut out at its old address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.ledger.rules.heads import field_of_head, flat
from app.ledger.rules.spans import month_said, year_of
from app.ledger.workbook.cells import EMPTY, Sheet
from app.ledger.workbook.recognising.grid import Grid
from app.ledger.workbook.recognising.headings import DEEPEST, LOOK_AT, head_score

ENOUGH = 2
LONGEST_HEAD = 60
NAMING = frozenset(("项目名称", "项目编号", "投资方名称", "责任单位", "指标", "单位"))
"""Without one of these no row of a table says what it is about."""


Region = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


def regions(sheet: Sheet) -> list[Region]:
    """The parts of a sheet with one table each; its whole where it has only one."""
    return [
        (top, left, bottom, right)
        for left, right in _sides(sheet)
        for top, bottom in _storeys(_columns(sheet, left, right))
    ]


def part_of(sheet: Sheet, region: Region) -> Sheet:
    """What stands in a region, at its old addresses."""
    top, left, bottom, right = region
    rows = sheet.rows[max(top - sheet.first_row, 0) : bottom - sheet.first_row + 1] if bottom else sheet.rows
    merged = tuple(m for m in sheet.merged if top <= m[0] <= bottom) if bottom else sheet.merged
    if len(rows) == len(sheet.rows):
        return _columns(sheet, left, right) if bottom else sheet
    return _columns(replace(sheet, first_row=top, rows=rows, merged=merged), left, right)


def _sides(sheet: Sheet) -> list[tuple[int, int]]:
    """First and last columns of tables that stand side by side, with an empty column between them."""
    grid = Grid(sheet)
    whole = [(1, max(grid.width, 1))]
    heads = list(_candidates(grid, grid.first + LOOK_AT))
    if not heads:
        return whole
    empty = set(range(1, grid.width + 1))
    for row in range(heads[0], grid.last + 1):
        empty -= {place for place in empty if not grid.at(row, place).is_empty}
        if not empty:
            return whole
    parts: list[tuple[int, int]] = []
    for place in range(1, grid.width + 1):
        if place in empty:
            continue
        if parts and parts[-1][1] == place - 1:
            parts[-1] = parts[-1][0], place
        else:
            parts.append((place, place))
    cut = [Grid(_columns(sheet, *part)) for part in parts]
    return parts if len(parts) > 1 and all(any(_names(each, row) for row in heads) for each in cut) else whole


def _names(grid: Grid, row: int) -> bool:
    fields = {known[0] for p in grid.filled(row) if (known := field_of_head((grid.text(row, p),)))}
    return bool(fields & NAMING) and len(grid.filled(row)) >= 2


def _columns(sheet: Sheet, left: int, right: int) -> Sheet:
    """The sheet with these columns alone, at their old places."""
    if left <= 1 and right >= len(sheet.rows[0] if sheet.rows else ()):
        return sheet
    rows = [
        [cell if left <= place <= right else EMPTY for place, cell in enumerate(row, 1)] for row in sheet.rows
    ]
    merged = tuple(m for m in sheet.merged if left <= m[1] and m[3] <= right)
    return replace(sheet, rows=rows, merged=merged)


def _storeys(sheet: Sheet) -> list[tuple[int, int]]:
    """First and last rows of tables that stand one under the other, each with heads of its own."""
    grid = Grid(sheet)
    starts: list[int] = []
    known: list[int] = []
    for row in _candidates(grid, grid.last + 1):
        if known and (row - known[-1] < DEEPEST or _repeats(grid, row, known[-1]) or not _names(grid, row)):
            continue
        known.append(row)
        starts.append(_with_title(grid, row) if len(known) > 1 else grid.first)
    starts = starts or [grid.first]
    return list(zip(starts, [start - 1 for start in (*starts[1:], grid.last + 1)], strict=True))


def _candidates(grid: Grid, end: int) -> Iterator[int]:
    """Rows that look like heads: near the top, or below a title or an empty row."""
    before = 0
    for row in range(grid.first, min(end, grid.last + 1)):
        said = [cell.value for cell in grid.cells(row) if cell.value is not None]
        near = row < grid.first + LOOK_AT or before <= 2
        texts = near and all(isinstance(value, str) and len(value) <= LONGEST_HEAD for value in said)
        if texts and len(said) >= 2 and head_score(grid, row) >= ENOUGH:
            yield row
        before = len(said)


def _repeats(grid: Grid, row: int, head: int) -> bool:
    """Whether the heads are only printed again, as on a new page, and not for another year."""
    places = grid.filled(row)
    texts = {place: flat(grid.text(row, place)) for place in places}
    same = max(
        sum(flat(grid.text(above, place)) == text for place, text in texts.items())
        for above in range(head, min(head + DEEPEST, row))
    )
    if same * 2 < len(places):
        return False
    title, first = _title(grid, row), _title(grid, head)
    return (year_of(title), month_said(title)) in ((None, None), (year_of(first), month_said(first)))


def _title(grid: Grid, row: int) -> str:
    """The words above the heads, up to the next row with several cells."""
    said = []
    for above in range(row - 1, max(row - 4, grid.first - 1), -1):
        places = grid.filled(above)
        if len(places) > 2:
            break
        said += [grid.text(above, place) for place in places]
    return " ".join(said)


def _with_title(grid: Grid, row: int) -> int:
    """The first row of the title lines above the heads."""
    while row - 1 > grid.first:
        places = grid.filled(row - 1)
        if len(places) > 2 or any(not isinstance(grid.at(row - 1, p).value, str) for p in places):
            break
        row -= 1
    return row
