"""The six tables of the brief (brief.md §2)."""

from __future__ import annotations

from app.briefs.rules.cells import (
    Table,
    amount,
    body,
    cell,
    count,
    heading,
    progress_cells,
    ratio_cell,
    row,
    table,
)
from app.briefs.rules.ranking import movement
from app.briefs.rules.runs import Run, Text, sentence
from app.briefs.rules.units import progress_of
from app.briefs.rules.view import FUNDS, Data, View
from app.briefs.rules.words import DASH, percent, spoken, table_amount, table_growth
from app.figures.rules import CATALOGUE, NONE_LABEL, WHOLE_ZONE, Measure, growth_percent

INDICATORS = {
    "signed.count": "新签约合同项目",
    "signed.amount": "新签约合同总投资",
    "signed_big.count": "其中：亿元以上",
    "started.count": "新开工项目",
    "started_big.count": "其中：亿元以上",
    "produced.count": "新投产项目",
    FUNDS: "到位资金",
}


def indicators_table(view: View) -> Table:
    """表1: the main figures, and any other that has a target."""
    codes = [code for code in CATALOGUE if code in INDICATORS or view.target(code)]
    rows = [_indicator(view, code) for code in codes]
    head = heading(
        "指标", "单位", "年度|目标", "本月", "累计", "完成率", "超（欠）进度~（百分点）", "上年|同期", "同比"
    )
    return table(f"主要指标完成情况（{view.span}）", "22 6.5 9.5 8.5 9 11 14 9.5 10", head, [body(rows)])


def _indicator(view: View, code: str) -> Data:
    figure, values, target = CATALOGUE[code], view.values(code), view.target(code)
    counted = figure.measure is Measure.count
    name = INDICATORS.get(code, figure.name)

    def number(value: int, window: str) -> Data:
        text = str(value) if counted else table_amount(value)[0]
        return cell(view.links.figure(text, code, window))

    growth = growth_percent(values.ytd, values.last_year_ytd)
    return row(
        cell(name, "l in" if name.startswith("其中") else "l"),
        cell("个" if counted else "亿元", "c"),
        number(target.target, "target") if target else cell(DASH),
        number(values.month, "month"),
        number(values.ytd, "ytd"),
        *progress_cells(view, target, code),
        number(values.last_year_ytd, "last_year_ytd"),
        ratio_cell(view, DASH if growth is None else percent(growth), code, "yoy"),
    )


def changes_table(view: View) -> Table | None:
    """表2: 亿元以上 projects signed, started, produced in the month; None without any."""
    bodies, serial = [], 0
    for kind, name in (("signed", "新签约"), ("started", "新开工"), ("produced", "新投产")):
        found = view.data["changes"][kind]
        if not found:
            continue
        rows = [_change(view, serial + place, kind, project) for place, project in enumerate(found, 1)]
        serial += len(found)
        total = sum(project["amount_fen"] for project in found)
        bodies.append(
            body(rows, name, f"{sum(project.get('value', 1) for project in found)}个，总投资{spoken(total)}")
        )
    if not bodies:
        return None
    head = heading(
        "序号",
        "项目名称",
        "投资方",
        "产业链~链上环节",
        "落地片区~责任单位",
        "总投资~（亿元）",
        "到位~（亿元）",
    )
    caption = f"{view.this}亿元以上项目变动情况"
    return table(caption, "5.5 24 22.5 14.5 16.5 8.5 8.5", head, bodies, "big")


def _change(view: View, serial: int, kind: str, project: Data) -> Data:
    key = project["project_id"]
    arrived, arrived_pad = table_amount(project["arrived_fen"])
    money: Run = view.links.figure(arrived, FUNDS, "all", project=key) if project["arrived_fen"] else arrived
    return row(
        cell(str(serial), "c"),
        cell(view.links.project(project["name"], key), "l"),
        cell(project["investor"], "l"),
        cell(project["chain"] or DASH, "c", small=project["segment"] or ""),
        cell(project["area"] or DASH, "c", small=project["unit"]),
        amount(view, project["amount_fen"], f"{kind}_big.amount", "month", project=key),
        cell(money, pad=arrived_pad),
    )


def chains_table(view: View) -> Table | None:
    """表3: chains with their segments; None for a zone without chains."""
    if not view.data["chains"]:
        return None
    rows = [_chain(view, chain) for chain in view.data["chains"]]
    stock, signed = view.data["stock"], view.values("signed.amount").ytd
    rows.append(
        row(
            cell("合计", "l"),
            count(view, stock["projects"], "stock.count"),
            cell("", "l"),
            amount(view, stock["total_fen"], "stock.amount"),
            amount(view, stock["output_fen"], "stock.output"),
            count(view, view.values("signed.count").ytd, "signed.count", "ytd"),
            amount(view, signed, "signed.amount", "ytd"),
            kind="sum",
        )
    )
    head = heading(
        "产业链", "在册项目~（个）", "各环节项目数~（个）", "总投资~（亿元）", "预计年产值~（亿元）",
        "新签约~（个）", "新签约投资~（亿元）",
    )  # fmt: skip
    caption = f"产业链招商情况（截至{view.end}）"
    return table(caption, "17 9 31 10 12 9 12", head, [body(rows)])


def _chain(view: View, chain: Data) -> Data:
    name = chain["chain"]
    segments: Text = []
    for segment, number in chain["segments"].items():
        linked = view.links.figure(str(number), "stock.count", chain=name, segment=segment)
        segments = sentence(segments, "　" if segments else "", segment, linked)
    return row(
        cell("未归入产业链" if name == NONE_LABEL else name, "l"),
        count(view, chain["projects"], "stock.count", chain=name),
        cell(segments or "", "l s"),
        amount(view, chain["total_fen"], "stock.amount", chain=name),
        amount(view, chain["output_fen"], "stock.output", chain=name),
        count(view, chain["signed"]["ytd"], "signed.count", "ytd", chain=name),
        amount(view, chain["signed_fen"], "signed.amount", "ytd", chain=name),
    )


def units_table(view: View) -> Table | None:
    """表6: the ranking; units without a target stand last, unranked. None for a zone without units."""
    if not view.data["units"]:
        return None
    rows = [_unit(view, unit) for unit in view.data["units"]]
    target, values = view.target(FUNDS), view.values(FUNDS)
    rows.append(
        row(
            cell("", "c"),
            cell(WHOLE_ZONE, "l"),
            amount(view, target.target, FUNDS, "target") if target else cell(DASH),
            amount(view, values.month, FUNDS, "month"),
            amount(view, values.ytd, FUNDS, "ytd"),
            *progress_cells(view, target, FUNDS),
            ratio_cell(view, table_growth(values.ytd, values.last_year_ytd), FUNDS, "yoy"),
            cell(DASH, "c"),
            kind="sum",
        )
    )
    head = heading(
        "位次", "责任单位", "年度目标~（亿元）", "本月~（亿元）", "累计~（亿元）", "完成率", "超（欠）进度~（百分点）",
        "同比", "较上月|位次",
    )  # fmt: skip
    caption = f"责任单位到位资金排名（{view.span}）"
    return table(caption, "7 18 10.5 9.5 9.5 11.5 14 10.5 9.5", head, [body(rows)])


def _unit(view: View, unit: Data) -> Data:
    narrowed = {"unit": unit["unit"]}
    target = progress_of(view, unit) if unit["target"] is not None else None
    moved = movement(unit["rank"], unit["rank_before"]) if unit["rank"] else DASH
    return row(
        cell(str(unit["rank"]) if unit["rank"] else DASH, "c"),
        cell(unit["unit"], "l"),
        amount(view, unit["target"], FUNDS, "target", **narrowed) if target else cell(DASH),
        amount(view, unit["month"], FUNDS, "month", **narrowed),
        amount(view, unit["ytd"], FUNDS, "ytd", **narrowed),
        *progress_cells(view, target, FUNDS, **narrowed),
        ratio_cell(view, table_growth(unit["ytd"], unit["last_year_ytd"]), FUNDS, "yoy", **narrowed),
        cell(moved, "c"),
    )
