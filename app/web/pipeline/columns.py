"""The columns of the project ledger, on the page and in its export; which there are and which somebody chose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from app.figures.rules import share_percent
from app.funds.queries import EXTRAS, ProjectOrder, ProjectRow, ProjectSums
from app.kernel import clock
from app.kernel.money import in_unit
from app.ledger.workbook.writing import Column, Item

Kind = Literal["text", "amount", "date", "percent", "count", "area", "instant"]


@dataclass(frozen=True)
class Head:
    """One column: its key (class of its cells), name, kind, width in pixels, and what it sorts by."""

    key: str
    name: str
    kind: Kind = "text"
    width: int = 112
    order: ProjectOrder | None = None

    @property
    def number(self) -> bool:
        """Whether its cells stand at the right."""
        return self.kind in ("amount", "percent", "count", "area")

    @property
    def unit(self) -> str:
        """The unit in the head; empty where the page's unit of amounts or none stands there."""
        return {"land": "亩", "jobs": "人"}.get(self.key, "")


HEADS: dict[str, Head] = {
    head.key: head
    for head in (
        Head("name", "项目名称", width=296, order=ProjectOrder.name),
        Head("number", "项目编号", width=128),
        Head("investor", "投资方", width=172),
        Head("stage", "阶段", width=56, order=ProjectOrder.stage),
        Head("area", "落地片区", width=107),
        Head("dept", "责任单位", width=95),
        Head("officer", "责任人", width=58),
        Head("sponsor", "包联领导", width=96),
        Head("signed", "签约日期", "date", 90, ProjectOrder.signed),
        Head("total", "总投资", "amount", 104, ProjectOrder.total),
        Head("recognised", "已认定", "amount", 104, ProjectOrder.recognised),
        Head("share", "到位率", "percent", 112),
        Head("days", "停留", "count", 72),
        Head("pending", "待审", "amount", 108),
        Head("chain", "产业链", width=110),
        Head("segment", "链上环节", width=110),
        Head("industry", "行业代码", width=74),
        Head("origin", "来源地", width=86),
        Head("content", "建设内容", width=240),
        Head("contract", "合同编号", width=130),
        Head("investment", "计划总投资", "amount", 124),
        Head("fixed", "固定资产投资", "amount", 138),
        Head("land", "用地面积", "area", 110),
        Head("output", "预计年产值", "amount", 124),
        Head("tax", "预计年税收", "amount", 124),
        Head("jobs", "带动就业", "count", 98),
        Head("contacted", "首次洽谈", "date", 92),
        Head("landed", "落地日期", "date", 92),
        Head("started", "开工日期", "date", 92),
        Head("produced", "投产日期", "date", 92),
        Head("full", "达产日期", "date", 92),
        Head("note", "备注", width=200),
        Head("extra", "台账附加列", width=240),
        Head("created", "登记日期", "instant", 92),
        Head("updated", "最近修改", "instant", 92),
    )
}
USUAL = (
    "name",
    "investor",
    "stage",
    "area",
    "dept",
    "officer",
    "signed",
    "total",
    "recognised",
    "share",
    "days",
)
"""What everybody sees who has not chosen."""


def chosen(*choices: Sequence[str] | None) -> tuple[Head, ...]:
    """The heads of the first choice that was made, the name always first; a key that is none is left out."""
    keys = next((choice for choice in choices if choice is not None), USUAL)
    rest = dict.fromkeys(key for key in keys if key in HEADS and key != "name")
    return (HEADS["name"], *(HEADS[key] for key in rest))


def asked_of(heads: Iterable[Head]) -> list[str]:
    """The columns that have to be read besides the usual ones."""
    return [head.key for head in heads if head.key in EXTRAS]


def table_width(heads: Iterable[Head]) -> int:
    """The least width of the table in hundreds of pixels, for a class of pages.css."""
    return -(-(sum(head.width for head in heads) + 24) // 100)


def value(row: ProjectRow, key: str, day: dt.date) -> Any:
    """What stands in the column ``key`` of a row, as it looks on ``day``; amounts in fen."""
    if key in EXTRAS:
        found = row.extra.get(key)
        if key == "extra":
            return "；".join(f"{head}：{text}" for head, text in (found or {}).items()) or None
        return found.astimezone(clock.BEIJING).date() if isinstance(found, dt.datetime) else found
    if key == "share":
        return share(row.recognised_fen, row.total_fen)
    if key == "days":
        return row.days_in_stage(day)
    names = {"dept": "unit", "signed": "signed_on", "total": "total_fen", "recognised": "recognised_fen"}
    return getattr(row, names.get(key, key))


def total(sums: ProjectSums, key: str) -> Any:
    """The sum of a column over all rows of the filter; None where adding up means nothing."""
    if key == "share":
        return share(sums.recognised_fen, sums.total_fen)
    return {"total": sums.total_fen, "recognised": sums.recognised_fen}.get(key, sums.extra.get(key))


def columns(heads: Sequence[Head], unit: str, own: Sequence[str] = ()) -> list[Column]:
    """The heads of the export, amounts in ``unit``; the number always stands beside the name.

    ``own`` are the heads of the zone's own ledger columns (附加列), each a column of its own.
    """
    kinds = {"area": "amount", "instant": "date"}
    found = []
    for head in _with_number(heads):
        if head.key == "extra":
            found += [Column(one, width=16) for one in own]
            continue
        said = f"（{unit}）" if head.kind == "amount" else f"（{head.unit}）" if head.unit else ""
        said = "（天）" if head.key == "days" else said
        kind: Any = kinds.get(head.kind, head.kind)
        found.append(Column(f"{head.name}{said}", kind, max(8, head.width // 8)))
    return found


def cells(
    rows: Iterable[ProjectRow], heads: Sequence[Head], unit: str, day: dt.date, own: Sequence[str] = ()
) -> Iterator[list[Item]]:
    """The rows of the export as they stood on ``day``, exact amounts in ``unit``; ``own`` as in ``columns``."""
    shown = _with_number(heads)
    for row in rows:
        items: list[Item] = []
        for head in shown:
            if head.key == "extra":
                items += [(row.extra["extra"] or {}).get(one) for one in own]
            else:
                items.append(_item(head, value(row, head.key, day), unit))
        yield items


def totals(sums: ProjectSums, heads: Sequence[Head], unit: str, own: Sequence[str] = ()) -> list[Item]:
    """The foot of the export: the same sums as on the page."""
    big = f"其中亿元以上 {sums.big} 个、{in_unit(sums.big_fen, unit):,.2f} {unit}"
    items: list[Item] = [_item(head, total(sums, head.key), unit) for head in _with_number(heads)]
    items[0] = f"合计 {sums.projects} 个"
    free = next((place for place, head in enumerate(_with_number(heads)) if place > 1 and not head.number), 1)
    items[free] = big
    place = next((at for at, head in enumerate(_with_number(heads)) if head.key == "extra"), None)
    return items if place is None else [*items[:place], *([None] * len(own)), *items[place + 1 :]]


def _with_number(heads: Sequence[Head]) -> list[Head]:
    rest = [head for head in heads[1:] if head.key != "number"]
    return [heads[0], HEADS["number"], *rest]


def _item(head: Head, found: Any, unit: str) -> Item:
    read: dict[str, Callable[[], Item]] = {
        "stage": lambda: found.label,
        "land": lambda: Decimal(found) / 100,
    }
    if found is None:
        return None
    if head.kind == "amount":
        return in_unit(found, unit)
    return read[head.key]() if head.key in read else found


def share(recognised_fen: int, total_fen: int | None) -> Decimal | None:
    """到位率: recognised ÷ total × 100, one decimal; None without a total."""
    return share_percent(recognised_fen, total_fen) if total_fen else None
