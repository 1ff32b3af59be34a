"""Ledgers of several sheets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.ledger.committees.single import dotted, month_of, spoken, total_of, yi
from tests.ledger.committees.truth import TARGETS, TRUTH, UNITS, Book, Truth


def by_stage() -> Book:
    """A sheet for each stage with its own columns, arrivals one a row on a sheet a year, an explanation, an empty sheet."""
    book = Book().add(
        "填表说明",
        [["填表说明"], ["1. 项目名称应与合同一致；2. 总投资以合同为准。"], ["3. 到位资金凭进账单登记。"]],
    )
    talks = [p for p in TRUTH if not p.formal]
    book.add("在谈", [
        ["在谈项目情况表"],
        ["序号", "项目名称", "投资方", "投资方所在地", "拟投资额(亿元)", "行业", "拟建地点", "用地(亩)", "进展", "跟踪人", "跟踪单位"],
        *([n, p.name, p.investor, p.origin, yi(p.total), p.chain, p.area, p.land, "正在洽谈，推进协议文本", "张三 13800000000", p.unit]
          for n, p in enumerate(talks, 1)),
    ])  # fmt: skip
    signed = [p for p in TRUTH if p.formal]
    book.add("签约", [
        ["签约项目情况表"],
        ["序号", "项目名称", "投资方", "投资方所在地", "总投资[亿]", "行业", "产业链", "签约时间", "建设地点", "责任单位"],
        *([n, p.name, p.investor, p.origin, yi(p.total), "制造业", p.chain, dotted(p.signed), p.area, p.unit] for n, p in enumerate(signed, 1)),
        ["合计", "", "", "", yi(total_of(signed))],
    ])  # fmt: skip
    book.add("开工", [
        ["开工项目情况表"],
        ["序号", "项目名称", "投资方", "开工时间", "责任单位"],
        *([n, p.name.replace("（", "("), p.investor, spoken(p.started), p.unit] for n, p in enumerate((p for p in signed if p.started), 1)),
    ])  # fmt: skip
    book.add("投产", [
        ["投产项目情况表"],
        ["序号", "项目名称", "投产时间", "产能"],
        *([n, p.name, p.produced, "年产5万吨"] for n, p in enumerate((p for p in signed if p.produced), 1)),
    ])  # fmt: skip
    book.add(
        "终止项目",
        [
            ["序号", "项目名称", "终止时间", "终止原因"],
            *([1, p.name, dotted(p.ended), "投资方资金不到位"] for p in TRUTH if p.ended),
        ],
    )
    for year in (2023, 2024):
        lines: list[list[Any]] = [[f"{year}年到位资金明细表"], ["", "", "", "单位：万元"],
                                  ["序号", "到账时间", "项目名称", "到位金额", "备注"]]  # fmt: skip
        for p in TRUTH:
            lines += [
                ["", f"{m}月{15 + m}日", p.name, amount, ""]
                for (y, m), amount in p.funds.items()
                if y == year
            ]
        lines.append(["合计", "", "", sum((p.paid(year, 1, 12) for p in TRUTH), Decimal(0))])
        book.add(f"{year}年到位资金", lines)
    book.add("Sheet9", [])
    return book


def by_month() -> Book:
    """(f) once a month: a sheet a month with 本月, 本年累计 and 历年累计, the newest sheet first or last."""
    book = Book(this_year_alone=True)
    for month in range(1, 7):
        rows: list[list[Any]] = [
            [f"XX园区招商引资到位资金月报表（2024年{month}月）"],
            ["", "", "", "", "", "", "", "金额单位：万元"],
            ["序号", "项目名称", "投资方全称", "投资方所在省市", "责任单位", "产业链", "落地片区", "合同类型", "签约时间", "开工时间", "投产时间", "终止时间",
             "总投资", "到位资金", "", ""],
            [*[""] * 13, "本月", "本年累计", "历年累计"],
        ]  # fmt: skip
        known = [p for p in TRUTH if p.signed is None or (p.signed.year, p.signed.month) <= (2024, month)]
        for number, p in enumerate(known, 1):
            rows.append([
                number, p.name, p.investor, p.origin, p.unit, p.chain, p.area, p.kind, p.signed,
                p.started if p.started and (p.started.year, p.started.month) <= (2024, month) else "",
                p.produced if p.produced and (p.produced.year, p.produced.month) <= (2024, month) else "",
                p.ended if p.ended and p.ended.month <= month else "", p.total,
                p.paid(2024, month, month) or "", p.paid(2024, 1, month) or "", (p.paid(2023, 1, 12) + p.paid(2024, 1, month)) or "",
            ])  # fmt: skip
        rows.append(["", "合计", *[""] * 10, total_of(known), month_of(known, 2024, month), "", ""])
        book.add(f"{month}月", rows)
    return book


def by_unit() -> Book:
    """A sheet for each unit, named after it, without a column for units; a summary sheet that says it all again in sums."""
    book = Book()
    summary: list[list[Any]] = [
        ["各单位到位资金汇总表（万元）"],
        ["单位", "项目数", "总投资", "2024年到位资金"],
    ]
    for unit in UNITS:
        own = [p for p in TRUTH if p.unit == unit]
        summary.append([unit, len(own), total_of(own), sum((p.paid(2024, 1, 12) for p in own), Decimal(0))])
    book.add(
        "汇总",
        [
            *summary,
            ["合计", len(TRUTH), total_of(TRUTH), sum((p.paid(2024, 1, 12) for p in TRUTH), Decimal(0))],
        ],
    )
    for unit in UNITS:
        book.add(unit, _unit_sheet(unit, [p for p in TRUTH if p.unit == unit]))
    return book


def _unit_sheet(unit: str, own: list[Truth]) -> list[list[Any]]:
    rows: list[list[Any]] = [
        [f"{unit}招商引资项目台账"],
        ["单位：万元", "", "", "", "", "", "", "", "", "", "", "", "到位资金"],
        ["项目名称", "投资方名称", "来源地", "产业集群", "落地区域", "阶段", "合同类型", "签约时间", "合同总投资", "开工时间", "投产时间", "终止时间",
         "2023年", *[""] * 11, "2024年"],
        [*[""] * 12, *(f"{m}月" for m in range(1, 13)), *(f"{m}月" for m in range(1, 7))],
    ]  # fmt: skip
    for p in own:
        rows.append([
            p.name, p.investor, p.origin, p.chain, p.area, p.stage, p.kind, p.signed, p.total, p.started, p.produced, p.ended,
            *(p.funds.get((2023, m)) for m in range(1, 13)), *(p.funds.get((2024, m)) for m in range(1, 7)),
        ])  # fmt: skip
    return rows


def with_targets() -> Book:
    """Projects with a total at the top, money of each year on a matrix sheet, targets of units × indicators."""
    book = Book()
    rows: list[list[Any]] = [
        ["招商引资项目库", "", "", "", "", "", "", "", "", "", "", "（万元）"],
        ["项目编码", "项目名称", "企业名称", "省份", "责任单位", "园区", "产业链", "状态", "签约日期", "协议类别", "开工日期", "投产日期", "终止日期", "总投资额"],
        ["合计", "", "", "", "", "", "", "", "", "", "", "", "", total_of(TRUTH)],
    ]  # fmt: skip
    for number, p in enumerate(TRUTH, 1):
        rows.append([
            f"KEL-{number:03}", p.name, p.investor, p.origin, p.unit, p.area, p.chain, p.stage, p.signed, p.kind, p.started, p.produced,
            p.ended, p.total,
        ])  # fmt: skip
    book.add("项目库", rows)
    for year, last in ((2023, 12), (2024, 6)):
        lines: list[list[Any]] = [
            [f"{year}年度招商引资到位资金统计表"],
            ["序号", "项目（企业）名称", "单位：万元"],
            ["", "", *(f"{m}月份" for m in range(1, last + 1)), "1—12月合计" if last == 12 else "1—6月合计"],
        ]
        paid = [p for p in TRUTH if p.paid(year, 1, 12)]
        lines += [
            [
                n,
                f" {p.name} ",
                *(p.funds.get((year, m), 0) for m in range(1, last + 1)),
                p.paid(year, 1, last),
            ]
            for n, p in enumerate(paid, 1)
        ]
        book.add(f"{year}", lines)
    goals: list[list[Any]] = [
        ["2024年招商引资目标任务分解表"],
        ["序号", "责任单位", "到位资金\n（亿元）", "新签约合同项目", "", "备注"],
        ["", "", "", "个数", "金额（亿元）", ""],
    ]
    for number, (unit, (funds, count)) in enumerate(TARGETS.items(), 1):
        goals.append(
            [
                "" if unit == "全区" else number,
                "合计" if unit == "全区" else unit,
                yi(Decimal(funds)),
                count,
                "",
                "",
            ]
        )
    return book.add("目标任务", goals, [(2, 4, 2, 5), (2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 3, 3)])


def by_period() -> Book:
    """Arrivals with year and month in columns of their own and a source of money; projects under stage titles."""
    book = Book()
    rows: list[list[Any]] = [
        ["重点项目清单"],
        [
            "序号",
            "项目名称",
            "引进企业",
            "引进单位",
            "落户片区",
            "主导产业",
            "引资额",
            "签订日期",
            "动工时间",
            "投产时间",
            "退出时间",
        ],
    ]
    groups = {
        "一、投产项目": "投产",
        "二、开工建设项目": "开工",
        "三、签约项目": "签约",
        "四、终止项目": "终止",
        "五、在谈项目": "在谈",
    }
    for title, stage in groups.items():
        own = [p for p in TRUTH if p.stage == stage]
        rows.append([f"{title}（{len(own)}个）"])
        for number, p in enumerate(own, 1):
            rows.append([
                number, p.name, p.investor, p.unit, p.area, p.chain, f"{yi(p.total):f}亿元" if number % 2 else f"{p.total:f}万元",
                spoken(p.signed) if p.formal else "", spoken(p.started), spoken(p.produced), spoken(p.ended),
            ])  # fmt: skip
        rows.append(["小计", f"{len(own)}个", "", "", "", "", f"{total_of(own):f}万元"])
    book.add("项目", rows)
    lines: list[list[Any]] = [
        ["到位资金登记簿"],
        ["年份", "月份", "项目名称", "到位资金（万元）", "资金性质", "凭证编号"],
    ]
    for n, p in enumerate(TRUTH):
        source = (
            "外资" if p.origin == "哈萨克斯坦" else "疆内资金" if p.origin.startswith("新疆") else "疆外资金"
        )
        lines += [[y, m, p.name, amount, source, f"PZ{n}{y}{m:02}"] for (y, m), amount in p.funds.items()]
    return book.add("到位资金", lines)
