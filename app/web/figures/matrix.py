"""The matrix of a month: members of a dimension down, figures across, each cell a number that leads to its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.figures.rules import CATALOGUE, WHOLE_ZONE, ZERO, Measure, TargetProgress, Values, WindowName
from app.journal.rules import Dimension

BY = (Dimension.unit, Dimension.area, Dimension.chain, Dimension.source)
"""The dimensions offered; others are reached through a number's own page."""
GROUPS = (
    ("签约", ("signed.count", "signed.amount", "signed_big.count")),
    ("推进", ("started.count", "started_big.count", "produced.count")),
)
HEADS = {
    "signed.count": "项目",
    "signed.amount": "总投资",
    "signed_big.count": "亿元以上",
    "started.count": "新开工",
    "started_big.count": "亿元以上",
    "produced.count": "新投产",
}
FUNDS = "funds.amount"


@dataclass(frozen=True)
class Cell:
    """One number: fen or a count."""

    code: str
    window: str
    value: int
    counts: bool


@dataclass(frozen=True)
class MatrixRow:
    """One member with its numbers; ``funds`` are the arrivals in their windows, ``progress`` against its target."""

    member: str
    is_total: bool
    groups: tuple[tuple[Cell, ...], ...]
    month: int
    funds: Values
    progress: TargetProgress | None


def matrix(
    parts: Mapping[str, Mapping[str, Values]],
    whole: Mapping[str, Values],
    progress: list[TargetProgress],
    by: Dimension,
    window: WindowName,
) -> list[MatrixRow]:
    """The rows for the members of ``by`` in list order, then the whole zone, from figures that were read once."""
    members = list(parts.get(FUNDS, {}))
    members += [name for name in parts.get("signed.count", {}) if name not in members]
    targets = {p.unit: p for p in progress if p.figure == FUNDS}

    def row(
        member: str, values: Mapping[str, Values], target: TargetProgress | None, is_total: bool
    ) -> MatrixRow:
        groups = tuple(
            tuple(_cell(code, values.get(code, ZERO), window) for code in codes if code in parts)
            for _name, codes in GROUPS
        )
        funds = values.get(FUNDS, ZERO)
        return MatrixRow(member, is_total, groups, funds.month, funds, target)

    rows = [
        row(
            name,
            {code: found.get(name, ZERO) for code, found in parts.items()},
            targets.get(name) if by is Dimension.unit else None,
            False,
        )
        for name in members
    ]
    return [*rows, row(WHOLE_ZONE, whole, targets.get(None), True)]


def _cell(code: str, values: Values, window: WindowName) -> Cell:
    value = values.month if window is WindowName.month else values.ytd
    return Cell(code, window.value, value, CATALOGUE[code].measure is Measure.count)
