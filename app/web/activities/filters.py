"""The address of the list of activities, read as a filter and written again; its columns on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.activities.queries import ActivityFilter, ActivityRow, ActivitySums, Linked
from app.activities.rules import AWAY, ActivityKind
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.ledger.workbook.writing import Column, Item
from app.web.lists import Chip, Lists, in_days, read_day, read_members, read_text


@dataclass(frozen=True)
class Tab:
    """A usual view of the list."""

    name: str
    wanted: ActivityFilter


def read_filter(args: MultiDict[str, str], lists: Lists) -> ActivityFilter:
    """The filter that an address asks for. Raises ``DomainError`` for what is no list member or day."""
    linked = args.get("linked", "")
    return ActivityFilter(
        kinds=tuple(kind for kind in ActivityKind if kind.value in args.getlist("kind")),
        units=read_members(args, "dept", lists["unit"], "责任单位"),
        people=read_members(args, "by", lists["person"], "登记人"),
        since=read_day(args, "from"),
        until=read_day(args, "to"),
        linked=Linked(linked) if linked in Linked.__members__ else None,
        text=read_text(args),
        project_id=_project(args.get("project", "")),
        withdrawn=args.get("withdrawn") == "1",
    )


def write_filter(wanted: ActivityFilter) -> dict[str, Any]:
    """The parameters that ask for ``wanted``."""
    written = {
        "kind": [kind.value for kind in wanted.kinds],
        "dept": list(wanted.units),
        "by": list(wanted.people),
        "from": wanted.since,
        "to": wanted.until,
        "linked": wanted.linked.value if wanted.linked else None,
        "q": wanted.text or None,
        "project": wanted.project_id,
        "withdrawn": "1" if wanted.withdrawn else None,
    }
    return {name: value for name, value in written.items() if value}


def tabs(month: Month, user_id: int) -> list[Tab]:
    """The usual views, with the month in work."""
    window = month.window
    return [
        Tab("全部", ActivityFilter()),
        Tab(f"{month.label}外出", ActivityFilter(kinds=AWAY, since=window.start, until=window.end)),
        Tab("未关联", ActivityFilter(linked=Linked.unlinked)),
        Tab("我登记的", ActivityFilter(people=(user_id,))),
        Tab("已撤回", ActivityFilter(withdrawn=True)),
    ]


def chips(wanted: ActivityFilter, lists: Lists, rows: Iterable[ActivityRow]) -> list[Chip]:
    """The conditions in words."""
    project = next((row.project for row in rows if row.project_id == wanted.project_id), None)
    said: list[tuple[str, str, dict[str, Any]]] = [
        ("包含", wanted.text, {"text": ""}),
        ("方式", "、".join(kind.label for kind in wanted.kinds), {"kinds": ()}),
        ("责任单位", "、".join(lists["unit"][key] for key in wanted.units), {"units": ()}),
        ("登记人", "、".join(lists["person"][key] for key in wanted.people), {"people": ()}),
        ("活动日期", in_days(wanted.since, wanted.until), {"since": None, "until": None}),
        ("关联", wanted.linked.label if wanted.linked else "", {"linked": None}),
        ("项目", (project or "所选项目") if wanted.project_id else "", {"project_id": None}),
        ("状态", "已撤回" if wanted.withdrawn else "", {"withdrawn": False}),
    ]
    return [
        Chip(name, value, url_for("activities.list_activities", **write_filter(replace(wanted, **without))))
        for name, value, without in said
        if value
    ]


def columns() -> list[Column]:
    """The heads of the export."""
    return [
        Column("日期", "date", 12),
        Column("方式", width=10),
        Column("内容", width=60),
        Column("关联类型", width=9),
        Column("关联对象", width=32),
        Column("地点", width=20),
        Column("参加人员", width=24),
        Column("外出人数", "count", 10),
        Column("外出天数", "count", 10),
        Column("责任单位", width=14),
        Column("登记人", width=10),
        Column("登记日期", "date", 12),
    ]


def cells(rows: Iterable[ActivityRow]) -> Iterator[list[Item]]:
    """The rows of the export."""
    for row in rows:
        about = row.about
        yield [
            row.on_day,
            row.kind.label,
            row.text,
            about[0].label if about else None,
            about[2] if about else None,
            row.place,
            row.participants,
            row.people,
            row.days,
            row.unit,
            row.logged_name,
            row.logged_at.date(),
        ]


def totals(sums: ActivitySums) -> list[Item]:
    """The foot of the export: the same sums as on the page, and by unit in words."""
    words = "；".join(
        f"{unit.name or '未定单位'} {unit.times} 次 {unit.people} 人次 {unit.days} 天" for unit in sums.units
    )
    items: list[Item] = [None] * 12
    items[0], items[1], items[2] = "合计", f"{sums.times} 次", words
    items[7], items[8] = sums.people, sums.days
    return items


def _project(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise DomainError("筛选条件中的项目无法识别，请清空条件后重新选择")
    return int(text)
