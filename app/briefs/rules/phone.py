"""The same content for a narrow page: headline first, tables of at most four columns, projects as cards.

Nothing is worded anew: what a wide table has in more columns stands in small type below the name.
"""

from __future__ import annotations

from typing import Any

from app.briefs.rules.runs import Run, Text
from app.briefs.rules.view import FUNDS, Data, View
from app.briefs.rules.words import growth, points, rate, spoken
from app.figures.rules import ratio

Block = dict[str, Any]
SHOWN = ("本月", "累计", "总投资", "到位资金", "同比")
"""Columns that keep a column of their own, by the head they begin with."""
COLUMNS = 3
SERIAL = ("序号", "位次")
SMALL_FIGURES = (
    ("新签约", "signed.count", "个"),
    ("合同总投资", "signed.amount", ""),
    ("亿元以上新开工", "started_big.count", "个"),
    ("新投产", "produced.count", "个"),
)


def phone_content(snapshot: Data) -> Data:
    """The brief's content for the phone: ``hero`` before the first sentence, every block in its narrow form."""
    content: Data = snapshot["content"]
    view = View(snapshot)
    sections = [
        section | {"blocks": [block for wide in section["blocks"] for block in _narrow(view, wide)]}
        for section in content["sections"]
    ]
    annexes = [
        annex | {"blocks": [block for wide in annex["blocks"] for block in _narrow(view, wide)]}
        for annex in content["annexes"]
    ]
    return content | {"hero": _hero(view), "sections": sections, "annexes": annexes}


def _hero(view: View) -> Data:
    """到位资金 large with its bar, and four figures."""
    values, target = view.values(FUNDS), view.target(FUNDS)
    said, share = [], None
    if target is not None:
        ahead = target.ahead_points
        word = "超进度" if ahead > 0 else "欠进度" if ahead < 0 else ""
        said.append(f"完成年度目标{rate(target.done_percent, 2)}")
        said.append(f"{word}{points(abs(ahead))}个百分点" if word else "与时间进度持平")
        share = min(float(target.done_percent), 100.0)
    grown = growth(values.ytd, values.last_year_ytd)
    said.append(f"同比{grown}" if grown else "上年同期无基数")
    return {
        "label": f"到位资金　{view.span[5:]}累计",
        "amount": view.links.figure(spoken(values.ytd), FUNDS, "ytd"),
        "share": share,
        "elapsed": round(100 * view.month.month / 12, 1),
        "said": "，".join(said),
        "small": [_small(view, name, code, unit) for name, code, unit in SMALL_FIGURES],
    }


def _small(view: View, name: str, code: str, unit: str) -> Data:
    values = view.values(code)
    text = f"{values.ytd}{unit}" if unit else spoken(values.ytd)
    grown = growth(values.ytd, values.last_year_ytd)
    return {
        "name": name,
        "value": view.links.figure(text, code, "ytd"),
        "said": f"同比{grown}" if grown else "上年同期无基数",
    }


def _narrow(view: View, block: Block) -> list[Block]:
    if block["kind"] == "chart":
        return [_bars(view, block)]
    if block["kind"] == "ledger":
        return [_ledger_cards(group) for group in block["groups"]]
    if block["kind"] == "table" and block["style"] == "big":
        return [_change_cards(body) for body in block["bodies"]]
    if block["kind"] == "table" and block["style"] == "def":
        rows = [row["cells"] for body in block["bodies"] for row in body["rows"]]
        return [{"kind": "terms", "rows": [{"name": r[0]["r"], "text": r[2]["r"]} for r in rows]}]
    return [_table(block)] if block["kind"] == "table" else [block]


def _table(block: Block) -> Block:
    heads = ["".join(head["lines"]) for head in block["head"]]
    units = [head["unit"] for head in block["head"]]
    first = 1 if heads[0] in SERIAL else 0
    own = [n for n, head in enumerate(heads) if n > first and head.startswith(SHOWN)][-COLUMNS:]
    rest = [n for n in range(first + 1, len(heads)) if n not in own]
    rows = []
    for body in block["bodies"]:
        for row in body["rows"]:
            cells = row["cells"]
            serial = cells[0]["r"] if first else []
            name = [*serial, "　", *cells[first]["r"]] if serial not in ([], [""]) else cells[first]["r"]
            rows.append(
                {
                    "name": name,
                    "small": _aside([(heads[n], units[n], cells[n]["r"]) for n in rest]),
                    "cells": [cells[n]["r"] for n in own],
                    "c": row["c"],
                }
            )
    head = [{"name": heads[n], "unit": units[n]} for n in own]
    return {"kind": "narrow", "caption": block["caption"], "first": heads[first], "head": head, "rows": rows}


def _aside(parts: list[tuple[str, str, Text]]) -> Text:
    """What a wide table says in columns that a phone has no room for: 年度目标 40　完成率 50%."""
    text: Text = []
    for head, unit, runs in parts:
        if runs in ([], [""], ["—"]):
            continue
        if head == "单位":
            text += [*runs, "　"]
        else:
            text += [
                f"{head} ",
                *runs,
                unit.strip("（）") if unit not in ("（个）", "（百分点）") else "",
                "　",
            ]
    return text[:-1]


def _change_cards(body: Data) -> Block:
    cards = []
    for row in body["rows"]:
        _serial, name, investor, chain, area, total, arrived = row["cells"]
        cards.append(
            {
                "name": name["r"],
                "investor": investor["r"],
                "where": [*chain["r"], f"　{area['r'][0]}　{area['s']}"],
                "amount": [*total["r"], "亿"],
                "small": ["到位 ", *arrived["r"], "亿"],
            }
        )
    return {"kind": "cards", "title": f"{body['title']}亿元以上项目　{body['rest']}", "cards": cards}


def _ledger_cards(group: Data) -> Block:
    cards = []
    for row in group["rows"]:
        _serial, name, investor, segment, area, unit, total, stage, arrived, rate = row["cells"]
        where: list[Run] = ["　".join(str(cell["r"][0]) for cell in (segment, area, unit, stage))]
        cards.append(
            {
                "name": name["r"],
                "investor": investor["r"],
                "where": where,
                "amount": [*total["r"], "亿"],
                "small": ["到位 ", *arrived["r"], "亿　", *rate["r"]],
            }
        )
    return {"kind": "cards", "title": group["title"], "cards": cards}


def _bars(view: View, block: Block) -> Block:
    """A chart as bars beside their numbers: drawn small, its words could not be read."""
    rows: list[Data] = []
    if block["chart"] == "funds":
        months = view.data["months"]["funds"]
        total = 0
        for number, fen in enumerate(months, 1):
            total += fen
            rows.append(_bar(f"{number}月", fen, max(months), f"累计{spoken(total)}"))
    elif block["chart"] == "funnel":
        top = max(row["fen"] for row in block["rows"])
        rows = [_bar(row["label"], row["fen"], top, f"{row['count']}个") for row in block["rows"]]
    else:
        chains = [chain for chain in view.data["chains"] if chain["projects"]]
        top = max(chain["total_fen"] for chain in chains)
        rows = [
            _bar(c["chain"], c["total_fen"], top, f"{c['projects']}个，预计年产值{spoken(c['output_fen'])}")
            for c in chains
        ]
    return {"kind": "bars", "caption": block["caption"], "rows": rows}


def _bar(label: str, fen: int, top: int, said: str) -> Data:
    share = ratio(100 * fen, top, 1) if top else None
    return {"label": label, "text": spoken(fen), "said": said, "share": float(share or 0)}
