"""Arrivals side by side in one row: 第1笔到账时间, 第1笔到账金额, 第2笔到账时间 …"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.ledger.rules.columns import ARRIVALS
from app.ledger.rules.recognition import Column

AMOUNTS = ("折人民币（万元）", "原币金额（万）")
_OF_ARRIVALS = frozenset(ARRIVALS.heads) - {"序号", "项目编号", "项目名称"}


def side_by_side(columns: list[Column]) -> list[Column]:
    """The columns with their arrivals counted; as they are where not every one has a day and an amount."""
    groups: list[dict[str, Column]] = [{}]
    for column in (c for c in columns if c.field in _OF_ARRIVALS):
        if column.field in groups[-1]:
            groups.append({})
        groups[-1][column.field] = column
    whole = all("到账日期" in group and group.keys() & set(AMOUNTS) for group in groups)
    if len(groups) < 2 or not whole:
        return columns
    count = {column.place: number for number, group in enumerate(groups) for column in group.values()}
    return [replace(column, again=count.get(column.place, 0)) for column in columns]


def only(columns: Sequence[Column], number: int) -> tuple[Column, ...]:
    """The columns of one of the arrivals of a row, with those that hold for all of them."""
    own = {column.field for column in columns if column.again == number and column.field in _OF_ARRIVALS}
    if number:
        own.add("凭证号")  # is one arrival's own
    return tuple(
        replace(column, again=0)
        for column in columns
        if column.again == number or (not column.again and column.field not in own)
    )
