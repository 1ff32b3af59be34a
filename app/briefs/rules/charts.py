"""Geometry of the three charts, in points, for the SVG templates; no chart depends on colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.briefs.rules.origins import named_chains
from app.briefs.rules.view import FUNDS, Data, View
from app.briefs.rules.words import percent, spoken
from app.figures.rules import share_percent
from app.kernel.money import FEN_PER_YI, plain_text

Chart = dict[str, Any]
WIDTH = 442
MAX_CHAINS = 12


def _yi(fen: int) -> str:
    return plain_text(fen, "亿元")


def _place(value: float) -> float:
    return round(value, 1)


def _steps(highest: int) -> list[int]:
    """Four round grid values from 0 that reach ``highest``, or nearly, in fen."""
    unit = FEN_PER_YI // 100
    while True:
        for factor in (1, 2, 5):
            step = unit * factor
            if highest * 10 <= 34 * step:
                return [step * number for number in range(4)]
        unit *= 10


def funds_chart(view: View) -> Chart | None:
    """图1: cumulative money, target by time and last year above; month by month below. None without any money."""
    months, last = view.data["months"]["funds"], view.data["months"]["funds_last_year"]
    if not any(months) and not any(last):
        return None
    target = view.target(FUNDS)
    line, last_line = _running(months), _running(last)
    goal = [target.target * number // 12 for number in range(1, len(months) + 1)] if target else []
    top = max(*line, *last_line, *goal, 1)
    grid = _steps(top)
    scale, slot = 99.7 / max(top, grid[-1]), 326 / len(months)
    xs = [_place(30 + slot * (number + 0.5)) for number in range(len(months))]

    def height(fen: int) -> float:
        return _place(132 - fen * scale)

    return {
        "kind": "chart",
        "chart": "funds",
        "height": 218,
        "caption": f"到位资金当月与累计（{view.span}）",
        "title": _funds_title(view, line[-1], last_line[-1], goal[-1] if goal else None),
        "grid": [{"y": height(value), "text": _yi(value)} for value in grid],
        "xs": xs,
        "line": [height(value) for value in line],
        "last": [height(value) for value in last_line] if any(last) else [],
        "goal": [height(value) for value in goal],
        "points": _points(xs, line, height),
        "ends": _ends(line, last_line if any(last) else [], goal, height),
        "bars": _bars(months, last, xs, slot),
        "one": len(months) == 1,
    }


def _running(values: list[int]) -> list[int]:
    sums, total = [], 0
    for value in values:
        total += value
        sums.append(total)
    return sums


def _funds_title(view: View, line: int, last: int, goal: int | None) -> str:
    drawn = "当月柱形、累计折线与时序目标线" if goal is not None else "当月柱形与累计折线"
    aim = f"，时序目标{spoken(goal)}" if goal is not None else ""
    return f"{view.span.replace('—', '至')}到位资金：{drawn}。{view.end}累计{spoken(line)}{aim}，上年同期{spoken(last)}。"


def _points(xs: list[float], line: list[int], height: Callable[[int], float]) -> list[Data]:
    """Values below the rings, or above them near the axis; the last one stands at the end of the line."""
    found = []
    for x, value in list(zip(xs, line, strict=True))[:-1]:
        y = height(value)
        found.append({"x": _place(x + 4), "y": _place(y + 14 if y < 116 else y - 5), "text": _yi(value)})
    return found


def _ends(line: list[int], last: list[int], goal: list[int], height: Callable[[int], float]) -> list[Data]:
    """Labels at the ends of the lines, 14 points apart at least, in the order of the lines."""
    ends: list[Data] = [{"y": height(line[-1]), "text": f"累计到位 {_yi(line[-1])}", "grey": False}]
    if goal:
        ends.append({"y": height(goal[-1]), "text": f"时序目标 {_yi(goal[-1])}", "grey": False})
    if last:
        ends.append({"y": height(last[-1]), "text": f"上年同期 {_yi(last[-1])}", "grey": True})
    ends.sort(key=lambda end: end["y"])
    at = [end["y"] for end in ends]
    for number in range(1, len(at)):
        at[number] = max(at[number], at[number - 1] + 14.5)
    spread = (sum(at) - sum(end["y"] for end in ends)) / len(at)
    at = [max(8.0 + 14.5 * number, y - spread) for number, y in enumerate(at)]
    return [end | {"label": _place(y)} for end, y in zip(ends, at, strict=True)]


def _bars(months: list[int], last: list[int], xs: list[float], slot: float) -> list[Data]:
    top = max(*months, *last, 1)
    scale = 34.4 / top
    wide = min(19.0, slot * 0.42)
    return [
        {
            "x": x,
            "wide": _place(wide),
            "narrow": _place(wide * 15 / 19),
            "last": _place(before * scale),
            "now": _place(now * scale),
            "text": _yi(now),
            "month": f"{number}月",
            "small": len(months) > 8,
        }
        for number, (now, before, x) in enumerate(zip(months, last, xs, strict=True), 1)
    ]


FUNNEL = (
    ("signed", "签约及以上", "#243447"),
    ("landed", "落地及以上", "#42536a"),
    ("started", "开工及以上", "#66758a"),
    ("produced", "投产及以上", "#98a4b3"),
    ("full", "达产", "#c3cbd5"),
)


def funnel_chart(view: View) -> Chart | None:
    """图2: how far the standing projects are, by count and by amount. None without projects."""
    stock, stages = view.data["stock"], view.data["stages"]
    if not stock["projects"]:
        return None
    rows: list[Data] = []
    for place, (_stage, label, shade) in enumerate(FUNNEL):
        onward = stages[place:]
        count, fen = sum(s["projects"] for s in onward), sum(s["total_fen"] for s in onward)
        before = rows[-1]["count"] if rows else 0
        share = share_percent(count, before) if before else None
        rows.append(
            {
                "y": 16 + 26 * place,
                "label": label,
                "shade": shade,
                "count": count,
                "count_width": _place(116 * count / stock["projects"]),
                "text": _yi(fen),
                "fen": fen,
                "amount_width": _place(116 * fen / stock["total_fen"]) if stock["total_fen"] else 0,
                "here": f"{stages[place]['projects']}个、{spoken(stages[place]['total_fen'])}",
                "passed": percent(share) if share is not None else "",
            }
        )
    said = "，".join(f"{row['label']}{row['count']}个、{spoken(row['fen'])}" for row in rows)
    return {
        "kind": "chart",
        "chart": "funnel",
        "height": 146,
        "caption": f"在册签约项目阶段漏斗（截至{view.end}）",
        "title": f"在册签约项目阶段漏斗：{said}",
        "rows": rows,
    }


def chains_chart(view: View) -> Chart | None:
    """图3: investment and expected output by chain, at most twelve. None without projects in chains."""
    chains = [chain for chain in named_chains(view) if chain["projects"]][:MAX_CHAINS]
    if not chains:
        return None
    top = max(max(chain["total_fen"], chain["output_fen"]) for chain in chains)
    labels = [chain["chain"] if len(chain["chain"]) <= 10 else chain["chain"][:9] + "…" for chain in chains]
    left = max(84, 9 * max(len(label) for label in labels) + 30)
    scale, pitch = (WIDTH - left - 51.6) / max(top, 1), 22.7
    rows = [
        {
            "y": _place(14 + pitch * place),
            "label": f"{labels[place]} {chain['projects']}个",
            "total": _place(chain["total_fen"] * scale),
            "total_text": _yi(chain["total_fen"]),
            "output": _place(chain["output_fen"] * scale),
            "output_text": _yi(chain["output_fen"]),
        }
        for place, chain in enumerate(chains)
    ]
    said = "，".join(f"{c['chain']}{spoken(c['total_fen'])}、{spoken(c['output_fen'])}" for c in chains)
    return {
        "kind": "chart",
        "chart": "chains",
        "height": round(14 + pitch * len(chains)),
        "left": left,
        "caption": f"各产业链在册项目总投资与预计年产值（截至{view.end}）",
        "title": f"各产业链在册项目总投资与预计年产值：{said}",
        "rows": rows,
    }
