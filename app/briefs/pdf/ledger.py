"""The ledger of projects: sheet by sheet a table whose rows are copies of a few that the engine laid out.

The engine lays out the pages with an empty place for each sheet. The tables are put there afterwards, and it
draws, links and tags them like its own; only their rules are drawn as whole lines instead of cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from weasyprint import draw
from weasyprint.document import Document, Page
from weasyprint.formatting_structure import boxes
from weasyprint.layout.background import layout_box_backgrounds

from app.briefs.pdf.cells import Form, Forms, Line, Model, Rules
from app.briefs.pdf.sheets import Data, Row, Sheet, cut, rows_of

PLACE = "sheet"
"""The class of the places."""
SLACK = 1
"""Pixels of a page that stay free: the outer rule is thicker than the others."""

_draw_cell_by_cell = draw.draw_collapsed_borders


def install() -> None:
    """Have the rules of ledgers drawn as whole lines."""
    draw.draw_collapsed_borders = _draw_rules


def _draw_rules(stream: Any, table: Any) -> None:
    if not hasattr(table, "rules"):
        _draw_cell_by_cell(stream, table)
        return
    with stream.artifact(), stream.stacked():
        stream.set_color(table.rules_color, stroke=True)
        for width, lines in table.rules.items():
            stream.set_line_width(width)
            for x1, y1, x2, y2 in lines:
                stream.move_to(x1, y1)
                stream.line_to(x2, y2)
            stream.stroke()


Found = tuple[Data, Model, list[Line]]
"""A cell, what it takes after, and its lines."""


class Ledger:
    """One ledger: its sheets, and how they come to their places."""

    def __init__(
        self, block: Data, public_url: str, missing: set[str], lay_out: Callable[[Sheet], Document]
    ) -> None:
        """``lay_out`` gives the pages of the annex with its heading and a table of some rows."""
        self._public_url, self._forms = public_url, Forms(missing)
        rows = list(rows_of(block))
        shown = list(self._forms.models(rows))
        self._models: dict[Form, Model] = {}
        self._row: Any = None
        self._take(shown, [page._page_box for page in lay_out(Sheet(shown)).pages])
        self.sheets = cut(((row, self._height(row)) for row in rows), self._first_room, self._room)
        for sheet in self.sheets:
            sheet.height += self._head

    def _take(self, shown: list[Row], pages: list[Any]) -> None:
        """Models, rules and room from what the engine laid out."""
        wrappers = [box for page in pages for box in page.descendants() if box.is_table_wrapper]
        self._wrapper, self._table = wrappers[0], wrappers[0].get_wrapped_table()
        laid_out = [row for each in wrappers for row in each.get_wrapped_table().children[-1].children]
        for row, self._row in zip(shown, laid_out, strict=True):
            for form, cell in zip(self._forms.of(row), self._row.children, strict=True):
                self._models.setdefault(form, Model(cell, plain=form.plain))
        down, across = self._table.collapsed_border_grid
        (_score, (_style, self._outer, self._color)), (_score, (_style, self._inner, _color)) = down[0][:2]
        self._above_sum = across[-2][0][1][1]
        top = self._wrapper.position_y
        self._head = self._table.children[-1].position_y - top + self._outer / 2
        self._room = pages[0].height - self._head - SLACK
        self._first_room = self._room - (top - pages[0].content_box_y())

    def _height(self, row: Row) -> float:
        """As it stands between others."""
        above = self._above_sum if row.kind == "sum" else self._inner
        return _needed(list(self._cells(row))) + (above + self._inner) / 2

    def _cells(self, row: Row) -> Iterator[Found]:
        for cell, form in zip(row.all_cells, self._forms.of(row), strict=True):
            model = self._models[form]
            yield cell, model, model.lines(cell)

    def fill(self, pages: list[Page]) -> list[Page]:
        """The pages with the sheets in their places."""
        sheets = iter(self.sheets)
        for page in pages:
            for parent, number in list(_places(page._page_box)):
                children = list(parent.children)
                children[number] = self._set(next(sheets), children[number].position_y, page._page_box)
                parent.children = children
        return [Page(page._page_box) for page in pages]

    def _set(self, sheet: Sheet, top: float, page: Any) -> Any:
        down = top - self._wrapper.position_y
        head = self._table.children[0].deepcopy()
        head.translate(0, down)
        body = self._table.children[-1].copy()
        body.position_y = head.position_y + head.height
        kinds = [row.kind for row in sheet.rows]
        between = [self._above_sum if kind == "sum" else self._inner for kind in kinds] + [self._outer]
        body.children, ends = [], body.position_y
        for row, (above, below) in zip(sheet.rows, pairwise(between), strict=True):
            body.children.append(self._set_row(row, ends, above, below, page))
            ends += body.children[-1].height
        body.height = ends - body.position_y
        table = self._table.copy_with_children([head, body])
        table.position_y += down
        table.height = ends - head.position_y
        table.rules, table.rules_color = self._rules(table, between), self._color
        wrapper = self._wrapper.copy_with_children([table])
        wrapper.position_y, wrapper.height = top, table.height + self._outer
        return wrapper

    def _set_row(self, row: Row, top: float, above: float, below: float, page: Any) -> Any:
        cells = list(self._cells(row))
        rules = Rules(above, below, _needed(cells) + (above + below) / 2)
        box = self._row.copy_with_children(
            [model.set(cell, lines, self._public_url, top, rules) for cell, model, lines in cells]
        )
        box.position_y, box.height = top, rules.height
        if row.kind:
            for child in box.children:
                layout_box_backgrounds(page, child, None, layout_children=False)
        return box

    def _rules(self, table: Any, between: list[float]) -> dict[float, list[tuple[float, ...]]]:
        """Lines by their thickness: across whole, down from row to row where cells meet."""
        rows = [row for group in table.children for row in group.children]
        xs = [*table.column_positions, table.column_positions[-1] + table.column_widths[-1]]
        left, right = xs[0] - self._outer / 2, xs[-1] + self._outer / 2
        found: dict[float, list[tuple[float, ...]]] = {self._inner: [], self._above_sum: [], self._outer: []}
        ys = [row.position_y for row in rows] + [rows[-1].position_y + rows[-1].height]
        for y, width in zip(ys, [self._outer, *between], strict=True):
            found[width].append((left, y, right, y))
        for number, x in enumerate(xs):
            outer = number in (0, len(xs) - 1)
            found[self._outer if outer else self._inner] += _down(x, number, rows, all_of_them=outer)
        return found


def _down(x: float, number: int, rows: list[Any], *, all_of_them: bool) -> list[tuple[float, ...]]:
    """The lines between columns where a cell begins with the column of this number."""
    lines: list[tuple[float, ...]] = []
    for row in rows:
        if all_of_them or any(cell.grid_x == number for cell in row.children):
            top = lines.pop()[1] if lines and lines[-1][3] == row.position_y else row.position_y
            lines.append((x, top, x, row.position_y + row.height))
    return lines


def _needed(cells: list[Found]) -> float:
    """How high the highest of a row's cells is without rules."""
    return max(model.height(lines) + model.around for _cell, model, lines in cells)


def _places(box: Any) -> Iterator[tuple[Any, int]]:
    """The parents of the places, and which of their children they are."""
    for number, child in enumerate(box.children):
        if isinstance(child, boxes.ParentBox):
            if child.element is not None and child.element.get("class") == PLACE:
                yield box, number
            else:
                yield from _places(child)
