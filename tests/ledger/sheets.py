"""Ledgers as plain values, without a file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import IO, Any

import openpyxl

from app.ledger.rules import ARRIVALS, PROJECTS, TARGETS, SheetForm
from app.ledger.workbook import Cell, Sheet, Workbook

PROJECT = {
    "项目编号": "P-1",
    "项目名称": "电池生产线项目",
    "投资方名称": "盛源锂电有限公司",
    "投资方所在地": "广东省",
    "产业链": "锂电新能源",
    "链上环节": "电池",
    "行业代码": "3985",
    "落地片区": "综合保税区",
    "责任单位": "招商一部",
    "当前阶段": "开工",
    "合同类型": "正式合同",
    "合同编号": "HT-1",
    "合同签订日期": dt.date(2024, 1, 5),
    "合同总投资": Decimal(12900),
    "落地日期": dt.date(2024, 2, 1),
    "开工日期": dt.date(2024, 3, 1),
    "用地面积": Decimal("49.5"),
}
ARRIVAL = {
    "项目编号": "P-1",
    "到账日期": dt.date(2024, 3, 2),
    "币种": "人民币",
    "原币金额（万）": Decimal(847),
    "折算汇率": Decimal(1),
    "折人民币（万元）": Decimal(847),
    "资金来源": "区外境内",
    "凭证号": "PZ-1",
    "审核状态": "已审核",
}
TARGET = {
    "年度": Decimal(2024),
    "责任单位": "全区",
    "指标": "到位资金",
    "目标值": Decimal(1224600),
    "单位": "万元",
}


def workbook(
    projects: list[dict[str, Any]] | None = None,
    arrivals: list[dict[str, Any]] | None = None,
    targets: list[dict[str, Any]] | None = None,
) -> Workbook:
    """A ledger of the product's own form with these rows; a ``Cell`` may stand in for a value."""
    return Workbook(
        [
            sheet(PROJECTS, [PROJECT] if projects is None else projects),
            sheet(ARRIVALS, arrivals or []),
            sheet(TARGETS, targets or []),
        ]
    )


def sheet(form: SheetForm, rows: list[dict[str, Any]]) -> Sheet:
    """One sheet: heads in row 1, rows from row 2."""
    cells = [[Cell(head) for head in form.heads]]
    for row in rows:
        unknown = set(row) - set(form.heads)
        assert not unknown, unknown
        cells.append(
            [value if isinstance(value := row.get(head), Cell) else Cell(value) for head in form.heads]
        )
    return Sheet(name=form.name, first_row=1, rows=cells, hidden=False)


def save(book: Workbook, stream: IO[bytes]) -> None:
    """The ledger as an .xlsx file."""
    target = openpyxl.Workbook()
    target.remove(target.worksheets[0])
    for each in book.sheets:
        page = target.create_sheet(each.name)
        for row in each.rows:
            page.append([cell.value for cell in row])
    target.save(stream)
