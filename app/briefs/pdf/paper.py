"""The paper edition: text, annexes and end block put together, a long ledger by two processes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from weasyprint.document import Document, Page

from app.briefs.pdf.apart import Apart
from app.briefs.pdf.document import OPTIONS, Part, draw_in, layouts, paragraphs_of
from app.briefs.pdf.embedded import attachments
from app.briefs.pdf.finish import write_once
from app.briefs.pdf.joining import join, write_part
from app.briefs.pdf.pages import fill_holes
from app.briefs.pdf.sheets import Sheet, cut

APART_FROM = 7
"""A ledger of so many sheets is set by two processes: below that the second one gains nothing."""
OWN_SHARE = 0.4
"""Of the sheets, for the process that also sets the text."""

LayOut = Callable[..., Document]


class SheetsDoNotFitError(Exception):
    """A sheet of the ledger took more than its page."""


def print_paper(snapshot: dict[str, Any], faces: dict[str, Path], missing: set[str]) -> tuple[bytes, int]:
    """The PDF and its number of pages, an even one: the end block (版记) lies on the back of the last sheet."""
    lay_out = layouts(snapshot, faces, missing)
    with suppress(SheetsDoNotFitError):
        return _Paper(snapshot, lay_out, planned=True).print()
    return _Paper(snapshot, lay_out, planned=False).print()


class _Paper:
    """One way through the brief. Paragraphs whose last line would be too short are drawn in."""

    def __init__(self, snapshot: dict[str, Any], lay_out: LayOut, *, planned: bool) -> None:
        self._snapshot, self._lay_out = snapshot, lay_out
        self._more: dict[str, Any] = {"content": snapshot["content"], "tight": {}}
        self._last = len(snapshot["content"]["annexes"]) - 1
        self._sheets = _sheets_of(snapshot["content"]) if planned else {}
        self._pages: list[Page] = []
        self._apart: Apart | None = None
        self._apart_place = self._apart_pages = 0

    def print(self) -> tuple[bytes, int]:
        """Raises ``SheetsDoNotFitError`` when the ledger was cut too long."""
        self._begin_apart()
        text = self._text()
        self._pages = list(text.pages)
        part = Part(opens=True, ends=self._last < 0)
        begins = 0
        for number in range(self._last + 1):
            begins, part = len(self._pages), Part(annexes=(number,), ends=number == self._last)
            self._pages += self._annex(part, number)
        self._end_on_the_back(part, begins)
        document = text.copy(self._pages)
        document.metadata.attachments = attachments(self._snapshot)
        content: bytes = document.write_pdf(finisher=write_once, **OPTIONS)
        if self._apart:
            content = join(content, self._apart_result(), self._apart_place)
        return content, self._count()

    def _end_on_the_back(self, part: Part, begins: int) -> None:
        """Try the last part more tightly, then the end block on a page of its own, until the pages are even."""
        if len(self._pages) - begins > 1 and self._last > 0:
            tighter = self._lay(replace(part, compact=True), begins)
            if len(tighter) < len(self._pages) - begins:
                self._pages[begins:] = tighter
        for trial in (replace(part, end_apart=True), replace(part, end_apart=True, blank=True)):
            if self._count() % 2:
                self._pages[begins:] = self._lay(trial, begins)

    def _begin_apart(self) -> None:
        """Have the last sheets of a long ledger set by a second process, unless the end block follows on them."""
        for number, sheets in self._sheets.items():
            if len(sheets) >= APART_FROM and number != self._last:
                own = round(len(sheets) * OWN_SHARE)
                self._sheets[number], far = sheets[:own], sheets[own:]
                part = Part(annexes=(number,), sheets=far, goes_on=True)
                self._apart_pages = len(far)
                self._apart = Apart(partial(_set_apart, self._lay_out, dict(self._more), part))
                return

    def _text(self) -> Document:
        part = Part(opens=True, ends=self._last < 0)
        content = self._more["content"]
        self._more["tight"] = draw_in(self._lay_out, paragraphs_of(content))
        text = self._lay_out("brief.html", **self._more, part=part)
        fuller = fill_holes(content, text)
        if fuller is None:
            return text
        self._more["content"] = fuller
        return self._lay_out("brief.html", **self._more, part=part)

    def _annex(self, part: Part, number: int) -> list[Page]:
        sheets = self._sheets.get(number, ())
        far = self._apart if len(self._pages) and sheets and not self._apart_place else None
        if far:
            self._apart_place = len(self._pages) + len(sheets)
            far.begin_after(self._apart_place)
        pages = self._lay(replace(part, sheets=sheets), len(self._pages), passed=not far)
        if sheets and len(pages) != len(sheets):
            raise SheetsDoNotFitError
        return pages

    def _lay(self, part: Part, begins: int, *, passed: bool = True) -> list[Page]:
        before = begins + (self._apart_pages if passed and self._apart_place else 0)
        pages: list[Page] = self._lay_out("brief.html", after=lambda: before, **self._more, part=part).pages
        return pages

    def _count(self) -> int:
        return len(self._pages) + self._apart_pages

    def _apart_result(self) -> bytes:
        found = self._apart.result() if self._apart else b""
        if not found:
            raise SheetsDoNotFitError
        return found


def _sheets_of(content: dict[str, Any]) -> dict[int, tuple[Sheet, ...]]:
    """The ledger's sheets by the place of its annex; only of an annex that holds nothing else."""
    blocks = {number: annex["blocks"] for number, annex in enumerate(content["annexes"])}
    return {
        number: tuple(cut(found[0]))
        for number, found in blocks.items()
        if len(found) == 1 and found[0]["kind"] == "ledger"
    }


def _set_apart(lay_out: LayOut, more: dict[str, Any], part: Part, after: Callable[[], int]) -> bytes:
    """In the second process: the PDF of these sheets; nothing when one of them needs more than its page."""
    document = lay_out("brief.html", after=after, **more, part=part)
    if len(document.pages) != len(part.sheets):
        return b""
    content: bytes = document.write_pdf(finisher=write_part, **OPTIONS)
    return content
