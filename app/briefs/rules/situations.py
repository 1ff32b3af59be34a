"""A month as it might have been: the same numbers altered, so that each case of a sentence can be seen.

Nothing here is printed; the altered numbers need not add up.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from app.briefs.rules.view import FUNDS, Data
from app.figures.rules import NONE_LABEL

Alter = Callable[[Data], None]
LAST_YEAR = ("last_year_ytd", "funds_last_fen", "started_big_last")
"""Where a row keeps last year's number, and …"""
THIS_YEAR = {"funds_last_fen": "funds_fen", "started_big_last": "started_big"}
"""… what it is compared with."""


def situations(snapshot: Data) -> Iterator[tuple[str, Data]]:
    """Names, and ``snapshot`` altered accordingly; its ``data`` is copied each time."""
    bare = {key: value for key, value in snapshot.items() if key not in ("rows", "content", "prose")}
    for name, alter in SITUATIONS.items():
        altered = bare | {"data": copy.deepcopy(bare["data"])}
        alter(altered)
        yield name, altered


def _nests(data: Any) -> Iterator[Data]:
    """Every row and every figure."""
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _nests(value)
    elif isinstance(data, list):
        for value in data:
            yield from _nests(value)


def _against_last_year(percent: int) -> Alter:
    """Last year was so many percent of this year."""

    def alter(snapshot: Data) -> None:
        for nest in _nests(snapshot["data"]):
            for key in LAST_YEAR:
                now = nest.get(THIS_YEAR.get(key, "ytd"))
                if key in nest and now is not None:
                    nest[key] = now * percent // 100

    return alter


def _month(change: Callable[[int], int]) -> Alter:
    def alter(snapshot: Data) -> None:
        data = snapshot["data"]
        for nest in _nests([data["figures"], data["units"], data["chains"]]):
            if isinstance(nest.get("month"), int):
                nest["month"] = change(nest["month"])
        if change(1) <= 0:
            data["largest"] = dict.fromkeys(data["largest"])
            for chain in data["chains"]:
                chain["new_segments"] = {}

    return alter


def _nothing_this_year(snapshot: Data) -> None:
    _month(lambda _value: 0)(snapshot)
    data = snapshot["data"]
    for nest in _nests([data[key] for key in ("figures", "units", "chains", "origins", "areas")]):
        for key in ("ytd", "funds_fen", "started_big", "signed_fen"):
            if key in nest:
                nest[key] = 0


def _of_targets(percent: int) -> Alter:
    """What came in is so many percent of what the time gone by asks for; 0: there are no targets."""

    def alter(snapshot: Data) -> None:
        data, gone = snapshot["data"], int(snapshot["month"][5:])
        if not percent:
            data["targets"] = []
        figures = {code: values["ytd"] for code, values in data["figures"].items()}
        known = [row["figure"] for row in data["targets"]]
        if percent and FUNDS not in known:
            data["targets"].append({"figure": FUNDS, "target": 1, "ytd": figures[FUNDS]})
        for row in [*data["targets"], *data["units"]]:
            row["target"] = max(1, row["ytd"] * 1200 // (gone * percent)) if percent else None
            if not percent:
                row["rank"] = row["rank_before"] = None

    return alter


def _in(month: int) -> Alter:
    def alter(snapshot: Data) -> None:
        snapshot["month"] = f"{snapshot['month'][:4]}-{month:02d}"
        if month == 1:
            snapshot["data"]["before"] = None

    return alter


def _big(share: int) -> Alter:
    """All of them are 亿元以上 (1), or none (0)."""

    def alter(snapshot: Data) -> None:
        figures = snapshot["data"]["figures"]
        for code in [code for code in figures if "_big." in code]:
            figures[code] = {w: v * share for w, v in figures[code.replace("_big", "")].items()}

    return alter


def _calm(snapshot: Data) -> None:
    warnings = snapshot["data"]["warnings"]
    warnings["sums"] = {name: {"projects": 0, "total_fen": 0} for name in warnings["sums"]}
    warnings["rows"], warnings["backlog"] = {name: [] for name in warnings["rows"]}, []


def _single(snapshot: Data) -> None:
    """One project, one unit, one area."""
    data = snapshot["data"]
    for code, values in data["figures"].items():
        if code.endswith(".count"):
            values["month"] = min(values["month"], 1)
    data["units"], data["areas"] = data["units"][:1], data["areas"][:1]
    data["targets"] = data["targets"][-1:]


def _empty(snapshot: Data) -> None:
    """A zone that has just begun."""
    _nothing_this_year(snapshot)
    _calm(snapshot)
    data = snapshot["data"]
    data["stock"] = dict.fromkeys(data["stock"], 0)
    data["reserve"] = dict.fromkeys(data["reserve"], 0)
    for key in ("chains", "areas", "units", "targets", "dissolved"):
        data[key] = []


def _tied(snapshot: Data) -> None:
    """Areas and units share their places."""
    for rows in (
        [row for row in snapshot["data"]["areas"] if row["area"] != NONE_LABEL],
        [row for row in snapshot["data"]["units"] if row["target"]],
    ):
        for row in rows:
            row |= {key: rows[0][key] for key in row if key not in ("area", "unit", "rank_before")}


def _elsewhere(snapshot: Data) -> None:
    snapshot["zone"] = snapshot["zone"] | {"province": ""}


SITUATIONS: dict[str, Alter] = {
    "同比增长": _against_last_year(80),
    "同比下降": _against_last_year(125),
    "与上年持平": _against_last_year(100),
    "上年同期无基数": _against_last_year(0),
    "本月没有": _month(lambda _value: 0),
    "累计没有": _nothing_this_year,
    "因更正减少": _month(lambda value: -max(value, 1)),
    "快于时间进度": _of_targets(108),
    "慢于时间进度": _of_targets(80),
    "已完成全年目标": _of_targets(250),
    "未下达目标": _of_targets(0),
    "均为亿元以上": _big(1),
    "均在亿元以下": _big(0),
    "只有一个": _single,
    "并列": _tied,
    "没有预警": _calm,
    "1月": _in(1),
    "12月": _in(12),
    "不在援疆地区": _elsewhere,
    "刚刚起步的园区": _empty,
}
