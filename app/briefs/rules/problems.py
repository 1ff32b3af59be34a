"""Section 五 (what the warnings found) and 六 (what follows from them); nothing is said that no record says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from app.briefs.rules.origins import chains_without_contract, weak_segments
from app.briefs.rules.runs import Run, Text, row_of, sentence
from app.briefs.rules.sentences import Tokens
from app.briefs.rules.units import progress_of, ranked
from app.briefs.rules.view import FUNDS, Data, View
from app.briefs.rules.words import ORDINALS, growth, joined, percent, points, spoken
from app.figures.rules import BEHIND_POINTS, share_percent

PLANS = {3: "二季度分月", 6: "下半年分月", 9: "四季度分月"}
NAMED = 4
"""At most so many names in one point."""


def behind(view: View) -> list[Data]:
    """Units 10 points or more behind the calendar, worst first."""
    rows = [row for row in ranked(view) if progress_of(view, row).ahead_points <= -BEHIND_POINTS]
    return sorted(rows, key=lambda row: progress_of(view, row).ahead_points)


def problem_paragraphs(view: View) -> dict[str, Text]:
    """One paragraph for each warning that fired, by its name, numbered 一是, 二是, …"""
    rules = {"behind": _behind, "stalled": _stalled, "slow": _slow, "backlog": _backlog}
    found = {name: text for name, rule in rules.items() if (text := rule(view))}
    if not found:
        return {"none": view.say("problems.none")}
    if len(found) == 1:
        return found
    return {
        name: view.say("problems.numbered", {"序号": ORDINALS[number], "问题": text})
        for number, (name, text) in enumerate(found.items())
    }


def _behind(view: View) -> Text:
    rows = behind(view)
    if not rows:
        return []
    names: list[Text] = []
    for row in rows[:NAMED]:
        ahead = progress_of(view, row).ahead_points
        linked = view.links.figure(f"{points(ahead)}个百分点", FUNDS, "ahead", unit=row["unit"])
        names.append(view.say("problems.unit", {"单位": row["unit"], "百分点": linked}))
    many = len(rows) > NAMED
    exactly = any(progress_of(view, row).ahead_points == -BEHIND_POINTS for row in rows)
    key = "behind" if len(rows) > 1 else "behind_one" if len(ranked(view)) > 1 else "behind_only"
    return view.say(
        f"problems.{key}",
        {
            "欠进度单位": row_of(names),
            "等": view.say("problems.units_more", {"单位数": str(len(rows))}) if many else [],
            "界限": f"{'不少于' if exactly else '超过'}{BEHIND_POINTS}个百分点",
            "最差单位": _worst(view, rows[0]),
        },
    )


def _worst(view: View, row: Data) -> Text:
    """The unit furthest behind: its month, when it brought less than a twelfth of the target, and its growth."""
    links, unit, month = view.links, row["unit"], row["month"]
    if month * 12 >= row["target"]:
        return []
    fell, word = list[Run](), growth(row["ytd"], row["last_year_ytd"])
    if word and word.startswith("下降"):
        fell = view.say("problems.worst_year", {"增幅": links.figure(word, FUNDS, "yoy", unit=unit)})
    tokens: dict[str, Run | Text] = {"单位": unit, "累计同比": fell}
    if not month:
        return view.say("problems.worst_none", tokens)
    tokens["到位资金"] = links.figure(spoken(abs(month)), FUNDS, "month", unit=unit)
    return view.say("problems.worst_little" if month > 0 else "problems.worst_fell", tokens)


def _warned(view: View, name: str) -> Data:
    found: Data = view.data["warnings"]["sums"][name]
    return found


def _stalled(view: View) -> Text:
    stalled, big = _warned(view, "stalled"), _warned(view, "stalled_big")
    if not stalled["projects"]:
        return []
    links = view.links
    tokens: dict[str, Run | Text] = {
        "个数": links.figure(f"{stalled['projects']}个", "stalled.count"),
        "总投资": links.figure(spoken(stalled["total_fen"]), "stalled.amount"),
    }
    if not big["projects"]:
        return view.say("problems.stalled_small", tokens)

    def amount(row: Data) -> Text:
        return [links.figure(spoken(row["total_fen"]), "stalled.amount", project=row["project_id"])]

    tokens["亿元以上个数"] = links.figure(f"{big['projects']}个", "stalled_big.count")
    tokens["各项目"] = _by_unit(view, view.data["warnings"]["rows"]["stalled_big"], amount)
    return view.say("problems.stalled", tokens)


def _by_unit(view: View, rows: list[Data], fact: Callable[[Data], Text]) -> Text:
    """Up to four projects, those of one unit together: 招商二部的A4.91亿元、B2.96亿元，招商四部的C…; else 等n个."""
    units: dict[str, list[Text]] = {}
    for row in rows[:NAMED]:
        linked = view.links.project(row["name"], row["project_id"])
        units.setdefault(row["unit"], []).append(sentence(linked, fact(row)))
    parts = [
        view.say("problems.of_unit", {"单位": unit, "各项目": row_of(names)}) for unit, names in units.items()
    ]
    more = view.say("problems.more", {"项目数": str(len(rows))}) if len(rows) > NAMED else []
    return sentence(row_of(parts, "，"), more)


def _slow(view: View) -> Text:
    unfunded, slow = _warned(view, "unfunded")["projects"], _warned(view, "slow_big")["projects"]
    if not unfunded and not slow:
        return []
    links, rows, text = view.links, view.data["warnings"]["rows"], list[Run]()
    if unfunded:
        number = links.figure(f"{unfunded}个", "unfunded.count")
        named = _by_unit(view, rows["unfunded"], lambda _row: [])
        text = view.say("problems.unfunded", {"个数": number, "各项目": named})
    if slow:

        def rate(row: Data) -> Text:
            share = share_percent(row["arrived_fen"], row["total_fen"]) or Decimal(0)
            return [links.figure(percent(share), "slow.rate", project=row["project_id"])]

        tokens: dict[str, Run | Text] = {
            "未到位": text,
            "个数": links.figure(f"{slow}个", "slow.count"),
            "各项目": _by_unit(view, rows["slow_big"], rate),
        }
        text = view.say("problems.slow_also" if unfunded else "problems.slow_rate", tokens)
    return view.say("problems.slow_few" if unfunded + slow <= 3 else "problems.slow_many", {"项目情况": text})


def _backlog(view: View) -> Text:
    parts = [part for state in ("pending", "returned") if (part := _waiting(view, state))]
    if not parts:
        return []
    returned = any(row["state"] == "returned" for row in view.data["warnings"]["backlog"])
    return view.say("problems.returned" if returned else "problems.pending", {"各类": row_of(parts, "；")})


def _waiting(view: View, state: str) -> Text:
    rows = [row for row in view.data["warnings"]["backlog"] if row["state"] == state]
    if not rows:
        return []
    number, amount = sum(row["arrivals"] for row in rows), sum(row["amount_fen"] for row in rows)
    names, few = joined([row["unit"] for row in rows], NAMED), len(rows) <= NAMED
    return view.say(
        f"problems.some_{state}",
        {
            "笔数": view.links.figure(f"{number}笔", f"funds_{state}.count"),
            "金额": view.links.figure(spoken(amount), f"funds_{state}.amount"),
            "涉及单位": view.say("problems.where", {"各单位": names}) if few else [],
        },
    )


def next_paragraphs(view: View) -> dict[str, Text]:
    """What follows from the warnings: one paragraph each, by its name, without promises that nobody made."""
    rules = {"catch_up": _catch_up, "start": _start, "pay": _pay, "prove": _prove, "complete": _complete}
    found = {name: text for name, rule in rules.items() if (text := rule(view))}
    return found or {"none": view.say("next.none", {"时段": _rest_of_year(view)})}


def _rest_of_year(view: View) -> str:
    return {6: "下半年", 9: "四季度", 12: "下一年度"}.get(view.month.month, "后续月份")


def _catch_up(view: View) -> Text:
    rows, plan = behind(view), list[Run]()
    if not rows:
        return []
    if view.month.month != 12:
        plan = view.say("next.plan", {"时段": PLANS.get(view.month.month, "后续月份")})
    return view.say(
        "next.catch_up" if len(rows) > 1 else "next.catch_up_one",
        {
            "百分点数": f"{BEHIND_POINTS}个百分点",
            "单位数": str(len(rows)),
            "单位": rows[0]["unit"],
            "报送计划": plan,
        },
    )


def _start(view: View) -> Text:
    return view.say("next.start") if _warned(view, "stalled")["projects"] else []


def _pay(view: View) -> Text:
    number = _warned(view, "unfunded")["projects"] + _warned(view, "slow_big")["projects"]
    return view.say("next.pay", {"项目数": str(number)}) if number else []


def _prove(view: View) -> Text:
    arrivals = sum(row["arrivals"] for row in view.data["warnings"]["backlog"])
    return view.say("next.prove", {"总笔数": str(arrivals)}) if arrivals else []


def _complete(view: View) -> Text:
    weak = [f"{segment.chain}{segment.segment}" for segment in weak_segments(view)[:3]]
    idle = (
        [chain["chain"] for chain in chains_without_contract(view)][:3]
        if view.values("signed.count").ytd
        else []
    )
    names = weak + idle
    if not names:
        return []
    two = len(names) == 2
    tokens: Tokens = {"名称": ("和" if two else "、").join(names), "个数": "两" if two else str(len(names))}
    directions = view.say("next.directions" if len(names) > 1 else "next.direction", tokens)
    return view.say("next.complete_aid" if view.aided else "next.complete", {"方向": directions})
