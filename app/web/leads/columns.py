"""The columns of the lead list's export; telephone numbers are masked there, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.kernel.money import in_unit
from app.kernel.text import masked_phone
from app.leads.queries import LeadRow, LeadSums, Sight
from app.leads.rules import day_of, protected_to
from app.ledger.workbook.writing import Column, Item


def columns(unit: str) -> list[Column]:
    """The heads, amounts in ``unit``."""
    return [
        Column("线索编号", width=18),
        Column("线索名称", width=32),
        Column("投资方", width=28),
        Column("状态", width=10),
        Column("责任单位", width=14),
        Column("责任人", width=10),
        Column("首报单位", width=14),
        Column("首报日期", "date", 12),
        Column("保护期至", "date", 12),
        Column("来源", width=10),
        Column("联系人", width=10),
        Column("联系电话", width=16),
        Column(f"拟投资额（{unit}）", "amount", 16),
        Column("超时事项", width=24),
    ]


def cells(rows: Iterable[LeadRow], unit: str, sight: Sight) -> Iterator[list[Item]]:
    """The rows as they stand today."""
    for row in rows:
        yield [
            row.number,
            row.name,
            row.investor,
            row.state.label,
            row.unit,
            row.officer,
            row.first_unit,
            day_of(row.reported_at),
            protected_to(row.course, sight.clocks),
            row.source.label,
            row.contact_name,
            masked_phone(row.contact_phone),
            None if row.amount_fen is None else in_unit(row.amount_fen, unit),
            "；".join(late.text for late in row.lates(sight.clocks, sight.today)),
        ]


def totals(sums: LeadSums, unit: str) -> list[Item]:
    """The foot: the same sums as on the page."""
    said = f"填有拟投资额的 {sums.with_amount} 条"
    amount: list[Item] = [in_unit(sums.amount_fen, unit), None]
    return [f"合计 {sums.leads} 条", said, *[None] * 10, *amount]
