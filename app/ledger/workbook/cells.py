"""What was read from a workbook: plain values at their addresses, without judgement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from app.kernel.errors import DomainError

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text must not begin with unquoted: a spreadsheet would take it for a formula (stack.md §4.4 row 3)."""
Value = None | str | Decimal | dt.date | dt.datetime | bool


class WorkbookError(DomainError):
    """The file as a whole cannot be read; ``message`` says what to do about it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is stored. With ``problem``, a Chinese sentence, it cannot be trusted and is None.

    Numbers are ``Decimal`` of at most 15 significant digits, which is all that Excel keeps. A date with a
    time other than midnight is a ``datetime``, without zone.
    """

    value: Value = None
    problem: str | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing was written here, and nothing is wrong."""
        return self.value is None and self.problem is None


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows from the first to the last that hold anything, all of one length, from column A on.

    ``first_row`` is the number of ``rows[0]``, counted from 1. Of merged cells only the top left one has a value.
    ``hidden_rows`` and ``hidden_columns`` are counted from 1.
    """

    name: str
    first_row: int
    rows: list[list[Cell]]
    hidden: bool = False
    hidden_rows: frozenset[int] = field(default=frozenset())
    hidden_columns: frozenset[int] = field(default=frozenset())
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged ranges as top, left, bottom, right, counted from 1."""
    origins: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """Of a sheet that was laid out anew: where a cell, by row and column, stands in the file."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """The worksheets in their order; sheets that are only a chart are left out."""

    sheets: list[Sheet]


def cell_address(row: int, column: int) -> str:
    """``B7`` for row 7, column 2. Raises ``ValueError`` for a number below 1."""
    if row < 1 or column < 1:
        raise ValueError(f"no cell at row {row}, column {column}")
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def cell_place(address: str) -> tuple[int, int]:
    """Row and column of ``B7``, counted from 1. Raises ``ValueError`` for what is no address."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(f"no cell {address}")
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(address[len(letters) :] or 0)
    if row < 1 or column < 1:
        raise ValueError(f"no cell {address}")
    return row, column
