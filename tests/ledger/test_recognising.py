"""Whatever way a ledger is kept, the same records are found in it; what does not add up is named."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel.errors import DomainError
from app.ledger.rules.heads import fold_head, unit_of
from app.ledger.rules.recognition import RowKind
from app.ledger.rules.spans import period_of
from app.ledger.rules.values import is_nothing, read_day, read_fen, read_mu, read_yes_no
from app.ledger.workbook import Cell, Workbook
from app.ledger.workbook.recognising import FormRow, form_rows, recognise
from tests.ledger.committees.truth import Book
from tests.ledger.messy import UNITS, WAYS_OF_AMOUNTS, WAYS_OF_DATES, YEAR, Ledger, amounts, ledgers

THOROUGH = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=2000, deadline=None)


def value(row: FormRow, head: str) -> object:
    return row.cells[head].value if head in row.cells else None


@THOROUGH
@given(ledgers())
def test_every_record_is_found_as_it_was_meant(ledger: Ledger) -> None:
    found = recognise(ledger.workbook)
    assert [d.message for d in found.doubts] == []
    (table,) = found.tables
    assert table.head_rows == ledger.head_rows
    rows = list(form_rows(ledger.workbook, found))
    projects = [row for row in rows if row.month is None]
    assert [problem for row in rows for cell in row.cells.values() if (problem := cell.problem)] == []
    assert [
        (value(r, "项目名称"), str(value(r, "投资方名称")).strip(), value(r, "责任单位"), value(r, "当前阶段"),
         value(r, "合同总投资"), value(r, "合同签订日期"))
        for r in projects
    ] == [(r.name, r.investor, r.unit, r.stage, r.total, r.signed) for r in ledger.records]  # fmt: skip
    funds = {(value(r, "项目名称"), r.month): value(r, "折人民币（万元）") for r in rows if r.month}
    assert funds == {
        (r.name, (YEAR, month)): amount
        for r in ledger.records
        for month, amount in enumerate(r.funds, 1)
        if amount
    }


@THOROUGH
@given(ledgers(), st.data())
def test_a_sum_that_does_not_agree_is_named(ledger: Ledger, data: st.DataObject) -> None:
    (table,) = recognise(ledger.workbook).tables
    sums = [row for row, kind in table.rows.items() if kind in (RowKind.subtotal, RowKind.total)]
    if not sums:
        return
    row = data.draw(st.sampled_from(sums))
    sheet = ledger.workbook.sheets[0]
    cells = [list(line) for line in sheet.rows]
    was = cells[row - 1][6].value
    assert isinstance(was, Decimal)
    cells[row - 1][6] = Cell(was * 2 + 1)
    doubts = recognise(Workbook([replace(sheet, rows=cells)])).doubts
    assert f"G{row}" in [doubt.cell for doubt in doubts]


@MANY
@given(st.dates(dt.date(2010, 1, 1), dt.date(2060, 12, 31)), st.sampled_from(WAYS_OF_DATES))
def test_a_day_is_read_in_every_way_it_is_written(day: dt.date, way: object) -> None:
    assert callable(way)
    assert read_day(way(day), YEAR) == day


@MANY
@given(amounts, st.integers(0, len(WAYS_OF_AMOUNTS) - 1), st.sampled_from(sorted(UNITS)))
def test_an_amount_is_read_in_every_way_it_is_written(amount: Decimal, way: int, unit: str) -> None:
    said = amount * UNITS[unit] if way < 4 else amount
    assert read_fen(WAYS_OF_AMOUNTS[way](said), unit) == amount * 1_000_000


@MANY
@given(st.text(max_size=20) | st.decimals())
def test_whatever_stands_in_a_cell_is_read_or_refused_in_words(text: object) -> None:
    for read in (lambda v: read_day(v, YEAR), lambda v: read_fen(v, "万元"), lambda v: read_mu(v, None)):
        with suppress(DomainError):
            read(text)
    is_nothing(text)
    read_yes_no(text)


@pytest.mark.parametrize(
    "text", ["2024年", "2024-13-01", "2024.2.30", "5月", "签约", "2024.5.8-2025.6", "1850-1-1", "12"]
)
def test_a_day_that_nobody_can_know_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        read_day(text)


def test_a_month_alone_is_its_first_day_and_a_day_takes_the_year_of_the_title() -> None:
    assert read_day("2024年5月") == read_day("2024.05") == read_day(Decimal("2024.5")) == dt.date(2024, 5, 1)
    assert read_day("5月8日", 2023) == dt.date(2023, 5, 8)


def test_dollars_need_a_rate() -> None:
    with pytest.raises(DomainError, match="汇率"):
        read_fen("100万美元", "万元")
    assert read_fen("100万美元", "万元", {"美元": Decimal("7.1")}) == 710_000_000


def test_an_area_in_square_metres_becomes_mu() -> None:
    assert read_mu("20000平方米", "亩") == Decimal("30.00")


@pytest.mark.parametrize(
    ("head", "key", "unit"),
    [
        ("总 投 资\n（万元）", "总投资", "万元"),
        ("总投资(亿元)", "总投资", "亿元"),
        ("预计产值，万元", "预计产值", "万元"),
        ("用地（亩）", "用地", "亩"),
        ("引进外资（万美元）", "引进外资", "万美元"),
        ("项目名称", "项目名称", None),
    ],
)
def test_a_head_is_its_words_and_its_unit(head: str, key: str, unit: str | None) -> None:
    assert (fold_head(head), unit_of(head)) == (key, unit)


@pytest.mark.parametrize(
    ("path", "months"),
    [
        (("2024年到位资金", "1月"), (2024, 1, 1, False)),
        (("2024.03",), (2024, 3, 3, False)),
        (("2024年十二月",), (2024, 12, 12, False)),
        (("2023年", "1-6月"), (2023, 1, 6, True)),
        (("2023年", "上半年"), (2023, 1, 6, True)),
        (("2023年到位资金", "累计"), (2023, 1, 12, True)),
        (("签约时间",), None),
        (("到位资金", "历年累计"), None),
    ],
)
def test_a_column_stands_for_a_month_or_a_sum_of_months(path: tuple[str, ...], months: object) -> None:
    period = period_of(path)
    assert (period and (period.year, period.first, period.last, period.is_sum)) == months


def formed(*sheets: tuple[Any, ...]) -> tuple[list[str], list[dict[str, Any]]]:
    """What could not be decided, and the rows as plain values; a problem as its sentence."""
    ledger = Book()
    for name, rows, *merged in sheets:
        ledger.add(name, rows, *merged)
    found = recognise(ledger.workbook)
    rows = [
        {head: cell.problem or cell.value for head, cell in row.cells.items() if not cell.is_empty}
        | ({"month": row.month} if row.month else {})
        | (row.extra or {})
        for row in form_rows(ledger.workbook, found)
    ]
    return [doubt.message for doubt in found.doubts], rows


HEAD = ["项目名称", "企业", "责任单位", "总投资", "签约时间"]
DAY = dt.date(2024, 3, 1)


def test_a_day_that_has_not_come_is_no_milestone() -> None:
    heads = [*HEAD, "计划投产时间", "是否开工", "开工时间"]
    rows = [
        ["甲", "A", "一部", 12, DAY, "2025.1", "否", DAY],
        ["乙", "B", "一部", 12, DAY, "", "是", "预计2024年9月"],
    ]
    _, (first, second) = formed(("清单（万元）", [heads, *rows]))
    assert "开工日期" not in first.keys() | second.keys()
    assert (first["计划投产时间"], second["开工日期（原文）"]) == ("2025.1", "预计2024年9月")


def test_a_day_takes_the_year_of_its_group_title() -> None:
    lines = [
        HEAD,
        ["2022年签约项目"],
        ["甲", "A", "一部", 12, "5月8日"],
        ["2023年签约项目"],
        ["乙", "B", "一部", 12, "5月8日"],
    ]
    doubts, rows = formed(("清单（万元）", lines))
    assert (doubts, [row["合同签订日期"].year for row in rows]) == ([], [2022, 2023])


def test_money_that_is_told_twice_is_taken_once_or_refused() -> None:
    project = (
        "台账",
        [["2024年（万元）"], [*HEAD, "1月到位资金", "2月到位资金"], ["甲", "A", "一部", 12, DAY, 10, 20]],
    )
    arrivals = [
        ["2024年"],
        ["项目名称", "到账日期", "到位金额（万元）"],
        ["甲", "1月3日", 10],
        ["甲", "2月3日", 15],
        ["甲", "2月9日", 5],
    ]
    _, rows = formed(project, ("明细", arrivals))
    assert sum(row.get("折人民币（万元）", 0) for row in rows) == 30
    _, rows = formed(
        project, ("副本", [["2024年到位资金（万元）"], ["项目名称", "1月", "2月"], ["甲", 10, 21]])
    )
    assert [row["折人民币（万元）"] for row in rows[1:3]] == [10, 20]
    assert "不一致" in str(rows[3]["折人民币（万元）"])


@pytest.mark.parametrize(
    ("lines", "merged", "said"),
    [
        ([[*HEAD, "一季度到位资金"], ["甲", "A", "一部", 12, DAY, 10]], (), "几个月的合计"),
        (
            [HEAD, ["甲", "A", "一部", 12, DAY], ["乙", "B", "一部", "", DAY]],
            [(2, 4, 3, 4)],
            "一格合并了第 2—3 行",
        ),
    ],
)
def test_money_that_cannot_be_placed_is_named(lines: Any, merged: Any, said: str) -> None:
    (doubt,), _ = formed(("2024年（万元）", lines, merged))
    assert said in doubt


def test_the_month_of_a_report_and_what_the_year_had_before_it() -> None:
    lines = [["2024年6月月报（万元）"], [*HEAD, "到位资金", "", ""], ["", "", "", "", "", "本月", "本年累计", "历年累计"],
             ["甲", "A", "一部", 12, DAY, 10, 60, 100]]  # fmt: skip
    doubts, rows = formed(("月报", lines))
    assert not doubts
    assert {row["month"]: row["折人民币（万元）"] for row in rows[1:]} == {(2024, 6): 10, (2024, 5): 50}


def test_targets_are_read_down_across_and_as_a_list() -> None:
    title = ["2024年目标任务分解表"]
    across = [title, ["指标", "招商一部", "全区"], ["到位资金（亿元）", 1, 3], ["新签约项目（个）", 4, 9]]
    down = [
        title,
        ["单位", "到位资金（亿元）", "新签约项目（个）", "完成率"],
        ["招商一部", 1, 4, "50%"],
        ["合计", 3, 9, ""],
    ]
    listed = [title, ["责任单位", "指标", "目标值"], ["招商一部", "到位资金（亿元）", 1], ["招商一部", "新签约项目（个）", 4],
              ["全区", "到位资金（亿元）", 3], ["全区", "新签约项目（个）", 9]]  # fmt: skip
    wanted = {("招商一部", "到位资金", 1, "亿元"), ("招商一部", "新签约合同项目数", 4, "个"), ("全区", "到位资金", 3, "亿元"),
              ("全区", "新签约合同项目数", 9, "个")}  # fmt: skip
    for lines in (across, down, listed):
        doubts, rows = formed(("目标", lines))
        assert not doubts
        assert {(r["责任单位"], r["指标"], r["目标值"], r["单位"]) for r in rows} == wanted
        assert {row["年度"] for row in rows} == {2024}


def test_cells_that_say_more_than_they_were_asked() -> None:
    heads = ["项目名称", "企业", "责任单位", "进展阶段", "总投资（万元）"]
    _, (first, second) = formed(("清单", [heads, ["甲", "A有限公司；B有限公司", "一部", "签约2023-10", "1.2亿（其中固投1亿）"],
                                        ["乙", "C", "一部", "在谈", "3000—5000万"]]))  # fmt: skip
    assert (first["当前阶段"], first["合同签订日期"]) == ("签约", dt.date(2023, 10, 1))
    assert (first["合同总投资"], first["其中：固定资产投资"]) == (12000, 10000)
    assert (first["投资方名称"], first["其他投资方名称"]) == ("A有限公司", "B有限公司")
    assert (second.get("合同总投资"), second["合同总投资（原文）"]) == (None, "3000—5000万")


def test_a_column_of_fixed_words_is_known_by_them() -> None:
    lines = [
        ["到账日期", "项目名称", "到位金额（万元）", "意见"],
        *([DAY, "甲", 1, word] for word in ("已认定", "不予认定", "待认定")),
    ]
    _, rows = formed(("到位资金", lines))
    assert [row["审核状态"] for row in rows] == ["已审核", "退回", "待审核"]


def test_group_titles_in_brackets_behind_a_label_and_on_further_pages() -> None:
    heads = ["序号", "项目名称", "企业", "总投资", "签约时间"]
    lines: list[list[Any]] = [
        ["项目进展表（万元）"], heads,
        ["【锂电新能源产业链】共1个项目"], [1, "甲", "A", 12, DAY],
        ["项目进展表（万元）（续表）"], heads,
        [2, "乙", "B", 12, DAY],
        ["责任单位：招商二部（1个）"], [3, "丙", "C", 12, DAY],
    ]  # fmt: skip
    merged = [(row, 1, row, 5) for row in (3, 5, 8)]
    (table,) = recognise(Book().add("表", lines, merged).workbook).tables
    assert table.head_rows == (2, 2)
    assert set(table.meanings.values()) == {("产业链", "锂电新能源"), ("责任单位", "招商二部")}
    assert [table.groups[row] for row in table.data_rows()[:2]] == [("锂电新能源产业链",)] * 2


def test_a_bare_stage_above_days_is_the_day_of_that_stage() -> None:
    heads = ["项目名称", "企业", "责任单位", "总投资", "签约", "开工", "退出"]
    _, rows = formed(("清单（万元）", [heads, ["甲", "A", "一部", 12, "2024.3.1", "2024.5.2", ""]]))
    assert (rows[0]["合同签订日期"], rows[0]["开工日期"]) == (DAY, dt.date(2024, 5, 2))


def test_a_title_gives_single_fields_their_units() -> None:
    lines = [["项目库（总投资：亿元，产值：万元）"], [*HEAD, "达产产值"], ["甲", "A", "一部", 1.5, DAY, 800]]
    doubts, (row,) = formed(("库", lines))
    assert (doubts, row["合同总投资"], row["预计年产值"]) == ([], 15000, 800)


def test_a_head_with_a_part_in_brackets_holds_both() -> None:
    heads = [*HEAD, "产业链（环节）"]
    _, (row,) = formed(("清单（万元）", [heads, ["甲", "A", "一部", 12, DAY, "文化旅游（景区）"]]))
    assert (row["产业链"], row["链上环节"]) == ("文化旅游", "景区")
