"""The address of the list of arrivals, read as a filter and written again; its columns on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.funds.queries import ArrivalFilter, ArrivalOrder, ArrivalRow, ArrivalSums
from app.funds.rules import CNY, CURRENCIES, RATE_SCALE, REVIEWED, FundSource, ReviewState
from app.kernel.money import amount_text, cut_zeros, in_unit
from app.kernel.periods import Month
from app.ledger.workbook.writing import Column, Item
from app.web.lists import Chip, Lists, in_days, read_day, read_members, read_text

STATE_WORDS = {
    ReviewState.pending: "待审核",
    ReviewState.recognised: "已认定",
    ReviewState.returned: "已退回",
    ReviewState.withdrawn: "已撤回",
    ReviewState.voided: "已作废",
}


@dataclass(frozen=True)
class Tab:
    """A usual view of the list; ``count`` None where it is not counted."""

    name: str
    wanted: ArrivalFilter
    count: int | None


def read_filter(args: MultiDict[str, str], lists: Lists) -> ArrivalFilter:
    """The filter that an address asks for. Raises ``DomainError`` for what is no list member or day."""
    return ArrivalFilter(
        states=tuple(state for state in ReviewState if state.value in args.getlist("state")),
        units=read_members(args, "dept", lists["unit"], "责任单位"),
        sources=tuple(source for source in FundSource if source.value in args.getlist("source")),
        since=read_day(args, "from"),
        until=read_day(args, "to"),
        text=read_text(args),
    )


def write_filter(wanted: ArrivalFilter) -> dict[str, Any]:
    """The parameters that ask for ``wanted``."""
    written = {
        "state": [state.value for state in wanted.states],
        "dept": list(wanted.units),
        "source": [source.value for source in wanted.sources],
        "from": wanted.since,
        "to": wanted.until,
        "q": wanted.text or None,
    }
    return {name: value for name, value in written.items() if value}


def read_order(args: MultiDict[str, str]) -> tuple[ArrivalOrder, bool]:
    """What to sort by and whether the largest comes first; an unknown name is the usual order."""
    wanted = args.get("sort", "")
    order = ArrivalOrder(wanted) if wanted in ArrivalOrder.__members__ else ArrivalOrder.arrived
    return order, args.get("dir") != "asc"


def tabs(month: Month, sums: ArrivalSums) -> list[Tab]:
    """The usual views; the counts are those of the whole zone."""
    states = [
        Tab(STATE_WORDS[state], ArrivalFilter(states=(state,)), sums.known.get(state, 0))
        for state in ReviewState
        if state in REVIEWED or sums.known.get(state)
    ]
    known = sum(number for state, number in sums.known.items() if state is not ReviewState.voided)
    this_month = ArrivalFilter(since=month.window.start, until=month.window.end)
    return [
        Tab("全部", ArrivalFilter(), known),
        *states,
        Tab(f"{month.label}到账", this_month, None),
    ]


def chips(wanted: ArrivalFilter, lists: Lists, keep: Mapping[str, Any]) -> list[Chip]:
    """The conditions in words; ``keep`` are the parameters that stay when one is taken away."""
    said: list[tuple[str, str, dict[str, Any]]] = [
        ("包含", wanted.text, {"text": ""}),
        ("状态", "、".join(STATE_WORDS[state] for state in wanted.states), {"states": ()}),
        ("责任单位", "、".join(lists["unit"][key] for key in wanted.units), {"units": ()}),
        ("资金来源", "、".join(source.label for source in wanted.sources), {"sources": ()}),
        ("到账日期", in_days(wanted.since, wanted.until), {"since": None, "until": None}),
    ]
    found = []
    for name, value, without in said:
        if value:
            rest = write_filter(replace(wanted, **without))
            found.append(Chip(name, value, url_for("funds.list_arrivals", **{**keep, **rest})))
    return found


def original(row: Any) -> str:
    """Foreign money as it came: 74.76 万美元 × 7.1; nothing for yuan."""
    if row.currency == CNY:
        return ""
    rate = cut_zeros(in_unit(row.rate_millionths, "元") * 100 / RATE_SCALE)
    return f"{amount_text(row.original_minor)} 万{CURRENCIES.get(row.currency, row.currency)} × {rate}"


def columns(unit: str) -> list[Column]:
    """The heads of the export, amounts in ``unit``."""
    return [
        Column("到账日期", "date", 12),
        Column("项目名称", width=32),
        Column("项目编号", width=16),
        Column("投资方", width=28),
        Column("责任单位", width=14),
        Column("资金来源", width=10),
        Column("资金用途", width=14),
        Column("凭证号", width=18),
        Column(f"折人民币（{unit}）", "amount", 16),
        Column("原币", width=22),
        Column("状态", width=9),
        Column("登记人", width=10),
        Column("审核人", width=10),
        Column("退回原因", width=24),
    ]


def cells(rows: Iterable[ArrivalRow], unit: str) -> Iterator[list[Item]]:
    """The rows of the export, exact amounts in ``unit``."""
    for row in rows:
        yield [
            row.arrived_on,
            row.project,
            row.number,
            row.investor,
            row.unit,
            row.source.label,
            row.purpose,
            row.voucher,
            in_unit(row.amount_fen, unit),
            original(row),
            STATE_WORDS[row.state],
            row.recorded_name,
            row.reviewed_name,
            row.return_reason,
        ]


def totals(sums: ArrivalSums, unit: str) -> list[Item]:
    """The foot of the export: the same sums as on the page."""
    parts = [
        f"{STATE_WORDS[state]} {number} 笔 {amount_text(fen, unit)}"
        for state in ReviewState
        for number, fen in [sums.of(state)]
        if number
    ]
    items: list[Item] = [None] * 14
    items[0], items[1], items[8] = "合计", f"{sums.arrivals} 笔", in_unit(sums.amount_fen, unit)
    items[3] = "；".join(parts)
    return items
