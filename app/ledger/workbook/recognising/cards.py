"""Project cards (项目信息卡): a label on the left, its value on the right; laid out as a table, a card a row.

A table that stands on its side, fields down and projects across, is the same with a card in every column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from app.kernel.text import clean
from app.ledger.rules.heads import field_of_head
from app.ledger.rules.values import is_nothing
from app.ledger.workbook.cells import EMPTY, Cell, Sheet
from app.ledger.workbook.recognising.grid import Grid

Place = tuple[int, int]
Card = list[tuple[str, Cell, Place]]
"""Labels with their values and where these stand."""
_LONGEST = 30
_FEWEST = 3
"""So many fields one below the other make a column of labels, where little else stands in it,"""
_SURELY = 5
"""and so many whatever else does."""


def laid_out(sheet: Sheet) -> Sheet | None:
    """The cards of a sheet as a table whose cells know where they came from; None for a sheet without any."""
    grid = Grid(sheet)
    labels = _label_columns(grid)
    names = [row for row in range(grid.first, grid.last + 1) if _names_project(grid, row, labels)]
    if not names:
        return None
    first = _top(grid, names[0], grid.first)
    if across := _across(grid, min(labels), names):
        rows = range(first, grid.last + 1)
        columns = (_column(grid, rows, min(labels), place) for place in across)
        return _table(grid, first, dict(enumerate(columns, first + 1)))
    before = [grid.first, *(row + 1 for row in names)]
    starts = [_top(grid, row, lowest) for row, lowest in zip(names, before, strict=False)]
    cards: dict[int, Card] = {}
    lists: dict[tuple[str, ...], list[Card]] = {}
    for start, following in zip(starts, [*starts[1:], grid.last + 1], strict=True):
        rest = set(range(start, following))
        listed = {head: list(_listed(grid, head, following)) for head in rest if _is_list_head(grid, head)}
        rest -= {row for head, rows in listed.items() for row in (head, *(row for row, _ in rows))}
        card = cards[start + 1] = list(_pairs(grid, labels, sorted(rest)))
        named = [part for part in card if _field(part[0]) == "项目名称"][:1]
        for head, parts in listed.items():
            key = tuple(grid.text(head, place) for place in grid.filled(head))
            lists.setdefault(key, []).extend([*named, *part] for _, part in parts)
    return _table(grid, first, cards, lists.values())


def unread(sheet: Sheet, laid: Sheet) -> list[Place]:
    """The numbers on a sheet of cards that no label names: nobody can say what they are."""
    known, first = set(laid.origins.values()), min(row for row, _ in laid.origins.values())
    return [
        (row, place)
        for row, cells in enumerate(sheet.rows, sheet.first_row)
        for place, cell in enumerate(cells, 1)
        if row >= first and isinstance(cell.value, Decimal) and (row, place) not in known
    ]


def _label(text: str) -> tuple[str, str]:
    """The label in a cell, and what stands behind its colon."""
    label, _, value = clean(text).replace("：", ":").partition(":")
    return label.strip(), value.strip()


def _field(text: str) -> str:
    label = _label(text)[0]
    known = field_of_head((label,)) if 0 < len(label) <= _LONGEST else None
    return known[0] if known else ""


def _label_columns(grid: Grid) -> set[int]:
    """The columns in which names of fields stand one below the other, several different ones."""
    found = set()
    for place in range(1, min(grid.width, 12) + 1):
        texts = [text for row in range(grid.first, grid.last + 1) if (text := grid.text(row, place))]
        fields = [known for text in texts if (known := _field(text))]
        if len(set(fields)) >= (_FEWEST if len(fields) * 2 >= len(texts) else _SURELY):
            found.add(place)
    return found


def _names_project(grid: Grid, row: int, labels: set[int]) -> bool:
    """Whether a project is named here: 项目名称 as a label, with a value that is no label itself."""
    for place in labels:
        if _field(grid.text(row, place)) == "项目名称":
            value = _label(grid.text(row, place))[1] or next(
                (grid.text(row, p) for p in grid.filled(row) if p > place), ""
            )
            return bool(value) and not _field(value)
    return False


def _top(grid: Grid, row: int, lowest: int) -> int:
    """The first row of a card: labels above the project's name belong to it unless another card ends there."""
    top = row
    while (
        top - 1 >= lowest
        and len(grid.filled(top - 1)) >= 2
        and _field(grid.text(top - 1, grid.filled(top - 1)[0]))
    ):
        top -= 1
    return row if top == lowest and lowest > grid.first else top


def _across(grid: Grid, label: int, names: list[int]) -> list[int]:
    """The columns with a project each, where the fields stand one below the other in one column alone."""
    if len(names) > 1:
        return []
    filled = [place for place in grid.filled(names[0]) if place > label]
    rows = [row for row in range(grid.first, grid.last + 1) if grid.text(row, label)]
    filled = [p for p in filled if sum(bool(grid.text(row, p)) for row in rows) >= _FEWEST]
    return filled if len(filled) > 1 and not any(_field(grid.text(names[0], p)) for p in filled) else []


def _column(grid: Grid, rows: range, label: int, place: int) -> Card:
    """The card in one column of a table on its side."""
    return [
        (_label(grid.text(row, label))[0], cell, (row, place))
        for row in rows
        if grid.text(row, label) and not (cell := grid.at(row, place)).is_empty
    ]


def _is_list_head(grid: Grid, row: int) -> bool:
    """到账日期 | 到账金额 | 凭证号: heads of a small table among the labels."""
    fields = [_field(grid.text(row, place)) for place in grid.filled(row)]
    return len(fields) > 1 and all(fields) and "到账日期" in fields


def _listed(grid: Grid, head: int, following: int) -> Iterator[tuple[int, Card]]:
    """The rows below the heads of a small table, up to an empty row or the next label."""
    heads = {place: grid.text(head, place) for place in grid.filled(head)}
    for row in range(head + 1, following):
        filled = grid.filled(row)
        if not filled or _field(grid.text(row, filled[0])) or filled == [1]:
            return
        yield row, [(heads[p], grid.at(row, p), (row, p)) for p in filled if p in heads]


def _pairs(grid: Grid, labels: set[int], rows: list[int]) -> Iterator[tuple[str, Cell, Place]]:
    """The labels of a card, each with the next cell to its right that is no label."""
    for row in rows:
        filled = grid.filled(row)
        for place, following in zip(filled, [*filled[1:], 0], strict=False):
            label, value = _label(grid.text(row, place))
            if value and _field(label):
                yield label, Cell(value), (row, place)
            elif place in labels and following and following not in labels:
                yield label, grid.at(row, following), (row, following)


def _table(grid: Grid, first: int, cards: dict[int, Card], lists: Iterable[list[Card]] = ()) -> Sheet | None:
    """The heads in row ``first``, each card in the row given, the lines above as they are; the lists of cards below."""
    lines = {row: [cell for cell in grid.cells(row) if not cell.is_empty] for row in range(grid.first, first)}
    origins: dict[Place, Place] = {}
    _lay(lines, origins, first, cards)
    for rows in lists:
        start = max(*lines, grid.last) + 2
        _lay(lines, origins, start, dict(enumerate(rows, start + 1)))
    width = max(map(len, lines.values()))
    every = [lines.get(row, []) for row in range(min(lines), max(lines) + 1)]
    every = [[*row, *[EMPTY] * (width - len(row))] for row in every]
    return replace(
        grid.sheet, first_row=min(lines), rows=every, merged=(), hidden_rows=frozenset(),
        hidden_columns=frozenset(), origins=origins,
    )  # fmt: skip


def _lay(
    lines: dict[int, list[Cell]], origins: dict[Place, Place], first: int, cards: Mapping[int, Card]
) -> None:
    """Put down the heads and below them the cards."""
    heads: dict[str, int] = {}
    for card in cards.values():
        for label, _, _ in card:
            heads.setdefault(label, len(heads) + 1)
    lines[first] = [Cell(label) for label in heads]
    for row, card in cards.items():
        line = lines[row] = [EMPTY] * len(heads)
        for label, cell, place in card:
            origins.setdefault((row, heads[label]), place)
            if line[heads[label] - 1] is EMPTY and not is_nothing(cell.value):
                line[heads[label] - 1] = cell
