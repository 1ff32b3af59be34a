"""Reading the cells of one row; every objection is kept with the address of its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from app.kernel.errors import DomainError
from app.kernel.money import parse_fen, parse_number, to_fen
from app.kernel.periods import parse_day
from app.kernel.text import clean, has_control
from app.ledger.rules.report import Problem, Question
from app.ledger.workbook import Cell, cell_address

Value = TypeVar("Value")
EMPTY = frozenset({"", "-", "—", "–", "/", "无", "－", "——"})
"""What officials type for "nothing" (domain.md §4.3)."""


class CellReader:
    """One row: asks for values by head, and collects what is wrong instead of stopping at the first.

    ``answer`` gives what somebody has chosen for a question, None while nobody has.
    """

    def __init__(
        self,
        row: int,
        cells: dict[str, Cell],
        columns: Mapping[str, int],
        answer: Callable[[Question], str | None] = lambda _question: None,
        odd: frozenset[str] = frozenset(),
        sheet: str = "",
        origins: Mapping[tuple[int, int], tuple[int, int]] | None = None,
    ) -> None:
        self._origins = origins or {}
        self.sheet, self.row = sheet, row
        self.odd = odd
        """Heads whose amount is out of scale with its column."""
        self._cells = cells
        self._columns = columns
        self._answer = answer
        self.problems: list[Problem] = []
        self.questions: list[Question] = []
        self.undecided = False
        self.assumed: frozenset[str] = frozenset()
        """Heads under which the row says nothing and a value was filled in."""

    def ask(
        self,
        code: str,
        head: str,
        message: str,
        choices: tuple[tuple[str, str], ...],
        old: str = "",
        new: str = "",
    ) -> str:
        """What was chosen; while nobody has chosen, the first of ``choices``, and the row is not written."""
        question = Question(code, head, self.address(head), message, choices, old, new)
        self.questions.append(question)
        chosen = self._answer(question)
        if chosen is None:
            self.undecided = True
            return choices[0][0]
        return chosen

    def address(self, head: str) -> str:
        """The cell under ``head``; empty for a head that is not in the file."""
        column = self._columns.get(head)
        return cell_address(*self._origins.get((self.row, column), (self.row, column))) if column else ""

    def leave_out(self, head: str) -> None:
        """Take the cell for an empty one: what is stored stays."""
        self._cells.pop(head, None)

    def refuse(self, head: str, message: str) -> None:
        """Object to the cell under ``head``; a head that is not in the file means the row as a whole."""
        problem = Problem(self.address(head), head, message, self.peek(head))
        if problem not in self.problems:
            self.problems.append(problem)

    def blank(self, head: str) -> bool:
        """Whether nothing is said under ``head``."""
        cell = self._cells.get(head)
        if cell is None or cell.problem:
            return cell is None
        value = cell.value
        return value is None or (isinstance(value, str) and value.strip() in EMPTY)

    def peek(self, head: str) -> str:
        """The cell as text for a label, without judging it; empty when there is none."""
        cell = self._cells.get(head)
        return "" if cell is None or cell.value is None else clean(str(cell.value))[:60]

    def peek_fen(self, head: str) -> int | None:
        """The amount of a cell that holds a number of 万元, without judging it."""
        value = self._cells[head].value if head in self._cells else None
        return to_fen(value, "万元") if isinstance(value, Decimal) and value.is_finite() else None

    def peek_day(self, head: str) -> dt.date | None:
        """The day of a cell that holds one, without judging it."""
        value = self._cells[head].value if head in self._cells else None
        return value if isinstance(value, dt.date) else None

    def text(self, head: str, *, longest: int, required: bool = False) -> str | None:
        """Text; a number is taken as it is written."""
        return self._take(head, lambda value: self._text(value, longest), required)

    def choice(self, head: str, names: Mapping[str, Value], *, required: bool = False) -> Value | None:
        """One of ``names``."""

        def read(value: object) -> Value:
            word = clean(str(value))
            if word not in names:
                raise DomainError(f"“{word[:20]}”无法识别，可填：{'、'.join(names)}")
            return names[word]

        return self._take(head, read, required)

    def parsed(self, head: str, parse: Callable[[str], Value]) -> Value | None:
        """Text that ``parse`` understands."""
        return self._take(head, lambda value: parse(self._text(value, 200)), False)

    def day(self, head: str, *, required: bool = False) -> dt.date | None:
        """A day, as a date cell or as text."""

        def read(value: object) -> dt.date:
            if isinstance(value, dt.datetime):
                return value.date()
            if isinstance(value, dt.date):
                return value
            return parse_day(self._text(value, 40))

        return self._take(head, read, required)

    def fen(self, head: str, unit: str = "万元", *, required: bool = False) -> int | None:
        """An amount in ``unit`` as whole fen; a unit in the cell wins."""
        return self._take(
            head,
            lambda value: (
                to_fen(value, unit) if isinstance(value, Decimal) else parse_fen(self._text(value, 40), unit)
            ),
            required,
        )

    def number(self, head: str, *, places: int, required: bool = False) -> Decimal | None:
        """A number that is not negative, with at most ``places`` decimals."""

        def read(value: object) -> Decimal:
            number = value if isinstance(value, Decimal) else parse_number(self._text(value, 40))
            if number < 0:
                raise DomainError("不能为负数，请核对")
            if number != round(number, places):
                raise DomainError(f"最多保留 {places} 位小数" if places else "应为整数，请核对")
            return number

        return self._take(head, read, required)

    def _take(self, head: str, read: Callable[[object], Value], required: bool) -> Value | None:
        cell = self._cells.get(head)
        if cell is not None and cell.problem:
            self.refuse(head, cell.problem)
            return None
        if cell is None or self.blank(head):
            if required:
                self.refuse(head, f"请填写{head}")
            return None
        try:
            return read(cell.value)
        except DomainError as error:
            self.refuse(head, error.message)
            return None

    @staticmethod
    def _text(value: object, longest: int) -> str:
        text = f"{value:f}" if isinstance(value, Decimal) else clean(str(value))
        if has_control(text):
            raise DomainError("含有不可见字符，请重新输入")
        if len(text) > longest:
            raise DomainError(f"超过 {longest} 字，请缩短")
        return text
