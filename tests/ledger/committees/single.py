"""Ledgers on one sheet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.ledger.committees.truth import TRUTH, UNITS, Book, Truth

FULL = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789."}


def dotted(day: dt.date | None) -> str:
    """2024.5.8, a dash for none."""
    return f"{day.year}.{day.month}.{day.day}" if day else "—"


def spoken(day: dt.date | None) -> str:
    """2024年5月8日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def yi(amount: Decimal) -> Decimal:
    """万元 as 亿元."""
    return amount / 10000


def total_of(rows: list[Truth]) -> Decimal:
    """The sum of the totals in 万元."""
    return sum((p.total for p in rows), Decimal(0))


def month_of(rows: list[Truth], year: int, month: int) -> Decimal:
    """What came in for these projects in a month."""
    return sum((p.paid(year, month, month) for p in rows), Decimal(0))


def county_wide() -> Book:
    """(f): two rows of heads from row 5 on, 万元, months of two years, a total at the top, merged units, notes, signatures."""
    rows: list[list[Any]] = [
        ["附件1"],
        ["XX经济技术开发区招商引资项目月度台账"],
        ["（2024年1—6月）"],
        ["填报单位：招商局（盖章）", "", "", "", "", "", "", "", "", "单位：万元、亩、人"],
        ["序号", "责任单位", "项目名称", "投资方全称", "投资方所在省市", "建设地点（园区）", "行业/产业集群", "总投资", "", "签约时间", "协议类型",
         "项目状态", "开工时间", "投产时间", "合同终止时间", "用地（亩）", "2023年到位资金", *[""] * 12, "2024年到位资金", *[""] * 6, "备注"],
        ["", "", "", "", "", "", "", "计划", "其中固投", "", "", "", "", "", "", "", *[f"{m}月" for m in range(1, 13)], "小计",
         *[f"{m}月" for m in range(1, 7)], "小计", ""],
    ]  # fmt: skip
    everything = _wide_sums("合计", TRUTH)
    rows.append(everything)
    merged = [(5, c, 6, c) for c in (*range(1, 8), *range(10, 17), 37)] + [
        (5, 8, 5, 9), (5, 17, 5, 29), (5, 30, 5, 36), (2, 1, 2, 37), (3, 1, 3, 37),
    ]  # fmt: skip
    number = 0
    for unit in UNITS:
        own = [p for p in TRUTH if p.unit == unit]
        first = len(rows) + 1
        for p in own:
            number += 1
            rows.append([
                number, unit if p is own[0] else "", p.name, f"{p.investor} ", p.origin.removesuffix("省"), p.area, p.chain,
                p.total, p.total * 8 / 10, p.signed or "/", p.kind or "—", p.stage, spoken(p.started), dotted(p.produced),
                spoken(p.ended), p.land,
                *(p.funds.get((2023, m)) for m in range(1, 13)), p.paid(2023, 1, 12),
                *(p.funds.get((2024, m)) for m in range(1, 7)), p.paid(2024, 1, 6), "续建" if p.started else "",
            ])  # fmt: skip
        merged.append((first, 2, len(rows), 2))
    rows.append(["注：1.到位资金以招商局审核数为准。", ""])
    rows.append(
        [
            "单位负责人：",
            "",
            "",
            "填表人：",
            "",
            "",
            "联系电话：0998-1234567",
            "",
            "",
            "报出日期：2024年7月3日",
        ]
    )
    return Book().add("台账", rows, merged)


def _wide_sums(word: str, own: list[Truth]) -> list[Any]:
    return [
        "", word, f"{len(own)}个", "", "", "", "", total_of(own), total_of(own) * 8 / 10, *[""] * 7,
        *(month_of(own, 2023, m) or "" for m in range(1, 13)), sum((p.paid(2023, 1, 12) for p in own), Decimal(0)),
        *(month_of(own, 2024, m) or "" for m in range(1, 7)), sum((p.paid(2024, 1, 6) for p in own), Decimal(0)), "",
    ]  # fmt: skip


def groups_by_unit() -> Book:
    """Units as group titles with their sums in the same row, 亿元 in the title, dates as heads, no column for units."""
    months = [(2023, m) for m in range(1, 13)] + [(2024, m) for m in range(1, 7)]
    rows: list[list[Any]] = [
        ["2023—2024年招商引资项目到位资金统计表（单位：亿元）"],
        [],
        ["序号", "项目名称", "项目投资单位", "来源地", "所属产业", "落户园区", "投资总额", "签约日期", "合同类别", "目前阶段", "开工年月日",
         "投产年月日", "退出时间", *(f"{y}年{m}月到资" for y, m in months)],
    ]  # fmt: skip
    for place, unit in enumerate(UNITS):
        own = [p for p in TRUTH if p.unit == unit]
        sums = [yi(month_of(own, y, m)) or "" for y, m in months]
        rows.append(
            ["一二三"[place], f"{unit}（{len(own)}个）", "", "", "", "", yi(total_of(own)), *[""] * 6, *sums]
        )
        for number, p in enumerate(own, 1):
            rows.append([
                number, p.name.replace("（", "(").replace("）", ")"), p.investor, p.origin, p.chain, p.area, f"{yi(p.total):f}".translate(FULL),
                dotted(p.signed), p.kind, p.stage, dotted(p.started), dotted(p.produced), dotted(p.ended),
                *(yi(p.funds[when]) if when in p.funds else "" for when in months),
            ])  # fmt: skip
    rows.append(
        ["", "合  计", "", "", "", "", yi(total_of(TRUTH)), *[""] * 6, *(yi(month_of(TRUTH, y, m)) or "" for y, m in months)]
    )  # fmt: skip
    return Book().add("Sheet1", rows)


def cumulative() -> Book:
    """Months only as sums from January on, in 亿元 of the head; stage and yes/no columns; hidden rows and columns."""
    spans = [f"1—{m}月累计" if m > 1 else "1月" for m in range(1, 13)]
    rows: list[list[Any]] = [
        ["某高新区重点招商项目推进情况"],
        ["项目", "企业", "来源", "承办单位", "所在片区", "产业领域", "内部编号", "是否签约", "签约时间", "协议性质", "是否开工", "开工建设时间", "是否投产",
         "竣工投产时间", "解约时间", "进展阶段", "计划总投资(亿元)", "2023年到位资金（亿元）", *[""] * 11, "2024年到位资金（亿元）", *[""] * 5],
        [*[""] * 17, *spans, *spans[:6]],
    ]  # fmt: skip
    for number, p in enumerate(TRUTH):
        rows.append([
            p.name, p.investor, p.origin, p.unit, p.area, p.chain, f"NB{number:03}", "是" if p.formal else "否",
            f"{p.signed:%Y%m%d}" if p.signed else "", p.kind, "√" if p.started else "×", p.started, "是" if p.produced else "否",
            p.produced, p.ended, p.stage, yi(p.total), *(yi(p.paid(2023, 1, m)) for m in range(1, 13)),
            *(yi(p.paid(2024, 1, m)) for m in range(1, 7)),
        ])  # fmt: skip
    return Book().add("汇总", rows, hidden_rows=frozenset({5}), hidden_columns=frozenset({7}))


def two_blocks() -> Book:
    """Projects, and below them on the same sheet the money of 2023, then that of 2024, heads printed again on each page."""
    heads = ["序号", "招商项目", "投资主体", "投资来源地", "牵头部门", "落地园区", "产业链/环节", "阶段", "合同性质", "签约时间",
             "项目总投资\n（万元）", "开工时间", "投产时间", "终止时间"]  # fmt: skip
    rows: list[list[Any]] = [["一、项目基本情况"], heads]
    for number, p in enumerate(TRUTH, 1):
        if number in (4, 7):
            rows.append(heads)
        rows.append([
            number, p.name, p.investor, p.origin, p.unit, p.area, f"{p.chain}/{p.segment}", p.stage, p.kind, spoken(p.signed),
            f"{p.total:,f}", spoken(p.started), spoken(p.produced), spoken(p.ended),
        ])  # fmt: skip
    for title, year in (("二、2023年到位资金（万元）", 2023), ("三、2024年到位资金（万元）", 2024)):
        rows += [
            [],
            [title],
            ["序号", "项目名称", *(f"{m}月" for m in range(1, 13)), "全年合计"],
        ]
        paid = [p for p in TRUTH if p.paid(year, 1, 12)]
        for number, p in enumerate(paid, 1):
            rows.append(
                [
                    number,
                    p.name,
                    *(p.funds.get((year, m), "-") for m in range(1, 13)),
                    p.paid(year, 1, 12),
                ]
            )
        sums = [month_of(paid, year, m) for m in range(1, 13)]
        rows.append(["合计", "", *sums, sum(sums)])
    return Book().add("台账", rows)


def twin_units() -> Book:
    """One fact in two columns with two units, 亩 and ㎡ in one column, a company and its partner in one cell."""
    rows: list[list[Any]] = [
        ["签约项目信息表"],
        ["项目名称", "签约主体(洽谈主体)", "来源地", "负责单位", "所属片区", "产业类别", "投资金额（亿元）", "投资金额(万元)", "协议签订时间", "协议类型",
         "开工/业时间", "实际投产时间", "退库时间", "项目状态", "用地情况", "备注",
         *(f"{y}年{m:02}月到资金额（万元）" for y, m in _months())],
    ]  # fmt: skip
    for number, p in enumerate(TRUTH):
        partner = "；新疆合作投资有限公司" if number == 2 else ""
        rows.append([
            p.name, p.investor + partner, p.origin, p.unit, p.area, p.chain,
            yi(p.total) if number % 2 else 0, 0 if number % 2 else p.total,
            (p.signed - dt.date(1899, 12, 30)).days + 0.878 if p.signed else "无",
            "正式投资协议" if p.formal else "战略合作协议" if p.kind else "-", f"{p.started}" if p.started else "-",
            f"{p.produced:%Y/%m/%d}" if p.produced else "无", f"{p.ended}" if p.ended else "",
            p.stage, f"{p.land}亩" if number % 2 else f"{p.land * 2000 / 3:.2f}㎡", '{"a": 1}',
            *(p.funds.get(when, 0) for when in _months()),
        ])  # fmt: skip
    return Book().add("签约", rows)


def _months() -> list[tuple[int, int]]:
    return [(2023, m) for m in range(1, 13)] + [(2024, m) for m in range(1, 7)]


def beside() -> Book:
    """Two tables side by side: projects with their months, and the targets of the year."""
    rows: list[list[Any]] = [["2024年项目及目标"], ["单位：万元"]]
    heads = ["项目名称", "投资企业", "来源省份", "责任部门", "片区", "产业", "状态", "合同类型", "签约时间", "总投资", "开工时间", "投产时间", "终止时间",
             *(f"{y}.{m:02}到位资金" for y, m in _months())]  # fmt: skip
    rows.append([*heads, "", "单位", "到位资金目标", "新签约项目目标（个）"])
    targets = [["招商一部", 9000, 4], ["招商二部", 6000, 3], ["驻深圳招商组", 5000, 2], ["合计", 20000, 9]]
    for number, p in enumerate(TRUTH):
        line: list[Any] = [
            p.name, p.investor, p.origin, p.unit, p.area, p.chain, p.stage, p.kind, p.signed, p.total, p.started, p.produced, p.ended,
            *(p.funds.get(when) for when in _months()),
        ]  # fmt: skip
        rows.append([*line, "", *(targets[number] if number < len(targets) else [])])
    return Book().add("2024", rows)
