"""Downloads: text that stays text, sums as values, and an empty ledger that reads back empty."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from app.kernel.errors import DomainError
from app.ledger.rules import ARRIVALS, PROJECTS, SHEETS, TARGETS
from app.ledger.workbook import read_workbook
from app.ledger.workbook.template import ROWS
from app.ledger.workbook.writing import Column, TemplateLists, write_table, write_template
from tests.ledger.books import save

COLUMNS = [
    Column("项目名称", "text", 30),
    Column("合同总投资（万元）", "amount", 16),
    Column("个数", "count"),
    Column("签订日期", "date"),
    Column("同比", "percent"),
]
ROWS_OF_TABLE = [
    ("甲项目", Decimal("9999.99"), 3, dt.date(2024, 1, 5), Decimal("30.5")),
    ("乙项目", Decimal("0.000001"), 0, None, None),
    ("", None, None, None, Decimal("-8.9")),
]
LISTS = TemplateLists(
    areas=["综合保税区", "空港产业物流区"],
    units=["招商一部", "=HYPERLINK(1)"],
    chains={"锂电新能源": ["上游材料", "电池"], "商贸物流": [], "电子信息": ["视频显示"]},
    stages=["线索", "在谈", "签约"],
    contract_kinds=["正式合同", "框架协议"],
    currencies=["人民币", "美元"],
    sources=["区外境内", "境外", "区内"],
    states=["待审核", "已审核"],
    targets=["到位资金", "新签约合同项目数"],
)


def table(tmp_path: Path, rows, columns=COLUMNS, **kinds) -> Path:
    stream = io.BytesIO()
    write_table(stream, sheet="项目", columns=columns, rows=rows, **kinds)
    return save(tmp_path, stream.getvalue())


def template(tmp_path: Path, lists: TemplateLists = LISTS) -> Path:
    stream = io.BytesIO()
    write_template(stream, zone_name="喀什经济开发区", lists=lists)
    return save(tmp_path, stream.getvalue())


def values(path: Path) -> list[list[object]]:
    return [[cell.value for cell in row] for row in read_workbook(path).sheets[0].rows]


def test_a_table_has_title_heads_rows_and_sums(tmp_path: Path) -> None:
    path = table(tmp_path, iter(ROWS_OF_TABLE), title="项目清单", totals=True)
    assert values(path) == [
        ["项目清单", None, None, None, None],
        [column.head for column in COLUMNS],
        ["甲项目", Decimal("9999.99"), Decimal(3), dt.date(2024, 1, 5), Decimal("0.305")],
        ["乙项目", Decimal("0.000001"), Decimal(0), None, None],
        [None, None, None, None, Decimal("-0.089")],
        ["合计", Decimal("9999.990001"), Decimal(3), None, None],
    ]
    page = openpyxl.load_workbook(path)["项目"]
    assert page.freeze_panes == "B3"
    assert [page.cell(3, place).number_format for place in range(1, 6)] == [
        "@", "#,##0.00", "#,##0", "yyyy-mm-dd", "0.0%",
    ]  # fmt: skip
    assert page.column_dimensions["A"].width == pytest.approx(30, abs=1)
    assert page.print_title_rows == "$1:$2"


def test_given_totals_are_written_as_given(tmp_path: Path) -> None:
    path = table(tmp_path, ROWS_OF_TABLE, totals=["本页合计", Decimal("58.32"), 20, None, Decimal(7)])
    assert values(path)[-1] == ["本页合计", Decimal("58.32"), Decimal(20), None, Decimal("0.07")]


def test_a_table_without_rows(tmp_path: Path) -> None:
    assert values(table(tmp_path, [])) == [[column.head for column in COLUMNS]]


def test_one_column_with_a_title(tmp_path: Path) -> None:
    assert values(table(tmp_path, [("甲",)], [Column("名称")], title="标题")) == [["标题"], ["名称"], ["甲"]]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", '=HYPERLINK("http://evil","x")', "+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1", "{=1}", "http://example.com",
        "mailto:a@b.c", "13999999999", "91653101M3YQUB7RLM", "0001", "1.0", "TRUE", "#REF!", "_x0041_", " 甲 ", "'=1",
    ],
)  # fmt: skip
def test_text_stays_text(text: str, tmp_path: Path) -> None:
    path = table(tmp_path, [(text, None, None, None, None)], title=text)
    for row in (1, 3):
        cell = openpyxl.load_workbook(path)["项目"].cell(row, 1)
        assert cell.data_type in ("s", "inlineStr")
        assert cell.hyperlink is None
    assert values(path)[2][0] == text
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "hyperlink" not in xml


def test_a_formula_like_text_is_quoted_against_editing(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(table(tmp_path, [("=1",), ("甲",)], [Column("名称")]))["项目"]
    assert page["A2"].quotePrefix
    assert not page["A3"].quotePrefix


def test_control_characters_are_left_out_and_long_text_is_cut(tmp_path: Path) -> None:
    found = values(
        table(
            tmp_path,
            [("甲\x00\x07\u202e乙\n丙", None, None, None, None), ("字" * 40_000, None, None, None, None)],
        )
    )
    assert found[1][0] == "甲乙\n丙"
    assert found[2][0] == "字" * 32_767


def test_more_rows_than_a_sheet_takes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ledger.workbook.tables.MAX_ROWS", 3)
    with pytest.raises(DomainError, match="超过 3 行，请先筛选"):
        table(tmp_path, [("甲",)] * 4, [Column("名称")])


def test_a_row_of_another_length_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zip"):
        table(tmp_path, [("甲",)])


def test_the_empty_ledger_reads_back_with_its_heads_and_no_rows(tmp_path: Path) -> None:
    book = read_workbook(template(tmp_path))
    assert [sheet.name for sheet in book.sheets] == ["项目台账", "到位资金", "年度目标", "列表"]
    assert [sheet.hidden for sheet in book.sheets] == [False, False, False, True]
    for sheet, form in zip(book.sheets, SHEETS, strict=False):
        assert [cell.value for cell in sheet.rows[-1]] == list(form.heads)
        assert len(sheet.rows) == (3 if form is PROJECTS else 1)
    assert book.sheets[0].rows[0][0].value == "喀什经济开发区招商引资项目台账"


def test_the_empty_ledger_has_the_heads_of_the_demo_ledger(tmp_path: Path) -> None:
    demo = openpyxl.load_workbook(Path(__file__).resolve().parents[2] / "demo" / "kashi-2024-template.xlsx")
    mine = openpyxl.load_workbook(template(tmp_path))
    for name, row in (("项目台账", 3), ("到位资金", 1), ("年度目标", 1)):
        assert [cell.value for cell in mine[name][row]] == [cell.value for cell in demo[name][row]]


@pytest.mark.parametrize(
    ("form", "head", "choices"),
    [
        (PROJECTS, "落地片区", LISTS.areas),
        (PROJECTS, "责任单位", LISTS.units),
        (PROJECTS, "产业链", list(LISTS.chains)),
        (PROJECTS, "当前阶段", LISTS.stages),
        (PROJECTS, "合同类型", LISTS.contract_kinds),
        (ARRIVALS, "币种", LISTS.currencies),
        (ARRIVALS, "资金来源", LISTS.sources),
        (ARRIVALS, "审核状态", LISTS.states),
        (TARGETS, "责任单位", ["全区", *LISTS.units]),
        (TARGETS, "指标", LISTS.targets),
        (TARGETS, "单位", ["万元", "亿元", "个"]),
    ],
)
def test_the_drop_downs_offer_the_zones_lists(form, head: str, choices: list[str], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(tmp_path))
    page, row = book[form.name], 4 if form is PROJECTS else 2
    column = get_column_letter(form.heads.index(head) + 1)
    [check] = [v for v in page.data_validations.dataValidation if f"{column}{row}" in v.sqref]
    assert f"{column}{row + ROWS - 1}" in check.sqref
    sheet, _, cells = check.formula1.rpartition("!")
    assert [cell.value for [cell] in book[sheet][cells.replace("$", "")]] == list(choices)


def test_text_columns_of_the_empty_ledger_keep_leading_zeros(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(template(tmp_path))["项目台账"]
    formats = {head: page.column_dimensions[get_column_letter(place)].number_format
               for place, head in enumerate(PROJECTS.heads, 1)}  # fmt: skip
    assert formats["统一社会信用代码"] == formats["项目编号"] == formats["行业代码"] == "@"
    assert formats["合同签订日期"] == "yyyy-mm-dd"
    assert formats["合同总投资"] == "#,##0.00"
    assert formats["带动就业"] == "0"


def test_the_empty_ledger_says_what_to_fill(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(template(tmp_path))["项目台账"]
    notes = {cell.value: cell.comment.text for cell in page[3] if cell.comment}
    assert notes["统一社会信用代码"].startswith("18 位")
    assert notes["项目名称"].startswith("必填。")
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (8, "landscape")


def test_an_empty_ledger_of_a_zone_without_lists(tmp_path: Path) -> None:
    none = TemplateLists([], [], {}, [], [], [], [], [], [])
    book = openpyxl.load_workbook(template(tmp_path, none))
    checks = [check.formula1 for check in book["项目台账"].data_validations.dataValidation]
    assert not any("列表" in formula for formula in checks)


def test_an_arrival_offers_the_projects_above(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(template(tmp_path))["到位资金"]
    [check] = [v for v in page.data_validations.dataValidation if "B2" in v.sqref]
    assert "项目台账!$B$4" in check.formula1
    assert check.errorStyle == "warning"


def test_a_segment_offers_those_of_its_chain(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(template(tmp_path))["项目台账"]
    [check] = [v for v in page.data_validations.dataValidation if "I4" in v.sqref]
    assert "MATCH($H4," in check.formula1
