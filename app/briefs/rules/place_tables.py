"""The tables of areas and of origins (brief.md §2.4)."""

from __future__ import annotations

import re

from app.briefs.rules.cells import Table, amount, body, cell, count, heading, ratio_cell, row, table
from app.briefs.rules.origins import AID, by_group
from app.briefs.rules.view import FUNDS, Data, View
from app.briefs.rules.words import rate, table_growth
from app.figures.rules import NONE_LABEL, share_percent


def areas_table(view: View) -> Table | None:
    """表4: areas; None for a zone without areas."""
    if not view.data["areas"]:
        return None
    rows = [_area(view, area, {"area": area["area"]}) for area in view.data["areas"]]
    funds, stock = view.values(FUNDS), view.data["stock"]
    whole = {
        "area": "合计",
        "projects": stock["projects"],
        "total_fen": stock["total_fen"],
        "signed": view.values("signed.count").ytd,
        "started_big": view.values("started_big.count").ytd,
        "funds_fen": funds.ytd,
        "funds_last_fen": funds.last_year_ytd,
    }
    rows.append(_area(view, whole, {}, kind="sum"))
    head = heading(
        "片区", "在册项目~（个）", "总投资~（亿元）", "新签约~（个）", "亿元以上新开工~（个）", "到位资金~（亿元）",
        "占比", "同比",
    )  # fmt: skip
    return table("按落地片区分列", "20 10.5 11 9.5 16.5 12 10 10.5", head, [body(rows)])


def _area(view: View, area: Data, narrowed: Data, kind: str = "") -> Data:
    name = "未填片区" if area["area"] == NONE_LABEL else area["area"]
    return row(
        cell(name, "l"),
        count(view, area["projects"], "stock.count", **narrowed),
        amount(view, area["total_fen"], "stock.amount", **narrowed),
        count(view, area["signed"], "signed.count", "ytd", **narrowed),
        count(view, area["started_big"], "started_big.count", "ytd", **narrowed),
        amount(view, area["funds_fen"], FUNDS, "ytd", **narrowed),
        ratio_cell(
            view, rate(share_percent(area["funds_fen"], view.values(FUNDS).ytd)), "funds.share", **narrowed
        ),
        ratio_cell(view, table_growth(area["funds_fen"], area["funds_last_fen"]), FUNDS, "yoy", **narrowed),
        kind=kind,
    )


def origins_table(view: View) -> Table | None:
    """表5: origins by group; None when nothing has an origin."""
    rows = []
    for group, members in by_group(view):
        rows += _origin_group(view, group, members)
    if not rows:
        return None
    funds, stock = view.values(FUNDS), view.data["stock"]
    whole = _summed(
        [
            {
                **stock,
                "signed": view.values("signed.count").ytd,
                "funds_fen": funds.ytd,
                "funds_last_fen": funds.last_year_ytd,
            }
        ]
    )
    rows.append(_origin(view, "合计", whole, {}, kind="sum"))
    head = heading(
        "来源地", "在册项目~（个）", "总投资~（亿元）", "新签约~（个）", "到位资金~（亿元）", "占比",
        "上年同期~（亿元）", "同比",
    )  # fmt: skip
    return table("按投资来源地分列", "24 10 11.5 9.5 12 11 11.5 10.5", head, [body(rows)], "org")


def _origin_group(view: View, group: str, members: list[Data]) -> list[Data]:
    """A group with its members below it; one with at most two names is a single row that names them."""
    names, whole = [member["origin"] for member in members], _summed(members)
    if group == AID or (group == "区外境内" and len(members) > 2):
        rows = [_origin(view, group, whole, {"origin": group}, kind="subt")]
        for place, member in enumerate(members):
            label = member["origin"] if place else f"其中：{member['origin']}"
            rows.append(_origin(view, label, _summed([member]), {"origin": member["origin"]}, style="l in"))
        return rows
    if group == "未填来源地":
        return [_origin(view, group, whole, {"origin": NONE_LABEL})]
    label = (
        f"{group}（{'、'.join(_short(name) for name in names) if len(names) <= 2 else f'{len(names)}个'}）"
    )
    key = names[0] if len(names) == 1 and group == "其他省份" else group
    return [_origin(view, label, whole, {"origin": key})]


def _short(name: str) -> str:
    """新疆 for 新疆维吾尔自治区: an autonomous region by its place."""
    return re.sub("(维吾尔|壮族|回族)?自治区$", "", name)


def _summed(rows: list[Data]) -> Data:
    keys = ("projects", "total_fen", "signed", "funds_fen", "funds_last_fen")
    return {key: sum(each[key] for each in rows) for key in keys}


def _origin(view: View, name: str, sums: Data, narrowed: Data, *, kind: str = "", style: str = "l") -> Data:
    return row(
        cell(name, style),
        count(view, sums["projects"], "stock.count", **narrowed),
        amount(view, sums["total_fen"], "stock.amount", **narrowed),
        count(view, sums["signed"], "signed.count", "ytd", **narrowed),
        amount(view, sums["funds_fen"], FUNDS, "ytd", **narrowed),
        ratio_cell(
            view, rate(share_percent(sums["funds_fen"], view.values(FUNDS).ytd)), "funds.share", **narrowed
        ),
        amount(view, sums["funds_last_fen"], FUNDS, "last_year_ytd", **narrowed),
        ratio_cell(view, table_growth(sums["funds_fen"], sums["funds_last_fen"]), FUNDS, "yoy", **narrowed),
        kind=kind,
    )
