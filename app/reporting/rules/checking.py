"""What a filled sheet says beside the figures: every sum of it is compared, and a difference is told with its cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.kernel.money import amount_text
from app.reporting.rules.lines import HasValues
from app.reporting.rules.setup import SheetSetup
from app.reporting.rules.values import key_of

COMPARED: Mapping[str, tuple[str, str, str]] = {
    "funds_ytd": ("funds.amount", "ytd", "本年到位资金"),
    "funds_month": ("funds.amount", "month", "本月到位资金"),
}
"""Columns that a figure gives, too: its code, window and words."""


@dataclass(frozen=True)
class Check:
    """One comparison. ``agrees`` None: it differs for the reason that ``reason`` gives, which is no fault."""

    sheet: str
    what: str
    shown: str
    expected: str
    difference: str
    reason: str
    agrees: bool | None
    cell: str = ""
    """The data row's cell of the column, for the note on its head."""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Expected:
    """What the figures say: the figure itself, and what each project adds to it."""

    total: int
    by_project: Mapping[int, int]


def check_columns(
    name: str, setup: SheetSetup, records: Sequence[HasValues], expected: Mapping[tuple[str, str], Expected]
) -> list[Check]:
    """Compare the columns of money with the figures, and the projects signed this year with theirs."""
    checks = []
    for address, tie in setup.ties.items():
        if tie.field in COMPARED:
            code, window, words = COMPARED[tie.field]
            shown = sum(record.values.get(key_of(tie)) or 0 for record in records)
            checks.append(_money(name, address, words, shown, records, expected[code, window]))
    if setup.rows.signed in ("year", "month") and setup.data_row:
        checks += _signed(name, setup, records, expected)
    return checks


def _money(
    name: str, address: str, words: str, shown: int, records: Sequence[HasValues], expected: Expected
) -> Check:
    listed = {record.id for record in records}
    left_out = {key: fen for key, fen in expected.by_project.items() if key not in listed and fen}
    missing = sum(left_out.values())
    difference = shown - expected.total
    reason = ""
    if difference:
        explained = difference == -missing
        reason = (
            f"未列入本表的 {len(left_out)} 个项目有 {amount_text(missing)} 万元"
            if explained
            else "表内合计与系统指标不一致，请核对到账记录后再上报"
        )
    return Check(
        name,
        f"{words}合计",
        f"{amount_text(shown)} 万元",
        f"{amount_text(expected.total)} 万元",
        f"{amount_text(difference)} 万元" if difference else "",
        reason,
        True if not difference else None if difference == -missing else False,
        address,
    )


def _signed(
    name: str, setup: SheetSetup, records: Sequence[HasValues], expected: Mapping[tuple[str, str], Expected]
) -> list[Check]:
    """How many projects the table lists beside the figure of contracts signed in the same window."""
    window = "ytd" if setup.rows.signed == "year" else "month"
    figure = expected["signed.count", window]
    listed = {record.id for record in records}
    counted = {key for key, number in figure.by_project.items() if number}
    extra, missing = len(listed - counted), len(counted - listed)
    difference = len(records) - figure.total
    parts = []
    if missing:
        parts.append(f"指标计入而未列入本表的 {missing} 个（筛选条件未选中）")
    if extra:
        parts.append(f"列入本表而指标不计的 {extra} 个（合同已终止）")
    explained = len(listed) - extra + missing == figure.total
    return [
        Check(
            name,
            "本年签约项目数" if window == "ytd" else "本月签约项目数",
            f"{len(records)} 个",
            f"{figure.total} 个",
            f"{difference:+d} 个" if difference else "",
            "；".join(parts) if difference or parts else "",
            True if not parts and not difference else None if explained else False,
        )
    ]
