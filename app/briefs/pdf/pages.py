"""What pages look like once they are laid out: short last lines, and holes that a chart could fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weasyprint.document import Document
from weasyprint.formatting_structure import boxes

SHORT_LINE = 2
"""A last line of so many characters is drawn in."""


def short_ends(document: Document) -> Iterator[str]:
    """Ids of the paragraphs with several lines whose last one holds one or two characters."""
    lines: dict[str, list[str]] = {}
    for page in document.pages:
        for box in page._page_box.descendants():
            if isinstance(box, boxes.BlockBox) and box.element is not None and box.element.tag == "p":
                found = [_words(line) for line in box.children if isinstance(line, boxes.LineBox)]
                lines.setdefault(box.element.get("id") or "", []).extend(found)
    for key, texts in lines.items():
        if len(texts) > 1 and len(texts[-1].strip()) <= SHORT_LINE:
            yield key


def _words(line: boxes.LineBox) -> str:
    return "".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox))


@dataclass(frozen=True)
class Place:
    """Where a block of the content stands, in CSS pixels from the top of its page."""

    page: int
    top: float
    bottom: float


def places(document: Document) -> dict[str, Place]:
    """The place of each block by its id; of a block on several pages the first part."""
    found: dict[str, Place] = {}
    for number, page in enumerate(document.pages):
        for box in page._page_box.descendants():
            key = (
                box.element.get("id") if isinstance(box, boxes.BlockBox) and box.element is not None else None
            )
            if key and key not in found:
                found[key] = Place(number, box.position_y, box.position_y + box.margin_height())
    return found


def fill_holes(content: dict[str, Any], document: Document) -> dict[str, Any] | None:
    """The content with charts moved before the table that went to the next page, where they fill the hole it left.

    None when no chart can. Tables and charts are numbered apart, so no number changes.
    """
    at, moved = places(document), False
    sections = []
    for section in content["sections"]:
        blocks = list(section["blocks"])
        for number, block in enumerate(blocks):
            rest = [b for b in blocks[number + 1 : number + 3] if b["kind"] in ("note", "chart")]
            chart = rest[-1] if rest and rest[-1]["kind"] == "chart" else None
            if (
                number
                and block["kind"] == "table"
                and chart
                and _fits(at, blocks[number - 1], block, chart, document)
            ):
                blocks.remove(chart)
                blocks.insert(number, chart)
                moved = True
                break
        sections.append({**section, "blocks": blocks})
    return {**content, "sections": sections} if moved else None


def _fits(at: dict[str, Place], before: Any, table: Any, chart: Any, document: Document) -> bool:
    """Whether the table begins a page, and the chart is no taller than what is left below ``before``."""
    if any(block["id"] not in at for block in (before, table, chart)):
        return False
    above, below, drawn = at[before["id"]], at[table["id"]], at[chart["id"]]
    if below.page != above.page + 1:
        return False
    page = document.pages[above.page]._page_box
    return bool(drawn.bottom - drawn.top <= page.content_box_y() + page.height - above.bottom)
