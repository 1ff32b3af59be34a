"""Reading a printed page back: words with their places in points, as poppler sees them."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

MM = 72 / 25.4


@dataclass(frozen=True)
class Word:
    """A word with its box; y runs downwards."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Line:
    """The words of one line from left to right."""

    page: int
    words: tuple[Word, ...]

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def top(self) -> float:
        return self.words[0].top

    @property
    def height(self) -> float:
        return max(word.bottom - word.top for word in self.words)

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


def text_of(pdf: Path, page: int | None = None) -> str:
    """The text of the PDF without white space."""
    pages = pages_of(pdf)
    return pages[page - 1] if page else "".join(pages)


def pages_of(pdf: Path) -> list[str]:
    """The text of each page without white space."""
    done = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True)
    return [re.sub(r"\s+", "", page) for page in done.stdout.decode().split("\f")[:-1]]


def words_of(pdf: Path) -> list[Word]:
    """All words with their boxes."""
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True)
    root = ElementTree.fromstring(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", done.stdout))  # noqa: S314 - made by poppler from our own file
    found = []
    for number, page in enumerate(root.iter("{http://www.w3.org/1999/xhtml}page"), 1):
        for word in page:
            left, top, right, bottom = (float(word.get(key, "0")) for key in ("xMin", "yMin", "xMax", "yMax"))
            found.append(Word(number, left, top, right, bottom, word.text or ""))
    return found


def lines_of(words: list[Word]) -> list[Line]:
    """Words that stand on one base line, top to bottom."""
    rows: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        rows.setdefault((word.page, round(word.bottom)), []).append(word)
    merged: list[list[Word]] = []
    for key in sorted(rows):
        row = rows[key]
        if merged and merged[-1][0].page == key[0] and abs(merged[-1][0].bottom - row[0].bottom) < 3:
            merged[-1] += row
        else:
            merged.append(list(row))
    return [Line(row[0].page, tuple(sorted(row, key=lambda word: word.left))) for row in merged]
