"""The matrix of a month: members of a dimension down, figures across, each cell a number that leads to its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.figures.rules import CATALOGUE, WHOLE_ZONE, ZERO, Measure, TargetProgress, Values, WindowName
from app.journal.rules import Dimension
from app.web.figures.shown import GROUPS, SHORT, Shown

LABELS = {
    "month": "本月",
    "ytd": "累计",
    "last_year_ytd": "上年同期",
    "yoy": "同比",
    "target": "目标",
    "done": "完成率",
    "ahead": "超（欠）",
}
HEADS = {
    "signed.count": "项目",
    "signed.amount": "总投资",
    "signed_big.count": "项目",
    "signed_big.amount": "总投资",
    "started.count": "新开工",
    "started.amount": "开工投资",
    "started_big.count": "新开工",
    "started_big.amount": "开工投资",
    "produced.count": "新投产",
    "produced.amount": "投产投资",
    "produced_big.count": "新投产",
    "produced_big.amount": "投产投资",
    "funds.amount": "到位资金",
}
"""Figures under the head of their group; 亿元以上 is written above."""
IN_FULL = ("month", "ytd", "last_year_ytd", "yoy")
AGAINST = ("target", "done", "ahead")
_GROUP_OF = {code: name for name, codes in GROUPS.items() for code in codes}


@dataclass(frozen=True)
class Head:
    """One column: a figure, and what of it (``LABELS``); ``starts`` a group."""

    code: str
    what: str
    label: str
    starts: bool

    @property
    def big(self) -> bool:
        """Whether only projects of 亿元以上 are in it."""
        return CATALOGUE[self.code].big_only

    @property
    def counts(self) -> bool:
        """Whether the figure is a number of projects."""
        return CATALOGUE[self.code].measure is Measure.count


@dataclass(frozen=True)
class Group:
    """The head above several columns; ``code`` for the figure shown in full."""

    name: str
    code: str
    span: int


@dataclass(frozen=True)
class Cell:
    """One number: a count, fen, percent or points; None where there is nothing to say."""

    head: Head
    value: int | Decimal | None
    late: bool = False


@dataclass(frozen=True)
class Row:
    """One member with its numbers, ``values`` and ``progress`` those of the figure shown in full."""

    member: str
    is_total: bool
    cells: tuple[Cell, ...]
    values: Values
    progress: TargetProgress | None


@dataclass(frozen=True)
class Matrix:
    """Heads and rows, the whole zone last."""

    groups: tuple[Group, ...]
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        """The whole zone, or what the page is narrowed to."""
        return self.rows[-1]

    @property
    def members(self) -> tuple[Row, ...]:
        """All rows but the total."""
        return self.rows[:-1]

    @property
    def ranked(self) -> list[Row]:
        """Members with a target, the furthest first."""
        found = [row for row in self.members if row.progress]
        return sorted(found, key=lambda row: -row.progress.done_percent if row.progress else Decimal())


def make_matrix(
    shown: Shown,
    parts: Mapping[str, Mapping[str, Values]],
    whole: Mapping[str, Values],
    progress: Sequence[TargetProgress],
) -> Matrix:
    """The matrix from figures that were read once; members in list order, those of any figure."""
    targets = {p.unit: p for p in progress if p.figure == shown.code} if not shown.members else {}
    heads = _heads(shown, bool(targets) and shown.by is Dimension.unit)
    members: dict[str, None] = {}
    for code in (shown.code, *shown.beside):
        members |= dict.fromkeys(parts.get(code, {}))

    def row(member: str, values: Mapping[str, Values], target: TargetProgress | None, total: bool) -> Row:
        cells = tuple(_cell(head, values.get(head.code, ZERO), target) for head in heads)
        return Row(member, total, cells, values.get(shown.code, ZERO), target)

    rows = [
        row(
            name,
            {code: found.get(name, ZERO) for code, found in parts.items()},
            targets.get(name) if shown.by is Dimension.unit else None,
            False,
        )
        for name in members
    ]
    total = row("合计" if shown.members else WHOLE_ZONE, whole, targets.get(None), True)
    return Matrix(_groups(shown, heads), heads, (*rows, total))


def _heads(shown: Shown, targets: bool) -> tuple[Head, ...]:
    heads, before = [], ""
    for code in shown.beside:
        heads.append(Head(code, shown.window.value, HEADS[code], _GROUP_OF[code] != before))
        before = _GROUP_OF[code]
    for what in (*IN_FULL, *(AGAINST if targets else ())):
        heads.append(Head(shown.code, what, LABELS[what], what == IN_FULL[0]))
    return tuple(heads)


def _groups(shown: Shown, heads: Sequence[Head]) -> tuple[Group, ...]:
    found = []
    for name in GROUPS:
        span = sum(_GROUP_OF[code] == name for code in shown.beside)
        if span:
            found.append(Group(name, "", span))
    return (*found, Group(SHORT[shown.code], shown.code, sum(head.code == shown.code for head in heads)))


def _cell(head: Head, values: Values, target: TargetProgress | None) -> Cell:
    if head.what in WindowName.__members__:
        return Cell(head, getattr(values, head.what))
    if head.what == "yoy":
        return Cell(head, values.yoy_percent)
    if target is None:
        return Cell(head, None)
    if head.what == "target":
        return Cell(head, target.target)
    late = target.ahead_points <= -10
    return Cell(head, target.done_percent if head.what == "done" else target.ahead_points, late)
