"""Contracts and commitments of the projects of a filter, as tables for download."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.kernel import clock
from app.kernel.money import in_unit
from app.ledger.workbook.writing import Column, Item
from app.pipeline.queries import iter_commitments, iter_contracts
from app.web.downloads import send_table
from app.web.guards import needs
from app.web.pipeline.asked import read_asked
from app.web.pipeline.blueprint import blueprint
from app.web.session import current, db, unit_in_use

PROJECT = (
    Column("项目名称", width=36),
    Column("项目编号", width=16),
    Column("投资方", width=26),
    Column("责任单位", width=14),
)


@blueprint.get("/contracts.xlsx")
@needs(Permission.read)
def export_contracts() -> Response:
    """Every contract of the projects of the filter, frameworks and letters of intent too; the kind tells them apart."""
    asked, unit = read_asked(), unit_in_use()
    columns = [
        *PROJECT,
        Column("合同类型", width=12),
        Column("合同编号", width=20),
        Column("签订日期", "date", 12),
        Column(f"金额（{unit}）", "amount", 16),
        Column(f"固定资产投资（{unit}）", "amount", 16),
        Column("备注", width=30),
    ]
    rows = (
        [
            *_project(row),
            c.kind.label,
            c.number,
            c.signed_on,
            _money(c.amount_fen, unit),
            _money(c.fixed_asset_fen, unit),
            c.note,
        ]
        for row, c in ((row, row[0]) for row in iter_contracts(db(), current().zone.id, asked.wanted))
    )
    return _send("合同", columns, rows, asked.words)


@blueprint.get("/commitments.xlsx")
@needs(Permission.read)
def export_commitments() -> Response:
    """What both sides promised in the projects of the filter, and what became of it."""
    asked, unit = read_asked(), unit_in_use()
    columns = [
        *PROJECT,
        Column("承诺方", width=10),
        Column("承诺事项", width=44),
        Column("数量", width=12),
        Column(f"金额（{unit}）", "amount", 16),
        Column("条件", width=24),
        Column("兑现期限", "date", 12),
        Column("状态", width=10),
        Column("办结日期", "date", 12),
        Column("办结说明", width=30),
        Column("依据", width=30),
    ]
    return _send(
        "承诺", columns, _promised(iter_commitments(db(), current().zone.id, asked.wanted), unit), asked.words
    )


def _promised(rows: Iterator[Any], unit: str) -> Iterator[list[Item]]:
    for row in rows:
        one = row[0]
        yield [
            *_project(row),
            one.side.label,
            one.what,
            one.measure,
            _money(one.amount_fen, unit),
            one.condition,
            one.due_on,
            one.state.label,
            one.settled_on,
            one.settled_note,
            one.basis,
        ]


def _send(what: str, columns: list[Column], rows: Any, conditions: str) -> Response:
    zone = current().zone
    name = f"{zone.name}{what}清单{clock.today():%Y%m%d}"
    title = f"{zone.name}招商引资项目{what}清单"
    return send_table(name, columns, rows, None, conditions=conditions, sheet=what, title=title)


def _project(row: Any) -> list[Item]:
    return [row.name, row.number, row.investor, row.unit]


def _money(fen: int | None, unit: str) -> Item:
    return None if fen is None else in_unit(fen, unit)
