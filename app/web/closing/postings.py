"""Entries in the words of the field: what is new, and what corrects earlier months, from which value to which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.journal.queries import Only, Posting, Tally
from app.journal.rules import FactKind, Why
from app.kernel.money import amount_text, in_unit
from app.kernel.periods import Month
from app.web.lists import PAGE

Fetch = Callable[[Only, int, int], list[Posting]]
"""Entries from an offset on, at most so many."""
FIELDS = {
    "project_id": "所属项目",
    "on_day": "日期",
    "counts": "计数口径",
    "amount_fen": "金额",
    "big": "亿元以上",
    "ended_on": "终止日期",
    "unit_id": "责任单位",
    "area_id": "落地片区",
    "chain_id": "产业链",
    "segment_id": "链上环节",
    "industry": "行业",
    "origin": "来源地",
    "source": "资金来源",
    "investor_type": "企业性质",
    "output_fen": "预计年产值",
}


@dataclass(frozen=True)
class Line:
    """One entry as it is shown; ``amount_fen`` with its sign."""

    entry: Posting
    word: str
    look: str
    amount_fen: int
    unit: str
    reason: str


@dataclass(frozen=True)
class Told:
    """What is needed to put entries into words: the month, the names of units, and whether it is the first close."""

    month: Month
    units: Mapping[int, str]
    first: bool

    def only(self, args: MultiDict[str, str]) -> Only:
        """What the address asks for: ``?only=corrected`` or a kind of fact; anything else is everything."""
        text = args.get("only", "")
        if text == "corrected":
            return Only(corrected=True, since=self.month.window.start)
        return Only(kind=FactKind(text)) if text in list(FactKind) else Only()

    def lines(self, entries: list[Posting]) -> list[Line]:
        """The entries in words; a reversal and its new entry stand one after the other."""
        found = []
        for place, entry in enumerate(entries):
            beside = (
                entries[place + 1 : place + 2] if entry.sign == -1 else entries[max(0, place - 1) : place]
            )
            other = beside[0] if beside and _pairs(entry, beside[0]) else None
            found.append(self._line(entry, other))
        return found

    def page(self, fetch: Fetch, only: Only, page: int) -> list[Line]:
        """One page; a pair that the edge of the page divides is told from both of its entries."""
        start = (page - 1) * PAGE
        lead = min(start, 1)
        lines = self.lines(fetch(only, start - lead, PAGE + lead + 1))
        return lines[lead : lead + PAGE]

    def _line(self, entry: Posting, other: Posting | None) -> Line:
        new = entry.sign == 1
        word = ("新增" if entry.why is Why.new else "重记") if new else "冲销"
        look = "w" if not new else "a" if entry.why is Why.changed else ""
        unit = self.units.get(entry.unit_id, "")
        return Line(entry, word, look, entry.sign * entry.amount_fen, unit, self._reason(entry, other))

    def _reason(self, entry: Posting, other: Posting | None) -> str:
        if entry.why is Why.removed:
            return "原记录作废、撤销或不再计入"
        if entry.why is Why.new:
            if entry.on_day >= self.month.window.start:
                return "本月发生"
            return "首次关账，接入以前的数" if self.first else "以前月份的事，本月补记"
        before, after = (other, entry) if entry.sign == 1 else (entry, other)
        names = [name for name in entry.changed.split(",") if name]
        if not before or not after:
            return "更正" + "、".join(FIELDS[name] for name in names)
        return "更正" + "，".join(self._change(name, before, after) for name in names)

    def _change(self, name: str, before: Posting, after: Posting) -> str:
        label = FIELDS[name]
        if name in ("on_day", "ended_on"):
            old, new = getattr(before, name), getattr(after, name)
            return f"{label} {old or '无'} → {new or '无'}"
        if name == "amount_fen":
            old, new = amount_text(before.amount_fen, "万元"), amount_text(after.amount_fen, "万元")
            return f"{label} {old} → {new} 万元"
        if name == "unit_id":
            return f"{label} {self.units.get(before.unit_id, '')} → {self.units.get(after.unit_id, '')}"
        return label


def _pairs(one: Posting, other: Posting) -> bool:
    key = (one.kind, one.record_id, one.part)
    return key == (other.kind, other.record_id, other.part) and one.sign == -other.sign


@dataclass(frozen=True)
class Tab:
    """One choice above the list: its name, how many entries, and what the address says."""

    name: str
    entries: int
    only: str | None
    on: bool


def tabs_of(tally: Iterable[Tally], only: Only, *, first: bool) -> list[Tab]:
    """全部, what corrects earlier months (nothing does in the very first close), and each kind that occurs."""
    tally = list(tally)
    found = [Tab("全部", sum(one.entries for one in tally), None, only == Only())]
    corrected = sum(one.entries for one in tally if one.earlier or one.why is not Why.new)
    if corrected and not first:
        found.append(Tab("更正以前月份", corrected, "corrected", only.corrected))
    for kind in FactKind:
        number = sum(one.entries for one in tally if one.kind is kind)
        if number:
            found.append(Tab(kind.label, number, kind.value, only.kind is kind))
    if not any(tab.on for tab in found):
        found.append(Tab("所选类别", 0, None, True))
    return found


def walk(told: Told, fetch: Fetch, size: int) -> Iterator[list[Any]]:
    """Every entry as a row of the export; read in parts, so that a long one can be stopped."""
    offset = 0
    while True:
        lead = min(offset, 1)
        part = told.lines(fetch(Only(), offset - lead, size + lead + 1))
        for line in part[lead : lead + size]:
            entry = line.entry
            yield [
                entry.line, line.word, entry.kind.label, entry.number, entry.project, entry.investor,
                entry.on_day, in_unit(line.amount_fen, "万元"), line.unit, entry.voucher or "", line.reason,
            ]  # fmt: skip
        if len(part) <= lead + size:
            return
        offset, size = offset + size, 50_000
