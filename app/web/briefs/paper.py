"""A document as the editor shows it: outline, paragraphs with their state, numbers with their source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.models import BriefComment, BriefDocument, BriefParagraph
from app.briefs.operations.documents import moved_since, printable
from app.briefs.queries import list_paragraphs
from app.briefs.queries.documents import list_comments
from app.briefs.rules import (
    OPENING,
    SECTIONS,
    Moved,
    check_snapshot,
    numbers,
    unbound,
    unwritten,
    write_brief,
)
from app.briefs.rules.runs import plain
from app.web.briefs.sources import Number, numbers_of

Data = dict[str, Any]


@dataclass(frozen=True)
class Left:
    """A generated paragraph that is not printed, and how it begins."""

    key: str
    version: int
    begins: str


@dataclass(frozen=True)
class Paper:
    """Everything the editor shows."""

    content: Data
    versions: dict[str, int]
    """Of the paragraphs somebody wrote, by key; 0 for the others."""
    written: dict[str, BriefParagraph]
    left_out: dict[str, list[Left]]
    """By section."""
    numbers: list[Number]
    moved: list[Moved]
    failed: list[str]
    typed: list[str]
    """Amounts that somebody typed: they have no rows."""
    comments: list[BriefComment]
    """What is open first."""

    @property
    def moved_places(self) -> int:
        """In how many places the paper is behind the records."""
        return sum(number.places for number in self.moved)

    def is_moved(self, run: dict[str, str]) -> bool:
        """Whether the number is worded differently now."""
        return any(m.address == run["u"] and m.before == run["t"] for m in self.moved)

    def title_of(self, run: dict[str, str]) -> str:
        """What the number is, for the pointer."""
        number = self._by_address.get(run["u"])
        return f"{number.name}（{number.code}）" if number else "项目"

    @cached_property
    def _by_address(self) -> dict[str, Number]:
        return {number.address: number for number in self.numbers}

    @property
    def open_comments(self) -> int:
        """How many nobody has settled."""
        return sum(row.resolved_at is None for row in self.comments)

    def comments_on(self, key: str) -> int:
        """How many open ones a paragraph has."""
        return sum(row.resolved_at is None and row.key == key for row in self.comments)

    def begins(self, key: str) -> str:
        """How the paragraph begins, for the list of comments; it may be gone."""
        block = next((b for b in _blocks(self.content) if b.get("key") == key), None)
        return plain(block["text"])[:16] + "…" if block else "（已不在正文）"


def lay_paper(session: Session, zone: Zone, document: BriefDocument, *, public_url: str) -> Paper:
    """The document with what the records say now; a final one is not compared any more."""
    snapshot = printable(session, document)
    content = snapshot["content"]
    rows = list_paragraphs(session, document)
    changed = (
        [] if document.state.is_final else moved_since(session, zone, document, public_url=public_url)[0]
    )
    shown = [content["opening"], content["sections"]]
    prose = [b for b in _blocks(content) if b["kind"] == "p"]
    return Paper(
        content=content,
        versions={row.key: row.version for row in rows},
        written={row.key: row for row in rows},
        left_out=_left_out(document, rows),
        numbers=numbers_of(shown, changed, snapshot),
        moved=changed,
        failed=check_snapshot(snapshot) + unwritten(block["text"] for block in prose),
        typed=[
            text
            for block in prose
            if block.get("edited") or block.get("free")
            for text in unbound(block["text"])
        ],
        comments=list_comments(session, document),
    )


def _left_out(document: BriefDocument, rows: list[BriefParagraph]) -> dict[str, list[Left]]:
    gone = {row.key: row for row in rows if row.left_out}
    if not gone:
        return {}
    generated = {b["key"]: b for b in _blocks(write_brief(document.snapshot)) if "key" in b}
    result: dict[str, list[Left]] = {}
    for key, row in gone.items():
        begins = plain(generated[key]["text"])[:24] if key in generated else ""
        result.setdefault(row.section, []).append(Left(key, row.version, begins))
    return result


def _blocks(content: Data) -> list[Data]:
    return [*content["opening"], *(block for section in content["sections"] for block in section["blocks"])]


def section_states(document: BriefDocument, paper: Paper) -> list[Data]:
    """The outline: the opening, then each section with its heading and whether it needs somebody."""
    headings = {section["key"]: section for section in paper.content["sections"]}
    result = [
        {"key": OPENING, "name": "导语", "on": True, "moved": _moved_in(paper, paper.content["opening"])}
    ]
    for entry in document.outline:
        section = headings.get(entry["key"])
        result.append(
            {
                "key": entry["key"],
                "name": section["heading"] if section else entry["name"],
                "on": entry["on"],
                "own": entry["key"] not in SECTIONS,
                "empty": section is None,
                "moved": _moved_in(paper, section["blocks"]) if section else False,
            }
        )
    return result


def _moved_in(paper: Paper, blocks: Any) -> bool:
    return any(paper.is_moved(run) for run in numbers(blocks))
