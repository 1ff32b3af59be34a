"""The address of the list of companies: its parameters read as a filter and written again, as chips and tabs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.directory.rules import origins
from app.figures.queries.companies import CompanyOrder, OriginCount
from app.investors.queries import InvestorFilter
from app.investors.rules import InvestorType
from app.kernel.errors import DomainError
from app.web.lists import Chip, read_text

NO_ORIGIN = "-"
"""In an address: companies whose origin nobody has said."""
_PROJECTS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Tab:
    """A usual view of the list."""

    name: str
    wanted: InvestorFilter
    count: int


def read_filter(args: MultiDict[str, str]) -> InvestorFilter:
    """The filter that an address asks for. Raises ``DomainError`` for what is no origin or type."""
    asked = list(dict.fromkeys(text for text in args.getlist("origin") if text))
    types = list(dict.fromkeys(text for text in args.getlist("type") if text))
    if not set(asked) <= {*origins(), NO_ORIGIN} or not set(types) <= set(InvestorType.__members__):
        raise DomainError("筛选条件中的来源地或企业性质无法识别，请清空条件后重新选择")
    return InvestorFilter(
        text=read_text(args),
        origins=tuple(None if text == NO_ORIGIN else text for text in asked),
        types=tuple(InvestorType(text) for text in types),
        with_projects=_PROJECTS.get(args.get("projects", "")),
        merged=args.get("state") == "merged",
    )


def write_filter(wanted: InvestorFilter) -> dict[str, Any]:
    """The parameters that ask for ``wanted``."""
    projects = {value: name for name, value in _PROJECTS.items()}
    written = {
        "q": wanted.text or None,
        "origin": [NO_ORIGIN if origin is None else origin for origin in wanted.origins],
        "type": [kind.value for kind in wanted.types],
        "projects": None if wanted.with_projects is None else projects[wanted.with_projects],
        "state": "merged" if wanted.merged else None,
    }
    return {name: value for name, value in written.items() if value}


def read_order(args: MultiDict[str, str]) -> tuple[CompanyOrder, bool]:
    """What to sort by and whether the largest comes first; an unknown name is the usual order."""
    wanted = args.get("sort", "")
    order = CompanyOrder(wanted) if wanted in CompanyOrder.__members__ else CompanyOrder.total
    return order, args.get("dir") != "asc"


def tabs(counts: Iterable[OriginCount]) -> list[Tab]:
    """The usual views with how many companies each has."""
    rows = list(counts)
    standing, busy = sum(row.standing for row in rows), sum(row.with_projects for row in rows)
    return [
        Tab("全部", InvestorFilter(), standing),
        Tab("有项目", InvestorFilter(with_projects=True), busy),
        Tab("暂无项目", InvestorFilter(with_projects=False), standing - busy),
        Tab("已并入其他企业", InvestorFilter(merged=True), sum(row.merged for row in rows)),
    ]


def chips(wanted: InvestorFilter, keep: Mapping[str, Any]) -> list[Chip]:
    """The conditions in words; ``keep`` are the parameters that stay when one is taken away."""
    has = {True: "有", False: "暂无", None: ""}[wanted.with_projects]
    said: list[tuple[str, str, dict[str, Any]]] = [
        ("包含", wanted.text, {"text": ""}),
        ("来源地", "、".join(origin or "未填" for origin in wanted.origins), {"origins": ()}),
        ("企业性质", "、".join(kind.label for kind in wanted.types), {"types": ()}),
        ("项目", has, {"with_projects": None}),
        ("状态", "已并入" if wanted.merged else "", {"merged": False}),
    ]
    return [
        Chip(
            name,
            value,
            url_for("investors.list_investors", **{**keep, **write_filter(replace(wanted, **without))}),
        )
        for name, value, without in said
        if value
    ]
