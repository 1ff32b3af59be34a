"""The lead list's address: its parameters read as a filter and written again, as chips and tabs.

``dept`` is the responsible unit; ``unit`` is that of the amounts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.kernel.errors import DomainError
from app.leads.queries import Attention, LeadFilter
from app.leads.rules import LeadSource, LeadState
from app.web.lists import Chip, Lists, in_days, read_day, read_members, read_text

Choice = TypeVar("Choice", bound=StrEnum)
CLOSED = (LeadState.passed_on, LeadState.declined, LeadState.lapsed)


@dataclass(frozen=True)
class Tab:
    """A usual view of the list."""

    key: str
    name: str
    wanted: LeadFilter


TABS = (
    Tab("every", "全部", LeadFilter()),
    Tab("late", "超时", LeadFilter(attention=Attention.overdue)),
    Tab("waiting", "待研判", LeadFilter(states=(LeadState.open,))),
    Tab("followed", "跟进中", LeadFilter(states=(LeadState.followed,))),
    Tab("converted", "已转项目", LeadFilter(states=(LeadState.converted,))),
    Tab("closed", "转出、不跟进、失效", LeadFilter(states=CLOSED)),
)


def read_filter(args: MultiDict[str, str], lists: Lists) -> LeadFilter:
    """The filter that an address asks for. Raises ``DomainError`` for what is no state, unit, source or day."""
    attention = args.get("need", "")
    return LeadFilter(
        states=_members(args, "state", LeadState, "状态"),
        units=read_members(args, "dept", lists["unit"], "责任单位"),
        sources=_members(args, "source", LeadSource, "来源"),
        text=read_text(args),
        attention=Attention(attention) if attention in Attention.__members__ else None,
        reported_from=read_day(args, "from"),
        reported_to=read_day(args, "to"),
    )


def write_filter(wanted: LeadFilter) -> dict[str, Any]:
    """The parameters that ask for ``wanted``."""
    written = {
        "state": [state.value for state in wanted.states],
        "dept": list(wanted.units),
        "source": [source.value for source in wanted.sources],
        "q": wanted.text or None,
        "need": wanted.attention.value if wanted.attention else None,
        "from": wanted.reported_from,
        "to": wanted.reported_to,
    }
    return {name: value for name, value in written.items() if value}


def chips(wanted: LeadFilter, lists: Lists) -> list[Chip]:
    """The conditions in words."""
    said: list[tuple[str, str, dict[str, Any]]] = [
        ("包含", wanted.text, {"text": ""}),
        ("状态", "、".join(state.label for state in wanted.states), {"states": ()}),
        ("责任单位", "、".join(lists["unit"][key] for key in wanted.units), {"units": ()}),
        ("来源", "、".join(source.label for source in wanted.sources), {"sources": ()}),
        ("提醒", wanted.attention.label if wanted.attention else "", {"attention": None}),
        (
            "首报日期",
            in_days(wanted.reported_from, wanted.reported_to),
            {"reported_from": None, "reported_to": None},
        ),
    ]
    return [
        Chip(name, value, url_for("leads.list_leads", **write_filter(replace(wanted, **without))))
        for name, value, without in said
        if value
    ]


def _members(args: MultiDict[str, str], name: str, kind: type[Choice], label: str) -> tuple[Choice, ...]:
    asked = {text for text in args.getlist(name) if text}
    if not asked <= {member.value for member in kind}:
        raise DomainError(f"筛选条件中的{label}无法识别，请清空条件后重新选择")
    return tuple(member for member in kind if member.value in asked)
