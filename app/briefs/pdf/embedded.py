"""What the PDF carries: its figures with their rows, as a workbook for people and as JSON for programs."""

from __future__ import annotations

import datetime as dt
import json
from io import BytesIO
from typing import Any

import xlsxwriter
from weasyprint import Attachment

from app.figures.rules import CATALOGUE, Measure
from app.kernel.money import FEN_PER_YUAN

Data = dict[str, Any]
JSON_NAME, XLSX_NAME = "figures.json", "figures.xlsx"
"""Names in ASCII: readers lose others; the description is in Chinese."""
FORM = "zhaoshang-brief-1"
WINDOWS = (("month", "本月"), ("ytd", "累计"), ("last_year_ytd", "上年同期"))
ROW_HEADS = (
    "指标代码",
    "指标",
    "项目编号",
    "项目名称",
    "投资方",
    "责任单位",
    "片区",
    "产业链",
    "日期",
    "数值",
    "单位",
    "凭证号",
)
ROW_KEYS = ("number", "project", "investor", "unit", "area", "chain", "on_day")


def attachments(snapshot: Data) -> list[Attachment]:
    """The two files, in the order of their names; the same snapshot gives the same bytes."""
    day = dt.datetime.fromisoformat(snapshot["issued_on"]).replace(tzinfo=dt.UTC)
    data, book = figures_json(snapshot), figures_book(snapshot)
    options = {"created": day, "modified": day, "relationship": "Data"}
    return [
        Attachment(string=data, name=JSON_NAME, description="本期数据及明细（JSON）", **options),
        Attachment(string=book, name=XLSX_NAME, description="本期数据及明细（Excel）", **options),
    ]


def figures_json(snapshot: Data) -> bytes:
    """Every figure with its windows and rows; counts as they are, amounts in 元 as text with two decimals."""
    figures = {
        code: {
            "name": CATALOGUE[code].name,
            "definition": CATALOGUE[code].definition,
            "unit": unit_of(code),
            **{window: amount_of(code, values[window]) for window, _label in WINDOWS},
            "rows": [row | {"value": amount_of(code, row["value"])} for row in rows_of(snapshot, code)],
        }
        for code, values in snapshot["data"]["figures"].items()
    }
    document = {
        "form": FORM,
        "zone": snapshot["zone"]["name"],
        "month": snapshot["month"],
        "number": snapshot["zone"]["number"],
        "total": snapshot["zone"]["total"],
        "issued_on": snapshot["issued_on"],
        "basis": snapshot["basis"],
        "close_hash": snapshot.get("close_hash", ""),
        "code": snapshot.get("code"),
        "figures": figures,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()


def figures_book(snapshot: Data) -> bytes:
    """A workbook: 指标 with the windows, 明细 with the rows; text stays text."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": dt.datetime.fromisoformat(snapshot["issued_on"])})
    head = book.add_format({"bold": True, "bottom": 1})
    formats = {
        True: book.add_format({"num_format": "#,##0"}),
        False: book.add_format({"num_format": "#,##0.00"}),
    }
    figures, rows = book.add_worksheet("指标"), book.add_worksheet("明细")
    figures.write_row(0, 0, ["指标代码", "指标", "单位", *(label for _key, label in WINDOWS), "口径"], head)
    rows.write_row(0, 0, ROW_HEADS, head)
    line = 0
    for place, (code, values) in enumerate(snapshot["data"]["figures"].items(), 1):
        form = formats[_counts(code)]
        figures.write_row(place, 0, [code, CATALOGUE[code].name, unit_of(code)])
        for column, (window, _label) in enumerate(WINDOWS, 3):
            figures.write_number(place, column, _number(code, values[window]), form)
        figures.write_string(place, 6, CATALOGUE[code].definition)
        for row in rows_of(snapshot, code):
            line += 1
            rows.write_row(line, 0, [code, CATALOGUE[code].name, *(row[key] or "" for key in ROW_KEYS)])
            rows.write_number(line, 9, _number(code, row["value"]), form)
            rows.write_row(line, 10, [unit_of(code), row["voucher"] or ""])
    for sheet, widths in (
        (figures, (18, 22, 6, 18, 18, 18, 60)),
        (rows, (18, 20, 16, 34, 30, 14, 14, 14, 12, 20, 6, 18)),
    ):
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
    rows.autofilter(0, 0, max(line, 1), len(ROW_HEADS) - 1)
    book.close()
    return stream.getvalue()


def rows_of(snapshot: Data, code: str) -> list[Data]:
    """The rows of one figure; none in snapshots made before rows travelled along."""
    found: list[Data] = snapshot.get("rows", {}).get(code, [])
    return found


def unit_of(code: str) -> str:
    """个 or 元."""
    return "个" if _counts(code) else "元"


def amount_of(code: str, value: int) -> str:
    """A count as it is, fen as 元 with two decimals."""
    return str(value) if _counts(code) else f"{value // FEN_PER_YUAN}.{value % FEN_PER_YUAN:02d}"


def _number(code: str, value: int) -> float:
    return value if _counts(code) else value / FEN_PER_YUAN


def _counts(code: str) -> bool:
    return CATALOGUE[code].measure is Measure.count
