"""The note below 表1: how to read it, and what was corrected or dissolved (brief.md §2, figures.md §4.4)."""

from __future__ import annotations

import datetime as dt

from app.briefs.rules.runs import Text, row_of, sentence
from app.briefs.rules.view import Data, View
from app.briefs.rules.words import day_label, spoken
from app.journal.rules import FactKind
from app.kernel.periods import Month

HOW_TO_READ = (
    "注：完成率为累计占年度目标的比重；超（欠）进度为完成率减去已过月数占全年的比重；同比为累计与上年同期相比；"
    "“—”表示未下达年度目标或上年同期无基数。"
)
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
    corrected = sentence("数据调整：", _corrections(view), _dissolved(view))
    return [[HOW_TO_READ], corrected]


def _corrections(view: View) -> Text:
    """What the close corrected of earlier months; up to four by name, all of more in an annex."""
    rows = view.data.get("corrections")
    if rows is None:
        return [f"{view.month.label}尚未关账，调整以前月份数据的情况在关账后列明。"]
    if not rows:
        return ["本月无调整以前月份数据的情况（0笔）。"]
    head = f"本月调整以前月份数据{len(rows)}笔，已计入本月数"
    if len(rows) > NAMED:
        return [f"{head}，逐笔见附件“以前月份数据调整明细”。"]
    return sentence(head, "：", row_of([correction(view, row) for row in rows], "；"), "。")


def correction(view: View, row: Data) -> Text:
    """One correction: the project, its month, what it was and is, and why."""
    name = view.links.project(row["project"], row["project_id"])
    what = FactKind(row["kind"]).label
    was, now = _said(row, "before"), _said(row, "now")
    if row["why"] == "new":
        return sentence(name, f"{month_of(view, row['day'])}{what}由0改为{now}，原因：当月漏报，补记")
    if row["why"] == "removed":
        return sentence(name, f"{month_of(view, row['day_before'])}{what}{was}改为0，原因：原记录撤销")
    before, after = month_of(view, row["day_before"]), month_of(view, row["day"])
    if before != after:
        changed = f"{before}{what}{was}改为{after}{what}{now}"
    elif row["fen_before"] != row["fen"]:
        changed = f"{before}{what}{was}改为{now}"
    else:
        changed = f"{before}{what}{was}"
    return sentence(name, changed, f"，原因：{reason_of(row)}")


def reason_of(row: Data) -> str:
    """Why, in words: which of the fact's columns were put right."""
    if row["why"] != "changed":
        return "当月漏报，补记" if row["why"] == "new" else "原记录撤销"
    names = dict.fromkeys(CHANGED[column] for column in row["changed"] if column in CHANGED)
    return f"更正{'、'.join(names)}" if names else "更正"


def month_of(view: View, day: str) -> str:
    """3月, with the year in front when it is not the brief's."""
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
    head = [
        "年内累计剔除合同终止项目",
        links.figure(f"{len(rows)}个", "terminated.count", "ytd"),
        "、",
        links.figure(spoken(total), "terminated.amount", "ytd"),
        "：",
    ]
    return sentence(*head, row_of([_one(view, row) for row in rows], "；"), _why(view), "。")


def _one(view: View, row: Data) -> Text:
    signed, ended = dt.date.fromisoformat(row["signed_on"]), dt.date.fromisoformat(row["ended_on"])
    year = view.month.year
    left = Month.of(ended, view.month.cutoff).month
    counted = "签约数" if signed.year == year else "在册项目"
    days = f"，{day_label(signed, year)}签约，{day_label(ended, year)}终止，自{left}月起不再计入{counted}"
    return sentence(view.links.project(row["name"], row["project_id"]), days)


def _why(view: View) -> Text:
    """Why the months do not add up to the year, when they do not."""
    months, ytd = sum(view.data["months"]["signed"]), view.values("signed.count").ytd
    if months <= ytd:
        return []
    links = view.links
    return [
        "，故新签约各月当月数之和（",
        links.figure(f"{months}个", "signed.count", "sum_of_months"),
        "）比累计数（",
        links.figure(f"{ytd}个", "signed.count", "ytd"),
        "）多",
        links.figure(f"{months - ytd}个", "terminated.count", "ytd"),
    ]
