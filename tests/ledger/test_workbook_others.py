"""Text tables, .xls and .ods are read as the same plain cells as an .xlsx."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pytest

from app.ledger.workbook import Sheet, read_workbook
from tests.ledger.hostile import make_ods

OLD = Path(__file__).parent / "data" / "old.xls"
ROWS = [
    ["项目名称", "金额（万元）", "备注"],
    ["电池项目", "1,200.5", "两行\n文字"],
    ["纺织项目", "—", '有“引号”和",逗号'],
]


def values(sheet: Sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_text_table_in_any_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(ROWS)
    path = tmp_path / "台账.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    (sheet,) = read_workbook(path).sheets
    assert values(sheet) == ROWS
    assert sheet.first_row == 1


def test_a_code_that_excel_wrote_as_a_formula_of_text(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_text('代码,名称\n"=""091653101""",甲\n', "utf-8")
    assert values(read_workbook(path).sheets[0])[1] == ["091653101", "甲"]


def test_an_old_workbook() -> None:
    first, hidden = read_workbook(OLD).sheets
    assert (first.hidden, hidden.hidden) == (False, True)
    assert values(first)[2] == [Decimal(1), "项目1", "甲公司", "招商一部", dt.date(2024, 5, 2), Decimal(201)]
    assert (3, 4, 4, 4) in first.merged


def test_an_open_document(tmp_path: Path) -> None:
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="12.5"/>'
    day = '<table:table-cell office:value-type="date" office:date-value="2024-05-08"/>'
    path = tmp_path / "台账.ods"
    path.write_bytes(
        make_ods(
            f"<table:table-row>{text.format('项目')}{text.format('金额')}</table:table-row>"
            f'<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
            f"<table:table-row>{text.format('电池')}{number}{day}</table:table-row>"
        )
    )
    (sheet,) = read_workbook(path).sheets
    assert sheet.name == "台账"
    assert values(sheet)[0][:2] == ["项目", "金额"]
    assert values(sheet)[3] == ["电池", Decimal("12.5"), dt.date(2024, 5, 8)]


def test_a_fraction_as_programs_write_it_keeps_the_digits_of_excel(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_text("金额,编号\n3636.6000000000004,123456789012345678\n", encoding="utf-8")
    (sheet,) = read_workbook(path).sheets
    assert [cell.value for cell in sheet.rows[1]] == ["3636.60000000000", "123456789012345678"]
