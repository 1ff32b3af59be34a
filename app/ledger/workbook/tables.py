"""A table as an .xlsx for download: values only, and text that stays text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Literal

import xlsxwriter

from app.kernel.errors import DomainError
from app.kernel.text import has_control
from app.ledger.workbook.cells import DANGEROUS

MAX_ROWS = 1_000_000
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
HEAD = {**FONT, "bold": True, "align": "center", "text_wrap": True, "border": 1, "bg_color": "#E7EDF5"}
MARK = {"font_name": "宋体", "font_size": 9, "font_color": "#626D80"}
TITLE = {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}

Item = None | str | int | Decimal | dt.date | bool


Kind = Literal["text", "amount", "count", "date", "percent"]
"""What a column holds. A percent is given in points: 30 for 30%."""

NUMBER_FORMATS: dict[Kind, str] = {
    "text": "@",
    "amount": "#,##0.00",
    "count": "#,##0",
    "date": "yyyy-mm-dd",
    "percent": "0.0%",
}
_SUMMED: tuple[Kind, ...] = ("amount", "count")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``head`` names the unit of an amount, as in 合同总投资（万元）. ``width`` is in characters."""

    head: str
    kind: Kind = "text"
    width: float = 12


def write_table(
    stream: IO[bytes],
    *,
    sheet: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Item]],
    title: str | None = None,
    totals: bool | Sequence[Item] = False,
    mark: str = "",
) -> int:
    """Write ``rows`` to ``stream`` as a workbook of one sheet, a row at a time; how many there were.

    Amounts are written as they are given, in the unit that the head names. ``totals`` adds a row 合计: the sums
    of amounts and counts, or the items given. ``mark`` says who made the table and when, below it and at the foot
    of every printed page. Raises ``DomainError`` beyond a million rows.
    """
    with xlsxwriter.Workbook(stream, {**OPTIONS, "constant_memory": True}) as book:
        page = book.add_worksheet(sheet)
        writer = _Writer(book, page, columns)
        top = writer.heads(title)
        summed = writer.rows(top, rows)
        written = writer.next - top
        if totals is not False:
            writer.totals(summed if totals is True else totals)
        writer.mark(mark)
        _prepare_print(page, top, len(columns), mark)
    return written


class _Writer:
    """Writes down the page; ``next`` is the row that comes next, counted from 0."""

    def __init__(self, book: Any, page: Any, columns: Sequence[Column]) -> None:
        self._page = page
        self._columns = columns
        self._title = book.add_format(TITLE)
        self._mark = book.add_format(MARK)
        self._head = book.add_format(HEAD)
        self._cells = {kind: book.add_format(_look(kind)) for kind in NUMBER_FORMATS}
        self._quoted = book.add_format({**_look("text"), "quote_prefix": True})
        self._totals = {
            kind: book.add_format({**_look(kind), "bold": True, "top": 2}) for kind in NUMBER_FORMATS
        }
        self.next = 0

    def heads(self, title: str | None) -> int:
        """Title and heads; the number of rows they take."""
        for place, column in enumerate(self._columns):
            self._page.set_column(place, place, column.width)
        if title is not None:
            self._page.set_row(self.next, 30)
            if len(self._columns) > 1:
                self._page.merge_range(0, 0, 0, len(self._columns) - 1, "", self._title)
            self._page.write_string(self.next, 0, plain(title), self._title)
            self.next += 1
        self._page.set_row(self.next, 32)
        for place, column in enumerate(self._columns):
            self._page.write_string(self.next, place, plain(column.head), self._head)
        self.next += 1
        return self.next

    def rows(self, top: int, rows: Iterable[Sequence[Item]]) -> list[Item]:
        """The rows; the sums of amounts and counts under them."""
        sums = [Decimal() if column.kind in _SUMMED else None for column in self._columns]
        for row in rows:
            if self.next - top >= MAX_ROWS:
                raise DomainError(f"要导出的记录超过 {MAX_ROWS} 行，请先筛选")
            for place, (column, item) in enumerate(zip(self._columns, row, strict=True)):
                self._write(place, column.kind, item, self._cells)
                known = sums[place]
                if known is not None and isinstance(item, (int, Decimal)):
                    sums[place] = known + item
            self.next += 1
        return list(sums)

    def totals(self, items: Sequence[Item]) -> None:
        """The last row, called 合计 in its first cell unless that has an item of its own."""
        for place, (column, item) in enumerate(zip(self._columns, items, strict=True)):
            self._write(place, column.kind, "合计" if place == 0 and item is None else item, self._totals)
        self.next += 1

    def mark(self, text: str) -> None:
        """The line below the table; it begins with 制表, so that an import knows it for a note."""
        if text:
            self._page.write_string(self.next, 0, plain(text), self._mark)
            self.next += 1

    def _write(self, place: int, kind: Kind, item: Item, formats: dict[Kind, Any]) -> None:
        if item is None or item == "":
            self._page.write_blank(self.next, place, None, formats[kind])
        elif isinstance(item, bool):
            self._page.write_string(self.next, place, "是" if item else "否", formats["text"])
        elif isinstance(item, str):
            quoted = item.startswith(DANGEROUS) and formats is self._cells
            self._page.write_string(
                self.next, place, plain(item), self._quoted if quoted else formats["text"]
            )
        elif isinstance(item, dt.date):
            self._page.write_datetime(self.next, place, item, formats["date"])
        else:
            number = Decimal(item) / 100 if kind == "percent" else item
            self._page.write_number(self.next, place, number, formats[kind])


def _look(kind: Kind) -> dict[str, Any]:
    align = {"text_wrap": True} if kind == "text" else {"align": "right"}
    return {**FONT, "num_format": NUMBER_FORMATS[kind], "border": 1, **align}


def _prepare_print(page: Any, top: int, width: int, mark: str) -> None:
    """A4 across, one page wide, heads on every page and in sight while scrolling."""
    page.freeze_panes(top, min(1, width - 1))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, top - 1)
    said = plain(mark).replace("&", "&&")[:200]  # the whole footer holds 255 characters
    page.set_footer(f"{f'&L&8{said}' if said else ''}&C第 &P 页，共 &N 页")


def plain(text: str) -> str:
    """``text`` without control characters; XlsxWriter itself cuts it at the 32,767 that a cell can hold."""
    if not has_control(text):
        return text
    return "".join(character for character in text if not has_control(character))
