"""What pages look like once they are laid out: short last lines, and holes before tables and charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from weasyprint.document import Document
from weasyprint.formatting_structure import boxes

CAPTION = 56
"""Pixels of a chart's figure that its drawing does not take: margins and caption."""
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


MOST_BLANK = 0.25
"""Of a page that may stay blank before a table or a chart."""
LEAST_SCALE = 0.85
"""A chart that needs little more than what is left is drawn smaller, down to this."""
CLOSE = 0.9
"""A table whose rows are set closer is at most so high."""
LEAST_PART = 0.2
"""Of a table's height, for each page when it breaks."""


def waste(content: dict[str, Any], document: Document) -> float:
    """Of all holes before tables and charts the shares of their pages, squared: one large hole is worse than two small."""
    return sum(hole.share**2 for hole in _holes(content, document))


def fill_holes(content: dict[str, Any], document: Document) -> Iterator[dict[str, Any]]:
    """The content in ways that may leave less blank before tables and charts that went to the next page.

    A chart moves before the table that it stands behind, where it fills the hole. Where more than a quarter of
    the page stays blank, a chart moves up or is drawn smaller, text moves before the block, a table is set closer or breaks.
    Tables and charts are numbered apart, and none overtakes its like: no number changes.
    """
    at = places(document)
    for hole in _holes(content, document):
        for found in _filled(hole, at):
            sections = list(content["sections"])
            sections[hole.section] = {**sections[hole.section], "blocks": found}
            yield {**content, "sections": sections}


@dataclass(frozen=True)
class _Hole:
    """What stays blank before a table or chart: its section, the blocks of it, which one, pixels, share of the page."""

    section: int
    blocks: list[dict[str, Any]]
    number: int
    height: float
    share: float


def _holes(content: dict[str, Any], document: Document) -> Iterator[_Hole]:
    at = places(document)
    for section, each in enumerate(content["sections"]):
        blocks = each["blocks"]
        for number in range(1, len(blocks)):
            before, block = at.get(blocks[number - 1]["id"]), at.get(blocks[number]["id"])
            if blocks[number]["kind"] not in ("table", "chart") or before is None or block is None:
                continue
            if block.page == before.page + 1 and before.bottom <= _bottom(document, before.page):
                height = _bottom(document, before.page) - before.bottom
                yield _Hole(
                    section,
                    list(blocks),
                    number,
                    height,
                    height / document.pages[before.page]._page_box.height,
                )


def _bottom(document: Document, page: int) -> float:
    box = document.pages[page]._page_box
    return float(box.content_box_y() + box.height)


def _filled(hole: _Hole, at: dict[str, Place]) -> Iterator[list[dict[str, Any]]]:
    """The blocks of the section with this hole filled, by the mildest means first."""
    blocks, number = hole.blocks, hole.number
    block, rest = blocks[number], blocks[number + 1 :]
    if block["kind"] == "table":
        beside = [b for b in rest[:2] if b["kind"] in ("note", "chart")]
        chart = beside[-1] if beside and beside[-1]["kind"] == "chart" else None
        if chart and chart["id"] in at and _height(at, chart) <= hole.height:
            yield _moved(blocks, number, [chart])
    if hole.share > MOST_BLANK:
        yield from _chart_filled(hole, at) if block["kind"] == "chart" else ()
        after = rest[1:] if rest and rest[0]["kind"] == "note" else rest
        texts = list(takewhile(lambda b: b["kind"] == "p", after))
        if texts:
            yield _moved(blocks, number, texts)
        part = hole.height / _height(at, block)
        if block["kind"] == "table" and part >= CLOSE:
            yield [*blocks[:number], {**block, "close": True}, *rest]
        elif block["kind"] == "table" and LEAST_PART <= part <= 1 - LEAST_PART:
            yield [*blocks[:number], {**block, "breaks": True}, *rest]


def _chart_filled(hole: _Hole, at: dict[str, Place]) -> Iterator[list[dict[str, Any]]]:
    """A chart before so much of the text in front of it that it fits; before its table, set closer; drawn smaller."""
    blocks, number, room = hole.blocks, hole.number, hole.height
    chart, needed = blocks[number], _height(at, blocks[number])
    for place in range(number - 1, 0, -1):
        before = blocks[place]
        if before["kind"] != "p" or at[before["id"]].page != at[blocks[number - 1]["id"]].page:
            break
        room += _height(at, before)
        if room >= needed:
            yield _moved(blocks, place, [chart])
            break
    table = number - (2 if blocks[number - 1]["kind"] == "note" else 1)
    if table > 0 and blocks[table]["kind"] == "table":
        closer = {**blocks[table], "close": True}
        yield [*blocks[:table], chart, closer, *blocks[table + 1 : number], *blocks[number + 1 :]]
    scale = (hole.height - CAPTION) / (needed - CAPTION)
    if scale >= LEAST_SCALE:
        yield [*blocks[:number], {**chart, "scale": round(scale - 0.01, 2)}, *blocks[number + 1 :]]


def _height(at: dict[str, Place], block: dict[str, Any]) -> float:
    return at[block["id"]].bottom - at[block["id"]].top


def _moved(blocks: list[dict[str, Any]], number: int, these: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*blocks[:number], *these, *(b for b in blocks[number:] if b not in these)]
