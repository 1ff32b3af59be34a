"""The verdict on a ledger: per row what is new, changed, unchanged or refused, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.ledger.rules.effect import Effect


class RowOf(StrEnum):
    """What a row of a ledger tells of."""

    project = "project"
    arrival = "arrival"
    target = "target"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"project": "项目", "arrival": "到位资金", "target": "年度目标"}[self.value]


class Verdict(StrEnum):
    """What becomes of a row."""

    new = "new"
    changed = "changed"
    same = "same"
    question = "question"
    refused = "refused"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "new": "新增",
            "changed": "更新",
            "same": "未变",
            "question": "待确认",
            "refused": "拒绝",
        }[self.value]


@dataclass(frozen=True)
class Change:
    """A cell whose value differs from what is stored, both as the ledger writes them; ``cell`` is its address."""

    head: str
    old: str
    new: str
    cell: str = ""


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """What differs between two states of a record, given as cells by head."""
    return tuple(Change(head, before[head], after[head]) for head in after if before[head] != after[head])


@dataclass(frozen=True)
class Problem:
    """Why a cell is refused; ``cell`` is its address (B7), empty for the row as a whole, ``value`` what stands there."""

    cell: str
    head: str
    message: str
    value: str = ""


@dataclass(frozen=True)
class Question:
    """Something about a row that a person must decide; the first of ``choices`` takes the ledger at its word."""

    code: str
    head: str
    cell: str
    message: str
    choices: tuple[tuple[str, str], ...]
    old: str = ""
    new: str = ""

    @property
    def key(self) -> str:
        """Under what an answer to this very question is kept; one under ``code`` answers all of its kind."""
        return f"{self.code}@{self.cell}" if self.cell else self.code

    def as_json(self) -> dict[str, Any]:
        """Plain values for a page."""
        choices = [{"value": value, "label": label} for value, label in self.choices]
        return vars(self) | {"key": self.key, "choices": choices}


@dataclass(frozen=True)
class RowVerdict:
    """One row of one sheet; ``label`` tells a person which record it is."""

    sheet: str
    row: int
    label: str
    verdict: Verdict
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()
    kind: RowOf = RowOf.project
    record_id: int | None = None
    undecided: bool = False
    """Whether one of the questions has no answer yet."""

    @property
    def stands(self) -> bool:
        """Whether the row can be written as it is."""
        return self.verdict is not Verdict.refused and not self.undecided


@dataclass
class Report:
    """The verdict on a whole file. Nothing is written when ``refused``."""

    file: str
    rows: list[RowVerdict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    added_lists: dict[str, list[str]] = field(default_factory=dict)
    """Names that were put into the zone's lists, by list (落地片区, 责任单位, 产业链, 链上环节)."""
    years: set[int] = field(default_factory=set)
    """The years that the ledger's days lie in."""
    effect: Effect = field(default_factory=Effect)
    """What the rows add to the figures without having been written."""

    @property
    def refused(self) -> bool:
        """Whether any row is refused or asks something, and with it the file."""
        return not all(row.stands for row in self.rows)

    def counts(self) -> dict[str, dict[str, int]]:
        """``{sheet: {verdict: rows}}`` with every verdict present."""
        counted = Counter((row.sheet, row.verdict) for row in self.rows)
        sheets = dict.fromkeys(row.sheet for row in self.rows)
        return {sheet: {verdict.value: counted[sheet, verdict] for verdict in Verdict} for sheet in sheets}

    def as_json(self) -> dict[str, Any]:
        """Plain values; unchanged rows are counted but not listed."""
        return {
            "file": self.file,
            "refused": self.refused,
            "counts": self.counts(),
            "notes": self.notes,
            "added_lists": self.added_lists,
            "rows": [
                {
                    "sheet": row.sheet,
                    "row": row.row,
                    "label": row.label,
                    "verdict": row.verdict.value,
                    "changes": [vars(change) for change in row.changes],
                    "problems": [vars(problem) for problem in row.problems],
                    "questions": [question.as_json() for question in row.questions],
                }
                for row in self.rows
                if row.verdict is not Verdict.same
            ],
        }
