"""The columns of the project ledger, the same on the page and in its export, which adds the number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from app.figures.rules import share_percent
from app.funds.queries import ProjectOrder, ProjectRow, ProjectSums
from app.kernel.money import in_unit
from app.ledger.workbook.writing import Column, Item

HEADS: tuple[tuple[str, ProjectOrder | None, str], ...] = (
    ("项目名称", ProjectOrder.name, "name"),
    ("投资方", None, "investor"),
    ("阶段", ProjectOrder.stage, "stage"),
    ("落地片区", None, "area"),
    ("责任单位", None, "dept"),
    ("责任人", None, "officer"),
    ("签约日期", ProjectOrder.signed, "signed"),
    ("总投资", ProjectOrder.total, "total"),
    ("已认定", ProjectOrder.recognised, "recognised"),
    ("到位率", None, "share"),
    ("停留", None, "days"),
)
"""Head, what it sorts by, and the class of its cells."""


def columns(unit: str) -> list[Column]:
    """The heads of the export, amounts in ``unit``."""
    return [
        Column("项目名称", width=32),
        Column("项目编号", width=16),
        Column("投资方", width=28),
        Column("阶段", width=8),
        Column("落地片区", width=16),
        Column("责任单位", width=14),
        Column("责任人", width=10),
        Column("签约日期", "date", 12),
        Column(f"总投资（{unit}）", "amount", 16),
        Column(f"已认定（{unit}）", "amount", 16),
        Column("到位率", "percent", 9),
        Column("停留（天）", "count", 9),
    ]


def cells(rows: Iterable[ProjectRow], unit: str, day: dt.date) -> Iterator[list[Item]]:
    """The rows of the export as they stood on ``day``, exact amounts in ``unit``."""
    for row in rows:
        yield [
            row.name,
            row.number,
            row.investor,
            row.stage.label,
            row.area,
            row.unit,
            row.officer,
            row.signed_on,
            None if row.total_fen is None else in_unit(row.total_fen, unit),
            in_unit(row.recognised_fen, unit),
            share(row.recognised_fen, row.total_fen),
            row.days_in_stage(day),
        ]


def totals(sums: ProjectSums, unit: str) -> list[Item]:
    """The foot of the export: the same sums as on the page."""
    big = f"其中亿元以上 {sums.big} 个、{in_unit(sums.big_fen, unit):,.2f} {unit}"
    amounts: list[Item] = [in_unit(sums.total_fen, unit), in_unit(sums.recognised_fen, unit)]
    return [
        f"合计 {sums.projects} 个", None, big, None, None, None, None, None,
        *amounts, share(sums.recognised_fen, sums.total_fen), None,
    ]  # fmt: skip


def share(recognised_fen: int, total_fen: int | None) -> Decimal | None:
    """到位率: recognised ÷ total × 100, one decimal; None without a total."""
    return share_percent(recognised_fen, total_fen) if total_fen else None
