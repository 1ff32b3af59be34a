"""The project list's address: its parameters read as a filter and written again, as chips and tabs.

``dept`` is the responsible unit; ``unit`` is that of the amounts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.funds.queries import ProjectOrder
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.pipeline.queries import ProjectFilter, Standing
from app.pipeline.rules import Stage
from app.web.lists import Chip, Lists, in_days, read_day, read_members, read_text


@dataclass(frozen=True)
class Tab:
    """A usual view of the list."""

    key: str
    name: str
    wanted: ProjectFilter


def read_filter(args: MultiDict[str, str], lists: Lists) -> ProjectFilter:
    """The filter that an address asks for. Raises ``DomainError`` for what is no stage, list member or day."""
    return ProjectFilter(
        stages=tuple(sorted({_stage(text) for text in args.getlist("stage") if text}, key=list(Stage).index)),
        units=read_members(args, "dept", lists["unit"], "责任单位"),
        areas=read_members(args, "area", lists["area"], "落地片区"),
        chains=read_members(args, "chain", lists["chain"], "产业链"),
        big=args.get("big") == "1",
        contracted=args.get("contract") == "formal",
        signed_from=read_day(args, "from"),
        signed_to=read_day(args, "to"),
        text=read_text(args),
        standing=_standing(args.get("state", "")),
        as_of=_past(read_day(args, "asof")),
    )


def write_filter(wanted: ProjectFilter) -> dict[str, Any]:
    """The parameters that ask for ``wanted``."""
    written = {
        "stage": [stage.value for stage in wanted.stages],
        "dept": list(wanted.units),
        "area": list(wanted.areas),
        "chain": list(wanted.chains),
        "big": "1" if wanted.big else None,
        "contract": "formal" if wanted.contracted else None,
        "from": wanted.signed_from,
        "to": wanted.signed_to,
        "q": wanted.text or None,
        "state": wanted.standing.value if wanted.standing else None,
        "asof": wanted.as_of,
    }
    return {name: value for name, value in written.items() if value}


def read_order(args: MultiDict[str, str]) -> tuple[ProjectOrder, bool]:
    """What to sort by and whether the largest comes first; an unknown name is the usual order."""
    wanted = args.get("sort", "")
    order = ProjectOrder(wanted) if wanted in ProjectOrder.__members__ else ProjectOrder.signed
    return order, args.get("dir") != "asc"


def tabs(month: Month) -> tuple[Tab, ...]:
    """The usual views, with the year of the month in work."""
    contracts = ProjectFilter(contracted=True, standing=Standing.standing)
    return (
        Tab("all", "全部", ProjectFilter()),
        Tab(
            "signed",
            "本年新签约",
            replace(contracts, signed_from=month.ytd.start, signed_to=month.ytd.end),
        ),
        Tab("big", "在册亿元以上", replace(contracts, big=True)),
        Tab("waiting", "签约未开工", ProjectFilter(stages=(Stage.signed, Stage.landed))),
        Tab("talks", "在谈", ProjectFilter(stages=(Stage.talks,))),
    )


def chips(
    wanted: ProjectFilter, lists: Lists, keep: Mapping[str, Any], endpoint: str, everything: str
) -> list[Chip]:
    """The conditions in words; ``keep`` are the parameters that stay when one is taken away.

    ``everything`` is the address of the page without any condition.
    """

    def names(kind: str, ids: tuple[int, ...]) -> str:
        return "、".join(lists[kind][key] for key in ids)

    said: list[tuple[str, str, dict[str, Any]]] = [
        ("截至", f"{wanted.as_of}" if wanted.as_of else "", {"as_of": None}),
        ("包含", wanted.text, {"text": ""}),
        ("阶段", "、".join(stage.label for stage in wanted.stages), {"stages": ()}),
        ("责任单位", names("unit", wanted.units), {"units": ()}),
        ("落地片区", names("area", wanted.areas), {"areas": ()}),
        ("产业链", names("chain", wanted.chains), {"chains": ()}),
        ("总投资", "1亿元（含）以上" if wanted.big else "", {"big": False}),
        ("合同类型", "正式合同" if wanted.contracted else "", {"contracted": False}),
        ("签约日期", in_days(wanted.signed_from, wanted.signed_to), {"signed_from": None, "signed_to": None}),
        ("状态", wanted.standing.label if wanted.standing else "", {"standing": None}),
    ]
    found = []
    for name, value, without in said:
        if value:
            rest = write_filter(replace(wanted, **without))
            found.append(Chip(name, value, url_for(endpoint, **{**keep, **rest}) if rest else everything))
    return found


def _stage(text: str) -> Stage:
    if text not in Stage.__members__:
        raise DomainError("筛选条件中的阶段无法识别，请清空条件后重新选择")
    return Stage(text)


def _past(day: dt.date | None) -> dt.date | None:
    if day is not None and day > clock.today():
        raise DomainError(f"“截至”日期 {day} 晚于今天，请选今天或以前的日期")
    return day


def _standing(text: str) -> Standing | None:
    return Standing(text) if text in Standing.__members__ else None
