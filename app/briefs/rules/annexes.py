"""The annexes: the ledger of 亿元以上 projects, and the definitions (口径说明)."""

from __future__ import annotations

from app.briefs.rules.cells import Table, amount, body, cell, heading, ratio_cell, row, table
from app.briefs.rules.notes import NAMED, month_of, reason_of
from app.briefs.rules.runs import Text
from app.briefs.rules.view import FUNDS, Data, View
from app.briefs.rules.words import DASH, day_label, rate, spoken
from app.figures.rules import BEHIND_POINTS, NONE_LABEL, share_percent
from app.journal.rules import FactKind
from app.kernel.periods import Window
from app.pipeline.rules import Stage

NO_CHAIN = "未归入产业链"


def ledger(view: View) -> Table | None:
    """附件1: standing projects of 亿元以上 by chain, largest chain first; None without any."""
    rows = view.data["ledger"]
    if not rows:
        return None
    chains: dict[str, list[Data]] = {}
    for project in rows:
        chains.setdefault(project["chain"] or NO_CHAIN, []).append(project)
    order = [chain["chain"] for chain in view.data["chains"]]
    names = sorted(chains, key=lambda name: order.index(name) if name in order else len(order))
    groups, serial = [], 0
    for name in names:
        groups.append(_group(view, name, chains[name], serial))
        serial += len(chains[name])
    stock = view.data["stock_big"]
    return {
        "kind": "ledger",
        "widths": [f"{w}%" for w in "3.29 25.71 18.97 5.96 10.19 8.78 6.27 8.93 6.27 5.64".split()],
        "head": heading(
            "序号", "项目名称", "投资方", "链上环节", "落地片区", "责任单位", "总投资|（亿元）", "当前阶段",
            "累计到位|（亿元）", "到位率",
        ),
        "groups": groups,
        "total": {
            "title": f"合计　{stock['projects']}个",
            "cells": [
                amount(view, stock["total_fen"], "stock_big.amount"),
                cell("", "c"),
                amount(view, stock["arrived_fen"], "stock_big.arrived"),
                cell(_rate(stock["arrived_fen"], stock["total_fen"])),
            ],
        },
    }  # fmt: skip


def _rate(part: int, whole: int) -> str:
    return rate(share_percent(part, whole))


def _group(view: View, name: str, projects: list[Data], serial: int) -> Data:
    member = NONE_LABEL if name == NO_CHAIN else name
    total, arrived = sum(p["total_fen"] for p in projects), sum(p["arrived_fen"] for p in projects)
    return {
        "title": f"{name}　{len(projects)}个",
        "cells": [
            amount(view, total, "stock_big.amount", chain=member),
            cell("", "c"),
            amount(view, arrived, "stock_big.arrived", chain=member),
            cell(_rate(arrived, total)),
        ],
        "rows": [_project(view, serial + place, project) for place, project in enumerate(projects, 1)],
    }


def _project(view: View, serial: int, project: Data) -> Data:
    key = project["project_id"]
    return row(
        cell(str(serial), "c"),
        cell(view.links.project(project["name"], key), "l"),
        cell(project["investor"], "l"),
        cell(project["segment"] or DASH, "c"),
        cell(project["area"] or DASH, "c"),
        cell(project["unit"], "c"),
        amount(view, project["total_fen"], "stock_big.amount", project=key),
        cell(f"{Stage(project['stage']).label} {project['stage_on'][:7]}", "c"),
        amount(view, project["arrived_fen"], FUNDS, "all", project=key),
        ratio_cell(view, _rate(project["arrived_fen"], project["total_fen"]), "funds.rate", project=key),
    )


DEFINITIONS = (
    (
        "新签约项目",
        "signed",
        "正式合同签订之日在统计期内的项目，框架协议、意向协议不计；升格为正式合同的，按合同签订日计一次。合同终止的，自终止之日起剔除。",
    ),
    (
        "合同总投资",
        "signed.amount",
        "新签约项目的合同总投资；补充协议的增资按其签订日计入金额，不重复计个数。",
    ),
    ("新开工项目", "started", "签有正式合同、实际开工之日在统计期内的项目，金额为开工当日的总投资。"),
    ("新投产项目", "produced", "签有正式合同、实际投产之日在统计期内的项目，金额为投产当日的总投资。"),
    ("亿元以上项目", "*_big", "合同总投资1亿元（含）以上的项目，以合同原值为准，不以四舍五入后的数为准。"),
    (
        "到位资金",
        FUNDS,
        "到账之日在统计期内且经审核认定的资金；待审核、退回的不计。外币按到账时记录的汇率折合人民币，印发后不重算。",
    ),
    ("在册项目", "stock", "统计期末正式合同仍有效的项目；总投资按期末合同数，预计年产值按登记数。"),
    ("储备项目", "reserve", "期末已接洽、尚未签订正式合同的项目，按意向投资计。"),
)
AIDED = ("援疆省市", "origin", "按投资方注册地归类；深圳市注册的单列，不计入广东省。")


def definitions(view: View) -> list[Data]:
    """附件2: the table of definitions, then windows, basis and rules in sentences."""
    found = [*DEFINITIONS, AIDED] if view.aided else list(DEFINITIONS)
    rows = [row(cell(name, "l"), cell(code, "l mono"), cell(text, "l")) for name, code, text in found]
    made = table("", "17 19 64", heading("指标", "代码", "口径"), [body(rows)], "def")
    texts: list[Text] = [
        [_windows(view)],
        [_basis(view)],
        [_rules()],
        ["本简报电子版中的每个数字均可点按，查看所依据的项目或到账明细。"],
    ]
    return [made | {"breaks": True}, *({"kind": "small", "text": text} for text in texts)]


def _windows(view: View) -> str:
    month = view.month
    spans = f"本月为{_span(month.window)}；累计为{_span(month.ytd)}；上年同期为{_span(month.last_year.ytd)}。"
    recognised = [
        {"funds": "到位资金", "signed": "签约", "started": "开工", "produced": "投产"}.get(
            FactKind(kind).value, kind
        )
        for kind in view.zone["by_recognition"]
    ]
    return f"统计时段：{spans}" + (f"{'、'.join(recognised)}按认定之日统计。" if recognised else "")


def _span(window: Window) -> str:
    start, end = window.start, window.end
    if (start.year, start.month) == (end.year, end.month):
        return f"{day_label(start)}至{end.day}日"
    return f"{day_label(start)}至{day_label(end, start.year)}"


def corrections_table(view: View) -> list[Data]:
    """附件: every correction of an earlier month, when they are too many for the note; empty when not."""
    rows = view.data.get("corrections") or []
    if len(rows) <= NAMED:
        return []
    made = [
        row(
            cell(str(place), "c"),
            cell(view.links.project(each["project"], each["project_id"]), "l"),
            cell(FactKind(each["kind"]).label, "c"),
            cell(month_of(view, each["day_before"]) if each["day_before"] else DASH, "c"),
            cell(DASH if each["fen_before"] is None else spoken(each["fen_before"])),
            cell(month_of(view, each["day"]) if each["day"] else DASH, "c"),
            cell(DASH if each["fen"] is None else spoken(each["fen"])),
            cell(reason_of(each), "l"),
        )
        for place, each in enumerate(rows, 1)
    ]
    head = heading("序号", "项目名称", "类别", "原月份", "原数", "现月份", "现数", "原因")
    return [table("", "6 26 8 11 13 11 13 12", head, [body(made)], "def") | {"breaks": True}]


def _basis(view: View) -> str:
    rounding = "金额以分为单位相加，仅在印制时四舍五入，合计数与分项之和可能相差0.01亿元。"
    snapshot = view.snapshot
    if snapshot["basis"] != "closed":
        today = day_label(view.issued_on)
        return f"数据基准：实时数（未关账），即{today}登记的数据，本月、累计、上年同期口径一致。{rounding}"
    return (
        f"数据基准：关账数，{snapshot['closed_at']}由{snapshot['closed_by']}关账，此后不再变动。本月为累计减上月关账累计"
        "（另剔除当月终止的合同），含以前月份更正；上年同期按本次关账重述。"
        f"在册和储备项目、预警、台账为编写时登记的期末情况，不从账内取数。{rounding}"
    )


def _rules() -> str:
    return (
        f"预警规则：欠进度{BEHIND_POINTS}个百分点以上；签约满半年未开工；已开工而资金未到位；"
        "亿元以上项目开工满半年资金到位率不足20%；到账凭证待审核或退回。"
    )
