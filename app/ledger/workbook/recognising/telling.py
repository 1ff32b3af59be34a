"""Columns without a field of their own: what they tell of others, and how they are kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.ledger.rules.heads import flat
from app.ledger.rules.recognition import Column
from app.ledger.rules.synonyms import EXTRA
from app.ledger.rules.values import read_yes_no
from app.ledger.workbook.cells import Cell
from app.ledger.workbook.recognising.titles import stage_word

_ASKED = {
    "签约": "合同签订日期",
    "落地": "落地日期",
    "注册": "落地日期",
    "开工": "开工日期",
    "投产": "投产日期",
    "达产": "达产日期",
}


def ticks(columns: list[Column]) -> dict[int, str]:
    """Columns side by side that are headed by stages and hold ticks alone, and their stages."""
    found = {
        column.place: stage
        for column in columns
        if (stage := stage_word(column.path[-1])) is not None
        and all(read_yes_no(sample) is not None for sample in column.samples)
    }
    return found if len(found) > 1 else {}


def asked(column: Column) -> str:
    """The date whose coming a column of yes and no tells of."""
    head = flat(column.path[-1])
    if column.field != EXTRA or not head.startswith("是否"):
        return ""
    word = head.removeprefix("是否").removeprefix("已").removesuffix("项目").removesuffix("建设")
    return _ASKED.get(word, "")


def either(cell: Cell, other: Cell, head: str) -> Cell:
    """The amount of two columns with one fact in two units: whichever is filled, and both must agree."""
    if not isinstance(other.value, Decimal) or not other.value:
        return cell
    if not isinstance(cell.value, Decimal) or not cell.value:
        return other
    least, most = sorted((cell.value, other.value))
    if most - least > max(Decimal(100), most / 100):
        return Cell(None, f"与“{head}”不一致：{cell.value:f} 万元与 {other.value:f} 万元，请核对")
    return max(cell, other, key=lambda c: len(f"{c.value:f}".rstrip("0")))


def distinct(columns: list[Column]) -> dict[int, str]:
    """The heads of columns, numbered where two are alike."""
    seen: dict[str, int] = {}
    found = {}
    for column in columns:
        head = column.head[:80]
        seen[head] = seen.get(head, 0) + 1
        found[column.place] = head if seen[head] == 1 else f"{head}（{seen[head]}）"
    return found


def plain(column: Column, value: object) -> str:
    if "是否" in column.head and (said := read_yes_no(value)) is not None:
        return "是" if said else "否"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value).strip()
