"""The columns of the list of companies, the same on the page and in its export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.figures.queries.companies import CompanyOrder, CompanyRow, CompanySums
from app.kernel.money import in_unit
from app.ledger.workbook.writing import Column, Item

HEADS: tuple[tuple[str, CompanyOrder | None, str], ...] = (
    ("企业名称", CompanyOrder.name, "name"),
    ("统一社会信用代码", None, "uscc"),
    ("来源地", None, "origin"),
    ("企业性质", None, "type"),
    ("母公司", None, "parent"),
    ("联系人", None, "contacts"),
    ("项目", CompanyOrder.projects, "projects"),
    ("合同总投资", CompanyOrder.total, "total"),
    ("已认定", CompanyOrder.recognised, "recognised"),
)
"""Head, what it sorts by, and the class of its cells."""


def columns(unit: str) -> list[Column]:
    """The heads of the export, amounts in ``unit``."""
    return [
        Column("企业名称", width=34),
        Column("统一社会信用代码", width=22),
        Column("来源地", width=14),
        Column("企业性质", width=12),
        Column("母公司", width=28),
        Column("已并入", width=28),
        Column("联系人（位）", "count", 11),
        Column("项目（个）", "count", 11),
        Column(f"合同总投资（{unit}）", "amount", 18),
        Column(f"已认定（{unit}）", "amount", 18),
    ]


def cells(rows: Iterable[CompanyRow], unit: str) -> Iterator[list[Item]]:
    """The rows of the export, exact amounts in ``unit``; no telephone numbers."""
    for row in rows:
        yield [
            row.name,
            row.uscc,
            row.origin,
            row.investor_type.label,
            row.parent,
            row.kept,
            row.contacts,
            row.projects,
            in_unit(row.total_fen, unit),
            in_unit(row.recognised_fen, unit),
        ]


def totals(sums: CompanySums, unit: str) -> list[Item]:
    """The foot of the export: the same sums as on the page."""
    amounts: list[Item] = [in_unit(sums.total_fen, unit), in_unit(sums.recognised_fen, unit)]
    return [f"合计 {sums.companies} 家", *[None] * 6, sums.projects, *amounts]
