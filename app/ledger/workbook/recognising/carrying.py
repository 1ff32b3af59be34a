"""Values that a ledger writes once for the rows of a block: merged cells, and cells left empty below the first."""

from __future__ import annotations

from collections.abc import Iterable

from app.ledger.rules.recognition import Column, RowKind
from app.ledger.rules.synonyms import CHAIN_AND_SEGMENT, UNIT_AND_OFFICER
from app.ledger.rules.values import is_nothing
from app.ledger.workbook.recognising.columns import MONEY
from app.ledger.workbook.recognising.grid import Grid

UNITS = ("责任单位", UNIT_AND_OFFICER)
COUNTED = MONEY | {"用地面积", "带动就业"}
"""What is written once for several projects cannot be each one's own: never carried."""
BLOCKS = frozenset((*UNITS, "落地片区", "产业链", CHAIN_AND_SEGMENT, "当前阶段"))


def carried_cells(
    grid: Grid, columns: Iterable[Column], kinds: dict[int, RowKind], name: int | None
) -> dict[tuple[int, int], int]:
    """For each empty cell whose value stands further up, the row where it stands."""
    data = [row for row, kind in kinds.items() if kind is RowKind.data]
    found: dict[tuple[int, int], int] = {}
    for column in columns:
        for row in data if column.field not in COUNTED else ():
            source = grid.merged_from.get((row, column.place))
            if (
                source is not None
                and grid.at(row, column.place).is_empty
                and not grid.at(source, column.place).is_empty
            ):
                found[row, column.place] = source
        if column.field in UNITS or (column.field in BLOCKS and name is not None and column.place < name):
            found |= _blocks(grid, column, kinds, found)
    return found


def _blocks(
    grid: Grid, column: Column, kinds: dict[int, RowKind], merged: dict[tuple[int, int], int]
) -> dict[tuple[int, int], int]:
    """A column in which a value stands only in the first row of its block; a value that is only missing is not one."""
    found: dict[tuple[int, int], int] = {}
    last: int | None = None
    before, filled = "", 0
    for row, kind in kinds.items():
        if kind in (RowKind.subtotal, RowKind.total, RowKind.group):
            last, before = None, ""
        if kind is not RowKind.data or (row, column.place) in merged:
            continue
        value = grid.at(row, column.place)
        if value.problem or not is_nothing(value.value):
            text = grid.text(row, column.place)
            if text == before:
                return {}
            last, before, filled = row, text, filled + 1
        elif value.is_empty and last is not None:
            found[row, column.place] = last
            before = ""
    enough = column.field in UNITS or filled <= len(found)
    return found if enough else {}
