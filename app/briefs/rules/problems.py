"""Section 五 (what the warnings found) and 六 (what follows from them); nothing is said that no record says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from app.briefs.rules.origins import chains_without_contract, weak_segments
from app.briefs.rules.runs import Text, row_of, sentence
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
        return {"none": ["本月无触发预警的事项。"]}
    if len(found) == 1:
        return found
    ordered = enumerate(found.items())
    return {name: sentence(f"{ORDINALS[number]}是", text) for number, (name, text) in ordered}


def _behind(view: View) -> Text:
    rows = behind(view)
    if not rows:
        return []
    names: list[Text] = []
    for row in rows[:NAMED]:
        ahead = progress_of(view, row).ahead_points
        linked = view.links.figure(f"{points(ahead)}个百分点", FUNDS, "ahead", unit=row["unit"])
        names.append([f"{row['unit']}欠进度", linked])
    more = f"等{len(rows)}个单位" if len(rows) > NAMED else ""
    both = "均" if len(rows) > 1 else ""
    exactly = any(progress_of(view, row).ahead_points == -BEHIND_POINTS for row in rows)
    limit = f"，{both}{'不少于' if exactly else '超过'}{BEHIND_POINTS}个百分点"
    head = "责任单位进度不平衡。" if len(ranked(view)) > 1 else "到位资金进度滞后。"
    return sentence(head, row_of(names), more, limit, _worst(view, rows[0]), "。")


def _worst(view: View, row: Data) -> Text:
    """The unit furthest behind: its month, when it brought less than a twelfth of the target, and its growth."""
    links, unit = view.links, row["unit"]
    if row["month"] * 12 >= row["target"]:
        return []
    text: Text = [f"；{unit}{view.this}无资金到位"]
    if row["month"]:
        text = [
            f"；{unit}{view.this}到位资金{'仅' if row['month'] > 0 else '净减少'}",
            links.figure(spoken(abs(row["month"])), FUNDS, "month", unit=unit),
        ]
    word = growth(row["ytd"], row["last_year_ytd"])
    if word and word.startswith("下降"):
        text += ["，累计同比", links.figure(word, FUNDS, "yoy", unit=unit)]
    return text


def _warned(view: View, name: str) -> Data:
    found: Data = view.data["warnings"]["sums"][name]
    return found


def _stalled(view: View) -> Text:
    stalled, big = _warned(view, "stalled"), _warned(view, "stalled_big")
    if not stalled["projects"]:
        return []
    links = view.links
    text = sentence(
        "部分项目签约后迟迟未开工。签约满半年仍未开工的项目",
        links.figure(f"{stalled['projects']}个", "stalled.count"),
        "、总投资",
        links.figure(spoken(stalled["total_fen"]), "stalled.amount"),
    )
    if not big["projects"]:
        return sentence(text, "，均在亿元以下。")
    rows = view.data["warnings"]["rows"]["stalled_big"]
    amounts = {
        row["project_id"]: links.figure(spoken(row["total_fen"]), "stalled.amount", project=row["project_id"])
        for row in rows
    }
    count = links.figure(f"{big['projects']}个", "stalled_big.count")
    names = _by_unit(view, rows, lambda row: [amounts[row["project_id"]]])
    return sentence(text, "，其中亿元以上", count, "：", names, "。")


def _by_unit(view: View, rows: list[Data], fact: Callable[[Data], Text]) -> Text:
    """Up to four projects, those of one unit together: 招商二部的A4.91亿元、B2.96亿元，招商四部的C…; else 等n个."""
    units: dict[str, list[Text]] = {}
    for row in rows[:NAMED]:
        linked = view.links.project(row["name"], row["project_id"])
        units.setdefault(row["unit"], []).append(sentence(linked, fact(row)))
    parts = [sentence(f"{unit}的", row_of(names)) for unit, names in units.items()]
    return sentence(row_of(parts, "，"), f"等{len(rows)}个" if len(rows) > NAMED else "")


def _slow(view: View) -> Text:
    unfunded, slow = _warned(view, "unfunded"), _warned(view, "slow_big")
    if not unfunded["projects"] and not slow["projects"]:
        return []
    links, rows = view.links, view.data["warnings"]["rows"]
    some = "个别" if unfunded["projects"] + slow["projects"] <= 3 else "部分"
    text = sentence(f"{some}项目资金到位偏慢。", _unfunded(view, unfunded, rows["unfunded"]))
    if not slow["projects"]:
        return sentence(text, "。")
    number = links.figure(f"{slow['projects']}个", "slow.count")
    text = sentence(
        text, "；" if unfunded["projects"] else "；但", number, "亿元以上项目开工满半年、资金到位率不足20%："
    )

    def rate(row: Data) -> Text:
        share = share_percent(row["arrived_fen"], row["total_fen"]) or Decimal(0)
        return [links.figure(percent(share), "slow.rate", project=row["project_id"])]

    return sentence(text, _by_unit(view, rows["slow_big"], rate), "。")


def _unfunded(view: View, unfunded: Data, rows: list[Data]) -> Text:
    if not unfunded["projects"]:
        return ["无已开工而资金未到位的项目"]
    number = view.links.figure(f"{unfunded['projects']}个", "unfunded.count")
    return sentence("已开工而资金未到位的项目", number, "：", _by_unit(view, rows, lambda _row: []))


def _backlog(view: View) -> Text:
    parts = []
    for state, words, code in (
        ("pending", "待审核到账", "funds_pending"),
        ("returned", "退回待补正", "funds_returned"),
    ):
        rows = [row for row in view.data["warnings"]["backlog"] if row["state"] == state]
        if not rows:
            continue
        number, amount = sum(row["arrivals"] for row in rows), sum(row["amount_fen"] for row in rows)
        names = [row["unit"] for row in rows]
        where = f"，涉及{joined(names, NAMED)}" if len(names) <= NAMED else ""
        parts.append(
            sentence(
                words,
                view.links.figure(f"{number}笔", f"{code}.count"),
                "、",
                view.links.figure(spoken(amount), f"{code}.amount"),
                where,
            )
        )
    if not parts:
        return []
    returned = any(row["state"] == "returned" for row in view.data["warnings"]["backlog"])
    head = "到账凭证补正不及时。" if returned else "部分到账尚未审核认定。"
    return sentence(head, row_of(parts, "；"), "。以上均未计入到位资金。")


def next_paragraphs(view: View) -> dict[str, Text]:
    """What follows from the warnings: one paragraph each, by its name, without promises that nobody made."""
    rules = {"catch_up": _catch_up, "start": _start, "pay": _pay, "prove": _prove, "complete": _complete}
    found = {name: text for name, rule in rules.items() if (text := rule(view))}
    return found or {"none": [f"对照年度目标，抓好{_rest_of_year(view)}项目签约、开工和资金到位。"]}


def _rest_of_year(view: View) -> str:
    return {6: "下半年", 9: "四季度", 12: "下一年度"}.get(view.month.month, "后续月份")


def _catch_up(view: View) -> Text:
    rows = behind(view)
    if not rows:
        return []
    number = f"的{len(rows)}个责任单位逐一会商" if len(rows) > 1 else f"的{rows[0]['unit']}专题会商"
    plan = "" if view.month.month == 12 else f"，报送{PLANS.get(view.month.month, '后续月份')}到位资金计划"
    return [f"盯紧时间进度，对欠进度{BEHIND_POINTS}个百分点以上{number}{plan}。"]


def _start(view: View) -> Text:
    if not _warned(view, "stalled")["projects"]:
        return []
    return [
        "盯紧签约未开工项目，由包联领导牵头逐个项目列出用地、能评、环评等手续清单，明确开工时限，每月通报一次。"
    ]


def _pay(view: View) -> Text:
    number = _warned(view, "unfunded")["projects"] + _warned(view, "slow_big")["projects"]
    if not number:
        return []
    return [f"盯紧资金到位，对资金到位偏慢的{number}个项目逐一核实投资计划，督促按合同约定到资。"]


def _prove(view: View) -> Text:
    arrivals = sum(row["arrivals"] for row in view.data["warnings"]["backlog"])
    if not arrivals:
        return []
    return [f"盯紧到账认定，对待审核和退回的{arrivals}笔到账限期补正凭证、及时审核。"]


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
    directions = f"围绕{'和'.join(names) if len(names) == 2 else '、'.join(names)}"
    directions += f"{len(names) if len(names) != 2 else '两'}个方向" if len(names) > 1 else "方向"
    by = "，依托对口援疆机制开展小分队招商" if view.aided else "，组织小分队招商"
    return [f"盯紧补链延链，{directions}{by}。"]
