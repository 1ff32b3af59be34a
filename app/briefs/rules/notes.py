"""The note below 表1: how to read it, and what was corrected or dissolved (brief.md §2, figures.md §4.4)."""

from __future__ import annotations

import datetime as dt

from app.briefs.rules.runs import Run, Text, row_of
from app.briefs.rules.sentences import Tokens
from app.briefs.rules.view import Data, View
from app.briefs.rules.words import day_label, spoken
from app.journal.rules import FactKind
from app.kernel.periods import Month

NAMED = 4
"""At most so many corrections in the note."""
CHANGED = {
    "on_day": "日期",
    "amount_fen": "金额",
    "big": "金额",
    "counts": "合同性质",
    "ended_on": "终止日期",
    "unit_id": "责任单位",
    "area_id": "落地片区",
    "chain_id": "产业链",
    "segment_id": "链上环节",
    "industry": "行业",
    "origin": "来源地",
    "source": "资金来源",
    "investor_type": "企业性质",
    "output_fen": "预计年产值",
    "project_id": "项目",
}
"""What the columns of a fact are called."""


def indicator_notes(view: View) -> list[Text]:
    """How to read the table, then corrections of earlier months and contracts dissolved this year."""
    tokens: Tokens = {"更正": _corrections(view), "合同终止": _dissolved(view)}
    return [view.say("adjusted.how"), view.say("adjusted.all", tokens)]


def _corrections(view: View) -> Text:
    """What the close corrected of earlier months; up to four by name, all of more in an annex."""
    rows = view.data.get("corrections")
    if rows is None:
        return view.say("adjusted.open", {"年月": view.month.label})
    if not rows:
        return view.say("adjusted.none")
    tokens: dict[str, Run | Text] = {"总笔数": str(len(rows))}
    if len(rows) > NAMED:
        return view.say("adjusted.many", tokens)
    tokens["各笔"] = row_of([correction(view, row) for row in rows], "；")
    return view.say("adjusted.few", tokens)


def correction(view: View, row: Data) -> Text:
    """One correction: the project, its month, what it was and is, and why."""
    before, after = month_of(view, row["day_before"]), month_of(view, row["day"])
    key = {"new": "new", "removed": "removed"}.get(row["why"], "other")
    if key == "other" and before != after:
        key = "moved"
    elif key == "other" and row["fen_before"] != row["fen"]:
        key = "amount"
    return view.say(
        f"adjusted.{key}",
        {
            "项目名称": view.links.project(row["project"], row["project_id"]),
            "原月份": before or after,
            "新月份": after,
            "事项": FactKind(row["kind"]).label,
            "原数": _said(row, "before"),
            "新数": _said(row, "now"),
            "原因": reason_of(row),
        },
    )


def reason_of(row: Data) -> str:
    """Why, in words: what the reviewer gave as reason, else which of the fact's columns were put right."""
    if reason := row.get("reason"):
        return str(reason).rstrip("。；;")
    if row["why"] != "changed":
        return "当月漏报，补记" if row["why"] == "new" else "原记录撤销"
    names = dict.fromkeys(CHANGED[column] for column in row["changed"] if column in CHANGED)
    return f"更正{'、'.join(names)}" if names else "更正"


def month_of(view: View, day: str | None) -> str:
    """3月, with the year in front when it is not the brief's; nothing without a day."""
    if day is None:
        return ""
    month = Month.of(dt.date.fromisoformat(day), view.month.cutoff)
    return f"{month.month}月" if month.year == view.month.year else f"{month.year}年{month.month}月"


def _said(row: Data, when: str) -> str:
    fen = row["fen_before"] if when == "before" else row["fen"]
    return "" if fen is None else spoken(fen)


def _dissolved(view: View) -> Text:
    rows, links = view.data["dissolved"], view.links
    if not rows:
        return []
    total = sum(row["total_fen"] for row in rows)
    return view.say(
        "adjusted.dissolved",
        {
            "个数": links.figure(f"{len(rows)}个", "terminated.count", "ytd"),
            "总投资": links.figure(spoken(total), "terminated.amount", "ytd"),
            "各项目": row_of([_one(view, row) for row in rows], "；"),
            "说明": _why(view),
        },
    )


def _one(view: View, row: Data) -> Text:
    signed, ended = dt.date.fromisoformat(row["signed_on"]), dt.date.fromisoformat(row["ended_on"])
    year = view.month.year
    return view.say(
        "adjusted.dissolved_signed" if signed.year == year else "adjusted.dissolved_stock",
        {
            "项目名称": view.links.project(row["name"], row["project_id"]),
            "签约日": day_label(signed, year),
            "终止日": day_label(ended, year),
            "终止月": f"{Month.of(ended, view.month.cutoff).month}月",
        },
    )


def _why(view: View) -> Text:
    """Why the months do not add up to the year, when they do not."""
    months, ytd = sum(view.data["months"]["signed"]), view.values("signed.count").ytd
    if months <= ytd:
        return []
    links = view.links
    return view.say(
        "adjusted.why",
        {
            "各月之和": links.figure(f"{months}个", "signed.count", "sum_of_months"),
            "累计": links.figure(f"{ytd}个", "signed.count", "ytd"),
            "差额": links.figure(f"{months - ytd}个", "terminated.count", "ytd"),
        },
    )
