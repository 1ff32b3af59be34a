"""Cells of the ledger that are set without the engine's cascade and layout: each takes after one that it set.

Cells of one form (kind of row, column, class, padding, linked or not) differ only in their words. So the
engine lays out one of each, and the others are copies of its boxes with words and places of their own. What
is not plain words (a sign from the fallback face, a second line in small type) is a form by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.text import line_break
from weasyprint.urls import get_link

from app.briefs.pdf.sheets import Data, Row

FREE = {"right": 1.0, "center": 0.5}
"""How much of the room that a line leaves lies before it."""


class Shaped(line_break.Layout):
    """A line of text that stays as it is until it is drawn."""

    def deactivate(self) -> None:
        """Nothing: it is drawn soon."""

    def reactivate(self, style: Any) -> None:
        """Nothing: it is as it was."""


@dataclass(frozen=True)
class Form:
    """What cells have in common that differ only in their ``plain`` words; ``look`` is the whole cell when it has others."""

    kind: str
    place: int
    look: str
    plain: bool


@dataclass(frozen=True)
class Line:
    """One line of a cell as the engine's text layout has it."""

    layout: Any
    width: float


@dataclass(frozen=True)
class Rules:
    """The thickness of a row's rules, and how far their middles are apart."""

    above: float
    below: float
    height: float


class Forms:
    """The forms of a ledger's cells; ``missing`` are the signs that need the fallback face."""

    def __init__(self, missing: set[str]) -> None:
        self._missing = missing

    def of(self, row: Row) -> list[Form]:
        """The form of each cell of ``row``."""
        return [self._form(row.kind, place, cell) for place, cell in enumerate(row.all_cells)]

    def models(self, rows: Iterable[Row]) -> Iterator[Row]:
        """As few rows as show every form."""
        seen: set[Form] = set()
        for row in rows:
            forms = self.of(row)
            if not seen.issuperset(forms):
                seen.update(forms)
                yield row

    def _form(self, kind: str, place: int, cell: Data) -> Form:
        text = words_of(cell)
        if text is None or not self._missing.isdisjoint(text):
            return Form(kind, place, json.dumps(cell), plain=False)
        linked = isinstance(cell["r"][0], dict)
        return Form(kind, place, f"{cell['c']} {cell['p']} {linked}", plain=True)


def words_of(cell: Data) -> str | None:
    """The text of a cell that holds nothing but one run of it, without spaces or signs that the engine would alter."""
    if len(cell["r"]) != 1 or cell["s"]:
        return None
    run = cell["r"][0]
    text: str = run if isinstance(run, str) else run["t"]
    return text if text and text.isprintable() and text == " ".join(text.split(" ")).strip() else None


class Model:
    """A cell that the engine laid out, and what others of its form make of it."""

    def __init__(self, box: Any, *, plain: bool) -> None:
        self.box, self._plain = box, plain
        self._broken: dict[str, list[Line]] = {}
        self.around = box.style["padding_top"].value + box.style["padding_bottom"].value

    @cached_property
    def _line(self) -> Any:
        return self.box.children[0]

    @cached_property
    def _text(self) -> Any:
        inline = self._line.children[0]
        return inline if isinstance(inline, boxes.TextBox) else inline.children[0]

    def lines(self, cell: Data) -> list[Line]:
        """The lines of the cell's words; none when it is a form by itself."""
        text = words_of(cell) if self._plain else None
        if text is None:
            return []
        if text not in self._broken:
            self._broken[text] = list(self._break(text))
        return self._broken[text]

    def height(self, lines: list[Line]) -> float:
        """Of the content."""
        return float(len(lines) * self._line.height if lines else self.box.height)

    def _break(self, text: str) -> Iterator[Line]:
        style = self._text.style
        whole = Shaped(style)
        whole.set_text(text)
        first, _more = whole.get_first_line()
        width, _height = line_break.line_size(first, style)
        if width <= self.box.width or style["white_space"] == "nowrap":
            yield Line(whole, width)
            return
        left: str | None = text
        while left:
            layout, _length, resume, width, *_rest = line_break.split_first_line(
                left, style, None, self.box.width, 0
            )
            yield Line(layout, width)
            left = left.encode()[resume:].decode().lstrip(" ") if resume else None

    def set(self, cell: Data, lines: list[Line], link_base: str, top: float, rules: Rules) -> Any:
        """The boxes of a cell whose row begins at ``top``."""
        box, content = self.box.copy(), self.height(lines)
        box.position_y, box.height = top, content
        box.border_top_width, box.border_bottom_width = rules.above / 2, rules.below / 2
        spare = rules.height - (rules.above + rules.below) / 2 - content - self.around
        box.padding_top = box.style["padding_top"].value + spare / 2
        box.padding_bottom = box.style["padding_bottom"].value + spare / 2
        start = box.content_box_y()
        if lines:
            run = cell["r"][0]
            link = get_link(link_base + run["u"], None) if isinstance(run, dict) else None
            step = self._line.height
            box.children = [self._set_line(line, link, start + n * step) for n, line in enumerate(lines)]
        else:
            box.children = [child.deepcopy() for child in self.box.children]
            for child in box.children:
                child.translate(0, start - self.box.content_box_y())
        return box

    def _set_line(self, line: Line, link: Any, top: float) -> Any:
        down = top - self._line.position_y
        before = max(0, self.box.width - line.width) * FREE.get(self.box.style["text_align_all"], 0)
        left = self.box.content_box_x() + before
        text = self._text.copy_with_text(line.layout.text)
        text.pango_layout, text.width = line.layout, line.width
        text.position_x, text.position_y = left, text.position_y + down
        inline = text
        if link:
            inline = self._line.children[0].copy_with_children([text])
            inline.link, inline.width = link, line.width
            inline.position_x, inline.position_y = left, inline.position_y + down
        found = self._line.copy_with_children([inline])
        found.position_y = top
        return found
