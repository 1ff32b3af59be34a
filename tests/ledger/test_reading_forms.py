"""Forms of other committees, each as small as it can be: what is read from them, without a database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from app.ledger.rules.heads import field_of_head, said_unit
from app.ledger.rules.spans import period_of, year_of
from app.ledger.workbook import Cell, Sheet, Workbook
from app.ledger.workbook.recognising import FormRow, form_rows, recognise

HEADS = ["序号", "项目名称", "投资方", "责任单位", "阶段", "合同类型", "签约时间", "总投资（万元）"]
ROW = [1, "电池项目", "江苏恒科有限公司", "招商一部", "签约", "正式合同", "2024.3.5", 12000]
NEXT = [2, "织造项目", "浙江天联有限公司", "招商二部", "开工", "正式合同", "2024.4.6", 8000]


def sheet(*rows: list[Any], name: str = "台账", merged: tuple[tuple[int, int, int, int], ...] = ()) -> Sheet:
    width = max(map(len, rows))
    lines = [[*row, *[None] * (width - len(row))] for row in rows]
    cells = [[Cell(Decimal(v) if isinstance(v, int) else v or None) for v in line] for line in lines]
    return Sheet(name=name, first_row=1, rows=cells, merged=merged)


def read(*sheets: Sheet) -> list[FormRow]:
    """The rows of a workbook that leaves nothing to be decided."""
    workbook = Workbook(list(sheets))
    found = recognise(workbook)
    assert [(d.cell, d.message) for d in found.doubts] == []
    rows = list(form_rows(workbook, found))
    assert [cell.problem for row in rows for cell in row.cells.values() if cell.problem] == []
    return rows


def told(rows: list[FormRow], *heads: str) -> list[tuple[Any, ...]]:
    """The values under these heads, of the rows that have the first of them."""
    return [
        tuple(row.cells[head].value if head in row.cells else None for head in heads)
        for row in rows
        if heads[0] in row.cells
    ]


def test_a_sum_below_a_quarter_sums_the_quarter() -> None:
    quarter = period_of(("2023年到位资金", "一季度", "小计"))
    assert quarter is not None
    assert (quarter.year, quarter.first, quarter.last) == (2023, 1, 3)
    month = period_of(("2023年3月到位资金", "合计"))
    assert month is not None
    assert (month.first, month.last, month.is_sum) == (3, 3, False)
    assert year_of("23年5月到位") == 2023
    assert year_of("建设周期10年") is None
    assert said_unit("到位资金进度表（累计数，万元）") == "万元"


def test_this_month_among_the_years_sum_is_a_month() -> None:
    heads = [*HEADS, "到位资金（万元）", "", ""]
    below = [*[""] * 8, "本年累计", "其中：本月", "其中：区外"]
    rows = read(sheet(["2024年6月项目进展情况表"], heads, below, [*ROW, 500, 200, 100]))
    money = {row.month: row.cells["折人民币（万元）"].value for row in rows if row.month}
    assert money == {(2024, 6): Decimal(200), (2024, 5): Decimal(300)}


def test_a_segment_beside_its_chain_and_titles_of_chains_that_nobody_knows() -> None:
    rows = read(sheet([*HEADS, "产业链", "产业链环节"], [*ROW, "锂电", "电池"]))
    assert told(rows, "项目名称", "产业链", "链上环节") == [("电池项目", "锂电", "电池")]
    rows = read(
        sheet(
            [*HEADS, "环节"],
            ["（一）锂电新能源（1个）"],
            [*ROW, "电池"],
            ["（二）纺织（1个）"],
            [*NEXT, "织造"],
        )
    )
    assert [p[1] for p in told(rows, "项目名称", "产业链")] == ["锂电新能源", "纺织"]


def test_ticks_below_stages_are_the_stage_and_signatures_are_no_record() -> None:
    heads, below = [*HEADS[:4], *HEADS[5:], "项目进展", "", ""], [*[""] * 7, "签约", "开工", "投产"]
    rows = read(
        sheet(heads, below, [*ROW[:4], *ROW[5:], "√", "√"], ["主管领导：", "", "审核人：", "填表人：张三"])
    )
    assert told(rows, "项目名称", "当前阶段", "合同签订日期") == [("电池项目", "开工", dt.date(2024, 3, 5))]


def test_money_in_the_currency_of_its_row() -> None:
    projects = sheet(HEADS, ROW, name="项目库")
    heads = ["项目名称", "到账日期", "币种", "到账金额（万）", "汇率"]
    rows = [["电池项目", "2024.5.8", "RMB", 100], ["电池项目", "2024.5.9", "USD", 10, "7.1"]]
    amounts = ("币种", "原币金额（万）", "折人民币（万元）")
    assert told(read(projects, sheet(heads, *rows, name="到账")), *amounts) == [
        ("人民币", Decimal(100), Decimal(100)),
        ("美元", Decimal(10), Decimal(71)),
    ]
    both = sheet(
        [*heads, "折合人民币（万元）"], [*rows[0], "", 100], [*rows[1], Decimal("70.9")], name="到账"
    )
    assert [amount[2] for amount in told(read(projects, both), *amounts)] == [100, Decimal("70.9")]


def test_a_project_over_several_rows_with_its_money_and_contracts() -> None:
    heads = [*HEADS, "到账日期", "到账金额（万元）"]
    first, second = [*ROW, "2024.3.8", 100], [*[""] * 8, "2024.4.8", 200]
    merged = sheet(heads, first, second, NEXT, merged=tuple((2, c, 3, c) for c in range(1, 9)))
    again = sheet(heads, first, [*ROW, *second[8:]], NEXT)
    below = sheet(heads, first, second, NEXT)
    for form in (merged, again, below):
        rows = read(form)
        assert [r[0] for r in told(rows, "合同总投资")] == [12000, 8000]
        assert told(rows, "折人民币（万元）", "到账日期") == [
            (100, dt.date(2024, 3, 8)),
            (200, dt.date(2024, 4, 8)),
        ]
        assert [row.owner for row in rows if row.in_list] == [2, 2]


def test_a_framework_that_became_a_contract_and_a_supplement_on_a_sheet_of_its_own() -> None:
    framework = [*ROW[:5], "框架协议", "2023.1.2", 9000]
    apart = sheet(
        ["项目名称", "签订时间", "增资金额（万元）"], ["电池项目", "2024.5.6", 500], name="补充协议"
    )
    merged = tuple((2, c, 3, c) for c in range(1, 6))
    rows = read(sheet(HEADS, framework, [*[""] * 5, *ROW[5:]], merged=merged), apart)
    assert told(rows, "合同总投资", "合同类型") == [(12000, "正式合同")]
    assert rows[0].extra == {"框架协议": "2023-01-02"}
    assert told(rows, "补充协议金额", "项目名称") == [(500, "电池项目")]


CARD: list[list[Any]] = [
    ["招商引资项目信息卡"],
    ["项目名称", "电池项目", "投资方名称", "江苏恒科有限公司"],
    ["责任单位", "招商一部", "项目阶段", "开工"],
    ["合同类型", "正式合同", "签约时间", "2024.3.5"],
    ["总投资（亿元）", Decimal("1.2"), "开工时间", ""],
]
MONEY: list[list[Any]] = [["资金到位情况"], ["到账日期", "到账金额（万元）"], ["2024.5.8", 300]]


def test_cards_on_a_sheet_are_read_with_the_money_below_them() -> None:
    other: list[list[Any]] = [
        ["项目名称：织造项目", "", "责任单位：招商二部"],
        ["项目阶段", "在谈", "总投资（亿元）", 2],
    ]
    rows = read(sheet(*CARD, *MONEY, [], CARD[0], *other))
    (first, *_) = rows
    assert told(rows[:1], "项目名称", "合同总投资", "签约", "当前阶段") == [("电池项目", 12000, None, "开工")]
    assert first.row == 3, "a row of the card, which the verdict names"
    assert first.origins[first.row, first.columns["合同总投资"]] == (5, 2)
    assert told(rows, "合同总投资", "项目名称", "责任单位") == [
        (12000, "电池项目", "招商一部"),
        (20000, "织造项目", "招商二部"),
    ]
    assert told(rows, "折人民币（万元）", "项目名称") == [(300, "电池项目")]


def test_a_table_on_its_side_is_read_and_a_number_without_a_name_is_asked_about() -> None:
    lines: list[list[Any]] = [list(pair) for pair in zip(HEADS[1:], ROW[1:], NEXT[1:], strict=True)]
    assert told(read(sheet(["重点项目对照表"], *lines)), "项目名称", "合同总投资") == [
        ("电池项目", 12000),
        ("织造项目", 8000),
    ]
    (doubt,) = recognise(Workbook([sheet(*CARD, ["", "", "", 7])])).doubts
    assert (doubt.cell, doubt.subject) == ("D6", "totals")


def test_heads_of_other_committees_are_known_by_their_parts() -> None:
    heads = {
        "招引单位": "责任单位", "对接部门": "责任单位", "招引人": "责任人", "挂包领导": "包联领导", "承接园区": "落地片区",
        "投资主体所在省份（国家）": "投资方所在地", "其中：固定资产": "其中：固定资产投资", "首谈日期": "首次洽谈日期",
        "联系人": None, "投资方负责人": None, "是否入园区": None,
    }  # fmt: skip
    assert {head: (field_of_head((head,)) or (None,))[0] for head in heads} == heads


def test_this_month_below_a_month_and_months_in_numbers_are_heads() -> None:
    heads = [*HEADS[:7], "总投资（万元）", "2024年1月到位资金（万元）", "", "2024年2月到位资金（万元）", ""]
    below = [*[""] * 8, "当月", "当年累计", "当月", "当年累计"]
    rows = read(sheet(["项目推进表"], heads, below, ["（一）南园"], [*ROW, 100, 100, 50, 150],
                      merged=tuple((2, place, 3, place) for place in range(1, 9))))  # fmt: skip
    assert [(row.month, row.cells["折人民币（万元）"].value) for row in rows if row.month] == [
        ((2024, 1), 100),
        ((2024, 2), 50),
    ]
    dated: list[list[Any]] = [
        [*HEADS, "到位资金（万元）", ""],
        [*[""] * 8, "2024.01", "2024.02"],
        [*ROW, 100, 50],
    ]
    assert [row.month for row in read(sheet(*dated)) if row.month] == [(2024, 1), (2024, 2)]


def test_heads_of_two_facts_are_taken_apart() -> None:
    heads = [
        "项目名称",
        "投资方（来源地）",
        "责任单位及责任人",
        "合同类型/签约时间",
        "总投资/其中固投（万元）",
        "开工/投产时间",
        "阶段",
    ]
    row = [
        "电池项目",
        "江苏恒科（集团）有限公司（江苏省）",
        "招商一部 冯晓燕",
        "正式合同/2024.3.5",
        "12000/9600",
        "2024-04-06/-",
        "开工",
    ]
    next_ = [
        "织造项目",
        "浙江天联有限公司",
        "招商二部",
        "投资协议书",
        "8000",
        "2024年5月1日/2024年6月2日",
        "投产",
    ]
    rows = read(sheet(heads, row, next_))
    assert told(rows, "投资方名称", "投资方所在地", "责任单位", "责任人") == [
        ("江苏恒科（集团）有限公司", "江苏省", "招商一部", "冯晓燕"),
        ("浙江天联有限公司", None, "招商二部", None),
    ]
    assert told(rows, "合同类型", "合同签订日期", "合同总投资", "其中：固定资产投资") == [
        ("正式合同", dt.date(2024, 3, 5), 12000, 9600),
        ("正式合同", None, 8000, None),
    ]
    assert told(rows, "开工日期", "投产日期") == [
        (dt.date(2024, 4, 6), None),
        (dt.date(2024, 5, 1), dt.date(2024, 6, 2)),
    ]


def test_arrivals_side_by_side_in_one_row() -> None:
    heads = ["第1笔到账时间", "第1笔到账金额（万元）", "凭证号", "第2笔到账时间", "第2笔到账金额（万元）"]
    rows = read(sheet([*HEADS, *heads], [*ROW, "2024.3.8", 100, "P1", "2024.4.8", 200], NEXT))
    assert told(rows, "折人民币（万元）", "到账日期", "凭证号") == [
        (100, dt.date(2024, 3, 8), "P1"),
        (200, dt.date(2024, 4, 8), None),
    ]


def test_months_told_only_by_source_are_asked_about() -> None:
    top = [*HEADS, "2024年到位资金（万元）", *[None] * 3]
    months, sources = [None] * 8 + ["1月", None, "2月", None], [None] * 8 + ["区内", "境外"] * 2
    merged = (*((1, c, 3, c) for c in range(1, 9)), (1, 9, 1, 12), (2, 9, 2, 10), (2, 11, 2, 12))
    form = sheet(top, months, sources, [*ROW, 10, 20, 30, 40], [*NEXT, 1, 2, 3, 4], merged=merged)
    found = recognise(Workbook([form]))
    assert [d.head.split("·")[-2:] for d in found.doubts] == [
        ["1月", "区内"], ["1月", "境外"], ["2月", "区内"], ["2月", "境外"]
    ]  # fmt: skip
