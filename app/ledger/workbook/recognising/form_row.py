"""One record of a recognised ledger in the words of the product's own form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.ledger.rules.columns import SheetForm
from app.ledger.workbook.cells import Cell

AMOUNT = "折人民币（万元）"
WHO = ("项目编号", "项目名称", "投资方名称")


@dataclass(slots=True)
class FormRow:
    """One row in our own form: cells and columns by our heads; ``extra`` by the ledger's own heads.

    ``block`` counts the tables of the file. ``no_column`` names the dates for which the table has no column at all. An
    arrival of a month has ``month``; where it stands in a column of its own, its project is the one of the same row.
    ``is_rest`` marks the money of a year up to that month, of which what is on record already is left out.
    """

    form: SheetForm
    sheet: str
    row: int
    cells: dict[str, Cell]
    columns: dict[str, int]
    extra: dict[str, str] | None = None
    month: tuple[int, int] | None = None
    no_column: frozenset[str] = frozenset()
    block: int = 0
    also: list[tuple[int, int]] = field(default_factory=list)
    """Other places, by block and row, where the same project stands."""
    in_list: bool = False
    """An arrival in a row of its own."""
    owner: int | None = None
    """The row of its project, for an arrival or a 补充协议 that stands with its project."""
    is_rest: bool = False
    origins: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """Of a card that was laid out as a row: where a cell, by row and column, stands in the file."""
    as_of: tuple[int, int] | None = None

    @property
    def places(self) -> list[tuple[int, int]]:
        """By block and row, all places where the record stands."""
        return [(self.block, self.row), *self.also]
