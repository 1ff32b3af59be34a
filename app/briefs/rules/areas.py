"""Section 三: the areas (sentences: brief.md §2.4)."""

from __future__ import annotations

from app.briefs.rules.opening import growth_said
from app.briefs.rules.runs import Run, Text, row_of
from app.briefs.rules.view import FUNDS, Data, View
from app.briefs.rules.words import spoken
from app.figures.rules import NONE_LABEL


def areas_paragraph(view: View) -> Text:
    """片区分布: who has most money, who started most."""
    rows = [row for row in view.data["areas"] if row["area"] != NONE_LABEL]
    if not rows:
        return view.say("areas.unset")
    parts = [part for part in (_most_money(view, rows), _most_started(view, rows)) if part]
    return view.say("areas.all", {"内容": row_of(parts, "；")}) if parts else view.say("areas.none")


def _most_money(view: View, rows: list[Data]) -> Text:
    most = max(row["funds_fen"] for row in rows)
    if not most:
        return []
    names = [row["area"] for row in rows if row["funds_fen"] == most]
    key = "areas.money" if len(rows) == 1 else "areas.money_tied" if len(names) > 1 else "areas.money_first"
    linked = view.links.figure(spoken(most), FUNDS, "ytd", area=names[0])
    return view.say(key, {"片区": "、".join(names), "到位资金": linked, "片区数": str(len(rows))})


def _most_started(view: View, rows: list[Data]) -> Text:
    most, code = max(row["started_big"] for row in rows), "started_big.count"
    if not most:
        return []
    first = [row for row in rows if row["started_big"] == most]
    area = first[0]["area"]
    tokens: dict[str, Run | Text] = {
        "片区": "、".join(row["area"] for row in first),
        "个数": view.links.figure(f"{most}个", code, "ytd", area=area),
    }
    if len(first) > 1:
        return view.say("areas.started_tied", tokens)
    before = first[0]["started_big_last"]
    grown = growth_said(view, most, before, code, area=area)
    tokens["比上年"] = view.say(
        "areas.started_growth" if before else "areas.started_no_base", {"同比": grown}
    )
    return view.say("areas.started_most" if len(rows) > 1 else "areas.started", tokens)
