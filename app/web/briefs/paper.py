"""A document as the editor shows it: outline, paragraphs with their state, numbers with their source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.briefs.models import BriefDocument, BriefParagraph
from app.briefs.operations.documents import moved_since, printable
from app.briefs.queries import list_paragraphs
from app.briefs.rules import OPENING, SECTIONS, Moved, check_snapshot, numbers, unbound, write_brief
from app.briefs.rules.runs import plain
from app.figures.rules import CATALOGUE
from app.web.figures.register import REGISTER

Data = dict[str, Any]
WINDOWS = {
    "month": "本月",
    "ytd": "累计",
    "last_year_ytd": "上年同期",
    "yoy": "同比",
    "target": "年度目标",
    "done": "完成率",
    "ahead": "超（欠）进度",
    "all": "历年累计",
    "rate": "占比",
    "month_delta": "比上月",
}
OTHERS = {
    "signed.average": "新签约单个项目平均总投资",
    "funds.rate": "资金到位率",
    "slow.rate": "资金到位率",
    "funds.rank": "到位资金位次",
    "funds_pending.count": "待审核到账",
    "funds_pending.amount": "待审核到账",
    "funds_returned.count": "退回待补正到账",
    "funds_returned.amount": "退回待补正到账",
}


@dataclass(frozen=True)
class Number:
    """One number of the paper: its text, the page of its rows, what it is called, and what it is now."""

    address: str
    text: str
    name: str
    code: str
    places: int
    moved: Moved | None


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

    @property
    def moved_places(self) -> int:
        """In how many places the paper is behind the records."""
        return sum(number.places for number in self.moved)

    def is_moved(self, run: dict[str, str]) -> bool:
        """Whether the number is worded differently now."""
        return any(m.address == run["u"] and m.before == run["t"] for m in self.moved)

    def title_of(self, run: dict[str, str]) -> str:
        """What the number is, for the pointer."""
        name, code = said(run["u"])
        return f"{name}（{code}）" if code else name


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
        numbers=_numbers(shown, changed),
        moved=changed,
        failed=check_snapshot(snapshot),
        typed=[
            text
            for block in prose
            if block.get("edited") or block.get("free")
            for text in unbound(block["text"])
        ],
    )


def said(address: str) -> tuple[str, str]:
    """Name and code of the figure behind an address: ("到位资金　累计　招商一部", "funds.amount")."""
    parts = urlsplit(address)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    if not parts.path.startswith("/figures/"):
        return "项目", ""
    code = parts.path.removeprefix("/figures/")
    known = CATALOGUE.get(code) or REGISTER.get(code)
    name = known.name if known else OTHERS.get(code, "明细")
    window = WINDOWS.get(query.pop("w", ""), "")
    query.pop("month", None)
    query.pop("basis", None)
    narrowed = [value for key, value in query.items() if key != "project"]
    return "　".join([name, *([window] if window else []), *narrowed]), code


def _numbers(shown: Any, changed: list[Moved]) -> list[Number]:
    """Every number once, moved ones first, in the order of the pages."""
    by_text = {(m.address, m.before): m for m in changed}
    places: dict[tuple[str, str], int] = {}
    for run in numbers(shown):
        key = (run["u"], run["t"])
        places[key] = places.get(key, 0) + 1
    found = [
        Number(address, text, *said(address), places=count, moved=by_text.get((address, text)))
        for (address, text), count in places.items()
        if address.startswith("/figures/")
    ]
    return sorted(found, key=lambda number: number.moved is None)


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
