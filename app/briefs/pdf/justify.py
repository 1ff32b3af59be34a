"""Even justification of Chinese lines for WeasyPrint, whose own stretches spaces only.

The slack of a line is shared by all gaps between its ideographs, as extra letter-spacing. Pango drops
half a share at both ends of a run of text; with a link in a line the gap at the link's border would
vanish. So the halves are given back by moving what follows. The text itself is unchanged.

This leans on private functions of WeasyPrint 70 (``justify_line``, ``Layout.set_text``): ``install``
refuses any other version, and a test reads the right edges of a printed page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi, pango

VERSION = "70."
_SPREAD = re.compile(
    "[\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6“”‘’…— \u00a0]+"
)
"""Ideographs and their punctuation: what may be spread."""
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")

_stretch_spaces = inline.justify_line
_set_text = line_break.Layout.set_text


def install() -> None:
    """Put the justification in place, once. Raises ``RuntimeError`` with another WeasyPrint."""
    if not weasyprint.__version__.startswith(VERSION):
        raise RuntimeError(
            f"justification is written for WeasyPrint {VERSION}x, not {weasyprint.__version__}"
        )
    inline.justify_line = _justify_line
    line_break.Layout.set_text = _set_spread_text


def _set_spread_text(layout: Any, text: str, justify: bool = False) -> None:
    """``Layout.set_text`` that spreads ideographs by ``layout.spread`` when it draws a justified line."""
    _set_text(layout, text, justify)
    spread = getattr(layout, "spread", 0)
    if not (justify and spread and layout.text):
        return
    spacing = layout.style["letter_spacing"]
    own = 0 if spacing == "normal" else spacing
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for match in _SPREAD.finditer(layout.text):
        attribute = pango.pango_attr_letter_spacing_new(int((own + spread) * TO_UNITS))
        attribute.start_index = len(layout.text[: match.start()].encode())
        attribute.end_index = len(layout.text[: match.end()].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)


def _justify_line(context: Any, line: Any, extra_width: float) -> None:
    """Spread a line of ideographs over ``extra_width``; other lines as WeasyPrint does."""
    texts = [box for box in _text_boxes(line) if box.text]
    if not any(_IDEOGRAPH.search(box.text) for box in texts):
        _stretch_spaces(context, line, extra_width)
        return
    texts[-1].text = texts[-1].text.rstrip(" ") or texts[-1].text
    gaps = sum(_gaps(box.text) for box in texts) - _half(texts[0].text[0]) - _half(texts[-1].text[-1])
    if gaps >= 1:
        _Spreader(context, texts, extra_width / gaps).walk(line, 0)


def _text_boxes(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            yield from _text_boxes(child)


def _gaps(text: str) -> int:
    return sum(len(run) for run in _SPREAD.findall(text))


def _half(character: str) -> float:
    return 0.5 if _SPREAD.match(character) else 0


class _Spreader:
    """Walks through one line from left to right and moves each box by what was added before it."""

    def __init__(self, context: Any, texts: list[Any], spread: float) -> None:
        self.context, self.spread = context, spread
        self.first, self.last = texts[0], texts[-1]

    def walk(self, box: Any, advance: float) -> float:
        """Spread ``box``, which begins ``advance`` further right than laid out; the advance after it."""
        if isinstance(box, boxes.TextBox):
            return self._spread_text(box, advance)
        if not isinstance(box, boxes.LineBox | boxes.InlineBox):
            box.translate(advance, 0)
            return advance
        box.position_x += advance
        start = advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = self.walk(child, advance)
        box.width += advance - start
        return advance

    def _spread_text(self, box: Any, advance: float) -> float:
        gaps = _gaps(box.text) if box.text else 0
        if not gaps:
            box.position_x += advance
            return advance
        grown = self._redraw(box)
        left, right = self._lost_halves(box, gaps * self.spread - grown)
        box.position_x += advance + left
        box.width += grown
        return advance + left + grown + right

    def _redraw(self, box: Any) -> float:
        """Give the box a spread layout; by how much it grew."""
        layout = line_break.create_layout(box.text, box.style, self.context, None, 0)
        before, _height = line_break.line_size(layout.get_first_line()[0], box.style)
        layout.spread = self.spread
        layout.set_text(box.text, justify=True)
        after, _height = line_break.line_size(layout.get_first_line()[0], box.style)
        layout.deactivate()
        box.pango_layout = layout
        return float(after - before)

    def _lost_halves(self, box: Any, lost: float) -> tuple[float, float]:
        """What Pango dropped at both ends of the run, as space before and after the box."""
        first, last = bool(_half(box.text[0])), bool(_half(box.text[-1]))
        if not (first or last):
            return 0, 0
        left, right = lost * first / (first + last), lost * last / (first + last)
        return (0 if box is self.first else left), (0 if box is self.last else right)
