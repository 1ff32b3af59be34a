"""Targets of a recognised table, each in a row of the product's own form."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.ledger.rules.indicators import TARGET_LABELS, indicator_of
from app.ledger.rules.recognition import RowKind, Table
from app.ledger.rules.values import is_nothing
from app.ledger.workbook.cells import EMPTY, Cell
from app.ledger.workbook.recognising.grid import Grid
from app.ledger.workbook.recognising.targets import TARGET, UNIT_TARGET, WHOLE, unit_name

Goal = tuple[int, dict[str, Cell], dict[str, int]]
"""The row, its cells and their columns by our heads."""


def goal_rows(grid: Grid, table: Table) -> Iterator[Goal]:
    """One target for every unit and indicator of a table with one of them across; none for a list of targets."""
    if table.column(UNIT_TARGET):
        yield from _units_across(grid, table)
    elif table.column(TARGET):
        yield from _indicators_across(grid, table)


def _units_across(grid: Grid, table: Table) -> Iterator[Goal]:
    labels = table.column("指标")
    for row in table.data_rows() if labels is not None else []:
        said = grid.text(row, labels.place) if labels is not None else ""
        label, own = _meaning(said)
        for column in table.columns:
            cell = grid.at(row, column.place)
            if column.field == UNIT_TARGET and not _is_none(cell):
                unit = own or column.unit or table.unit
                yield (
                    row,
                    _goal(table, unit_name(column.path[-1]), label, cell, unit),
                    {"目标值": column.place},
                )


def _indicators_across(grid: Grid, table: Table) -> Iterator[Goal]:
    """A row for each unit; the row of the sum is the whole zone's, unless that has a row of its own."""
    units = table.column("责任单位")
    if units is None:
        return
    names = {
        row: unit_name(grid.text(row, units.place))
        for row in table.data_rows()
        if grid.text(row, units.place)
    }
    sums = [row for row, kind in table.rows.items() if kind is RowKind.total]
    if WHOLE not in names.values():
        names |= dict.fromkeys(sums[:1], WHOLE)
    for row, name in sorted(names.items()):
        for column in table.columns:
            cell = grid.at(row, column.place)
            if column.field == TARGET and not _is_none(cell):
                places = {"责任单位": units.place, "目标值": column.place}
                yield row, _goal(table, name, column.samples[0], cell, column.unit), places


def _goal(table: Table, name: str, label: str, cell: Cell, unit: str | None) -> dict[str, Cell]:
    year = Cell(None if table.year is None else Decimal(table.year))
    return {"年度": year, "责任单位": Cell(name), "指标": Cell(label), "目标值": cell, "单位": Cell(unit)}


def _is_none(cell: Cell) -> bool:
    return not cell.problem and (is_nothing(cell.value) or cell.value == 0)


def _meaning(said: str) -> tuple[str, str | None]:
    """The indicator in our words and its unit; as it is written when it is none of ours."""
    if said in TARGET_LABELS:
        return said, "个" if said.endswith("项目数") else None
    return indicator_of((said,)) or (said, None)


def complete_goal(cells: dict[str, Cell], table: Table) -> None:
    """Year and unit of a listed target from title and indicator, the indicator in our own words."""
    if cells.get("年度", EMPTY).is_empty and table.year is not None:
        cells["年度"] = Cell(Decimal(table.year))
    said, name = cells.get("指标", EMPTY).value, cells.get("责任单位", EMPTY).value
    label, own = _meaning(said) if isinstance(said, str) else ("", None)
    if label:
        cells["指标"] = Cell(label)
    if cells.get("单位", EMPTY).is_empty and (own or table.unit):
        cells["单位"] = Cell(own or table.unit)
    if isinstance(name, str):
        cells["责任单位"] = Cell(unit_name(name))
