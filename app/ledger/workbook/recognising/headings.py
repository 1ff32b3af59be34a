"""Where a table's heads stand, and what each column is called below its group heads."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from app.ledger.rules.heads import UNIT_FACTORS, field_of_head, flat
from app.ledger.rules.spans import period_of
from app.ledger.rules.values import is_nothing
from app.ledger.workbook.recognising.grid import Grid

LOOK_AT = 40
"""Rows from the top among which the heads are sought."""
DEEPEST = 4
_NUMBER = re.compile(r"[\d,.]+")
_UNIT_LINE = re.compile(r"^[(（]?(?:金额|计量|货币)?单位[:：]")
_SAYS = re.compile(r"[:：].")
_GROUP = re.compile(
    r"(?:19|20)\d{2}年|到位|到资|资金|投资|就业|用地|完成|计划|实际|其中|时间|情况|领导|单位|责任|联系|进度|企业|项目|基本|信息|产值|产业"
)


def find_heads(grid: Grid) -> tuple[int, int] | None:
    """First and last row of the heads; None when no row looks like heads."""
    best, best_score = 0, 0.0
    for row in range(grid.first, min(grid.first + LOOK_AT, grid.last + 1)):
        score = head_score(grid, row)
        if score > best_score:
            best, best_score = row, score
    if best_score < 2:
        return None
    top, bottom = best, best
    while top > grid.first and best - top < DEEPEST - 1 and _is_group_row(grid, top - 1, top):
        top -= 1
    while bottom < grid.last and bottom - top < DEEPEST - 1 and _is_sub_row(grid, bottom + 1, top, bottom):
        bottom += 1
    return top, bottom


def head_score(grid: Grid, row: int) -> float:
    """How many different fields the row's texts name; months count a little."""
    fields: set[str] = set()
    months, others = 0, 0
    for place in grid.filled(row):
        value = grid.at(row, place).value
        if not isinstance(value, str):
            others += 1
            continue
        if len(value) > 60:
            return 0
        known = field_of_head((value,))
        if _says_value(value):
            others += 1
        elif known is not None:
            fields.add(known[0])
        elif period_of((value,)) is not None:
            months += 1
    if others > len(fields) + months:
        return 0
    goals = 1 if "指标" in fields and len(fields) < len(grid.filled(row)) else 0
    said = min(months, 1) * 6 + min(months, 12) * 4
    return goals + len(fields) - ("序号" in fields) * 0.5 + said / 10 - others * 0.5


def _says_value(text: str) -> bool:
    """Whether a cell names a field and its value: 项目名称：电池项目 is on a card, no head."""
    label, _, value = flat(text).partition(":")
    return bool(value) and value not in UNIT_FACTORS and field_of_head((label,)) is not None


def _is_group_row(grid: Grid, row: int, below: int) -> bool:
    """Whether ``row`` holds group heads of the heads below, not a title or a unit line."""
    places = [place for place in grid.filled(row) if not is_unit_line(grid.at(row, place).value)]
    if not places:
        return False
    if _names_only(grid, row, places) and not set(places) & set(grid.filled(below)):
        return True
    wide = 0
    for place in places:
        value = grid.at(row, place).value
        if not isinstance(value, str) or len(value) > 40 or _SAYS.search(flat(value)):
            return False
        rows, columns = grid.span(row, place)
        if columns >= max(grid.width * 0.7, 3) and len(places) == 1:
            return False
        if rows > 1 or (columns > 1 and len(places) > 1) or period_of((value,)) or _GROUP.search(flat(value)):
            wide += 1
    below_places = grid.filled(below)
    if len(places) == 1 and (places[0] == min(below_places, default=0) or places[0] == 1):
        return False
    return wide == len(places) or (len(places) >= 3 and head_score(grid, row) >= 2)


def _names_only(grid: Grid, row: int, places: list[int]) -> bool:
    """Whether the row holds a few plain heads, one of them the project's name, above heads of months alone."""
    fields = [field_of_head((grid.text(row, place),)) for place in places]
    return all(fields) and any(field and field[0] == "项目名称" for field in fields)


def _is_sub_row(grid: Grid, row: int, top: int, bottom: int) -> bool:
    """Whether ``row`` still belongs to the heads: its texts stand under a group head, the rest is empty."""
    places = grid.filled(row)
    merged_into = {
        column
        for (above, left), (end, right) in grid.top_left.items()
        if top <= above <= bottom and end >= row
        for column in range(left, right + 1)
    }
    if not places:
        return bool(merged_into)
    if all(_is_closed(grid, place, bottom) for place in places):
        return False
    heads = 0
    for place in places:
        value = grid.at(row, place).value
        if place in merged_into or _is_wider(grid, row, place, bottom):
            return False
        if isinstance(value, dt.date):
            heads += value.day == 1
            continue
        if not isinstance(value, str) or len(value) > 40:
            return False
        is_month = period_of((value,)) is not None
        if _NUMBER.fullmatch(flat(value)) and not is_month:
            return False
        heads += is_month or field_of_head((value,)) is not None or _is_short(value)
    if heads < len(places):
        return False
    name = next(
        (
            p
            for p in grid.filled(bottom)
            if (field_of_head((grid.text(bottom, p),)) or ("",))[0] == "项目名称"
        ),
        None,
    )
    under_group = [
        p
        for p in places
        if not grid.text(bottom, p) or grid.span(bottom, p)[1] > 1 or _opens(grid, bottom, p)
    ]
    return (name is None or name not in places) and len(under_group) == len(places)


def _is_closed(grid: Grid, place: int, bottom: int) -> bool:
    """Whether a head over one column was merged down to ``bottom``: what stands below it is no part of it."""
    return any(
        left == right == place and above < end == bottom
        for (above, left), (end, right) in grid.top_left.items()
    )


def _is_wider(grid: Grid, row: int, place: int, above: int) -> bool:
    """Whether the cell reaches over several heads of the row above: a group title of the records, no head below one."""
    right = place + grid.span(row, place)[1] - 1
    return right > place and any(grid.text(above, column) for column in range(place + 1, right + 1))


def _opens(grid: Grid, row: int, place: int) -> bool:
    """Whether the head at ``place`` is followed by empty ones that have sub-heads."""
    return place < grid.width and not grid.text(row, place + 1) and bool(grid.text(row + 1, place + 1))


def _is_short(text: str) -> bool:
    plain = flat(text)
    return len(plain) <= 12 and not any(sign in plain for sign in "。；")


def head_paths(grid: Grid, top: int, bottom: int) -> dict[int, tuple[str, ...]]:
    """For each column with a head, the group heads above it and the head, from top to bottom."""
    labels: list[dict[int, str]] = []
    for row in range(top, bottom + 1):
        line: dict[int, str] = {}
        for place in range(1, grid.width + 1):
            text = _head_text(grid, row, place)
            if text:
                right = grid.top_left.get((row, place), (row, place))[1]
                for column in range(place, right + 1):
                    line[column] = text
        if row < bottom:
            _spread(grid, line, row, bottom)
        labels.append(line)
    paths = {}
    for place in range(1, grid.width + 1):
        parts = [line[place] for line in labels if place in line]
        path = tuple(part for index, part in enumerate(parts) if index == 0 or part != parts[index - 1])
        if path:
            paths[place] = path
    return paths


def _spread(grid: Grid, line: dict[int, str], row: int, bottom: int) -> None:
    """Carry a group head to the right over columns that have only a sub-head: a file without merged cells."""
    for place in range(2, grid.width + 1):
        if place in line or place - 1 not in line or (row, place - 1) in _closed(grid, row):
            continue
        has_sub = any(grid.text(below, place) for below in range(row + 1, bottom + 1))
        left_sub = any(grid.text(below, place - 1) for below in range(row + 1, bottom + 1))
        if has_sub and left_sub:
            line[place] = line[place - 1]


def _closed(grid: Grid, row: int) -> set[tuple[int, int]]:
    """The right edges of the merged heads of a row: a group head goes no further."""
    return {(row, right) for (top, left), (_, right) in grid.top_left.items() if top == row and right > left}


def _head_text(grid: Grid, row: int, place: int) -> str:
    cell = grid.at(row, place)
    if isinstance(cell.value, dt.date):
        return f"{cell.value.year}年{cell.value.month}月"
    if isinstance(cell.value, Decimal):
        text = f"{cell.value:f}"
        return f"{text}年" if re.fullmatch(r"(?:19|20)\d{2}", text) else text
    return "" if is_nothing(cell.value) or is_unit_line(cell.value) else str(cell.value).strip()


def is_unit_line(value: object) -> bool:
    """单位：万元 in a cell of its own, which is no head."""
    return isinstance(value, str) and _UNIT_LINE.match(flat(value)) is not None
