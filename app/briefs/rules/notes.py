"""The note below 表1: how to read it, and what was corrected or dissolved (brief.md §2, figures.md §4.4)."""

from __future__ import annotations

import datetime as dt

from app.briefs.rules.runs import Text, row_of, sentence
from app.briefs.rules.view import Data, View
from app.briefs.rules.words import day_label, spoken
from app.figures.rules import CATALOGUE, Measure
from app.kernel.periods import Month

HOW_TO_READ = (
    "注：完成率为累计占年度目标的比重；超（欠）进度为完成率减去已过月数占全年的比重；同比为累计与上年同期相比；"
    "“—”表示未下达年度目标或上年同期无基数。"
)


def indicator_notes(view: View) -> list[Text]:
    """How to read the table, then corrections of earlier months and contracts dissolved this year."""
    corrected = sentence("数据调整：", _corrections(view), _dissolved(view))
    return [[HOW_TO_READ], corrected]


def _corrections(view: View) -> Text:
    """What the last brief printed, beside what the records of its month say today."""
    found = view.data["printed_before"]
    if found is None:
        before = view.month.previous()
        return [f"系统内无{before.year}年{before.month}月简报，本月未与上期印发数比对。"]
    month = Month.parse(found["month"])
    changed = [code for code in found["printed"] if found["printed"][code] != found["now"].get(code)]
    if not changed:
        return ["本月无调整以前月份数据的情况（0笔）。"]
    parts = [_corrected(code, found, month) for code in changed]
    return sentence(f"本月调整以前月份数据，涉及{len(changed)}项指标：", row_of(parts, "；"), "。")


def _corrected(code: str, found: Data, month: Month) -> Text:
    figure = CATALOGUE[code]
    old, new = found["printed"][code], found["now"][code]
    if figure.measure is Measure.count:
        return [f"{month.period_label}{figure.name}由{old}个改为{new}个"]
    return [f"{month.period_label}{figure.name}由{spoken(old)}改为{spoken(new)}"]


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
    if months == ytd:
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
