"""The paper edition: text, annexes and end block put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from weasyprint.document import Document, Page

from app.briefs.pdf.document import OPTIONS, Part, draw_in, layouts, paragraphs_of
from app.briefs.pdf.embedded import attachments
from app.briefs.pdf.finish import write_once
from app.briefs.pdf.ledger import Ledger
from app.briefs.pdf.pages import fill_holes, waste
from app.briefs.pdf.sheets import Sheet

TRIALS = 6
"""So many times the text is laid out again to leave less of its pages blank; most months need none or one."""

LayOut = Callable[..., Document]


def print_paper(snapshot: dict[str, Any], faces: dict[str, Path], missing: set[str]) -> tuple[bytes, int]:
    """The PDF and its number of pages, an even one: the end block (版记) lies on the back of the last sheet."""
    return _Paper(snapshot, layouts(snapshot, faces, missing), missing).print()


class _Paper:
    """One way through the brief. Paragraphs whose last line would be too short are drawn in."""

    def __init__(self, snapshot: dict[str, Any], lay_out: LayOut, missing: set[str]) -> None:
        self._snapshot, self._lay_out, self._missing = snapshot, lay_out, missing
        self._more: dict[str, Any] = {"content": snapshot["content"], "tight": {}}
        self._last = len(snapshot["content"]["annexes"]) - 1
        self._pages: list[Page] = []
        self._ledgers: dict[int, Ledger] = {}

    def print(self) -> tuple[bytes, int]:
        """Bytes and pages."""
        text = self._text()
        self._pages = list(text.pages)
        part = Part(opens=True, ends=self._last < 0)
        begins = 0
        for number in range(self._last + 1):
            begins, part = len(self._pages), self._annex(number)
            self._pages += self._lay(part, begins)
        self._end_on_the_back(part, begins)
        document = text.copy(self._pages)
        document.metadata.attachments = attachments(self._snapshot)
        return document.write_pdf(finisher=write_once, **OPTIONS), len(self._pages)

    def _end_on_the_back(self, part: Part, begins: int) -> None:
        """Try the last part more tightly, then the end block on a page of its own, until the pages are even."""
        if len(self._pages) - begins > 1 and self._last > 0:
            tighter = self._lay(replace(part, compact=True), begins)
            if len(tighter) < len(self._pages) - begins:
                self._pages[begins:] = tighter
        for trial in (replace(part, end_apart=True), replace(part, end_apart=True, blank=True)):
            if len(self._pages) % 2:
                self._pages[begins:] = self._lay(trial, begins)

    def _text(self) -> Document:
        part = Part(opens=True, ends=self._last < 0)
        content = self._more["content"]
        self._more["tight"] = draw_in(self._lay_out, paragraphs_of(content))
        text = self._lay_out("brief.html", **self._more, part=part)
        ways, left = fill_holes(content, text), TRIALS
        while left and (way := next(ways, None)):
            left -= 1
            other = self._lay_out("brief.html", **self._more | {"content": way}, part=part)
            if waste(way, other) < waste(content, text) and len(other.pages) <= len(text.pages):
                content, text = way, other
                ways = fill_holes(content, text)
        self._more["content"] = content
        return text

    def _annex(self, number: int) -> Part:
        part = Part(annexes=(number,), ends=number == self._last)
        blocks = self._snapshot["content"]["annexes"][number]["blocks"]
        if blocks[0]["kind"] != "ledger":
            return part
        set_models = partial(self._set_models, Part(annexes=(number,)))
        ledger = Ledger(blocks[0], self._snapshot["public_url"], self._missing, set_models)
        self._ledgers[number] = ledger
        return replace(part, sheets=tuple(ledger.sheets))

    def _set_models(self, part: Part, models: Sheet) -> Document:
        return self._lay_out("brief.html", **self._more, part=replace(part, models=models))

    def _lay(self, part: Part, begins: int) -> list[Page]:
        pages: list[Page] = self._lay_out("brief.html", before=begins, **self._more, part=part).pages
        for number in part.annexes:
            if number in self._ledgers:
                pages = self._ledgers[number].fill(pages)
        return pages
