"""What stands in a workbook comes back exactly, and what cannot be trusted is named at its address."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from app.ledger.workbook import Cell, Sheet, Workbook, WorkbookError, cell_address, read_workbook
from app.ledger.workbook.cells import Value
from app.ledger.workbook.sandbox import _APP, _START
from tests.ledger.books import DOCUMENT, MAIN, RELATIONS, make_book, save, unpack

DEMO = Path(__file__).resolve().parents[2] / "demo" / "kashi-2024-template.xlsx"


@pytest.fixture
def read(tmp_path: Path):
    """Read a hand-made workbook; the keywords are those of ``make_book``."""

    def read(*args: str, **kinds) -> Workbook:
        return read_workbook(save(tmp_path, make_book(*args, **kinds)))

    return read


def only(book: Workbook) -> Cell:
    [[cell]] = book.sheets[0].rows
    return cell


def as_read(value: object) -> object:
    """What openpyxl read, as the reader should say it."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(repr(value))
    return value


def test_the_demo_ledger_reads_as_openpyxl_reads_it() -> None:
    book = read_workbook(DEMO)
    oracle = openpyxl.load_workbook(DEMO, data_only=True)
    assert [sheet.name for sheet in book.sheets] == oracle.sheetnames
    for sheet in book.sheets:
        expected = [
            [as_read(value) for value in row] for row in oracle[sheet.name].iter_rows(values_only=True)
        ]
        assert sheet.first_row == 1
        assert [[cell.value for cell in row] for row in sheet.rows] == expected
        assert not any(cell.problem for row in sheet.rows for cell in row)
        assert not sheet.hidden
    projects = book.sheets[0]
    assert (len(projects.rows), len(projects.rows[0])) == (133, 31)


@pytest.mark.parametrize(
    ("row", "column", "address"),
    [
        (1, 1, "A1"),
        (7, 2, "B7"),
        (9, 26, "Z9"),
        (1, 27, "AA1"),
        (3, 702, "ZZ3"),
        (1048576, 16384, "XFD1048576"),
    ],
)
def test_cell_address(row: int, column: int, address: str) -> None:
    assert cell_address(row, column) == address


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<c><v>3</v></c>", Decimal(3)),
        ("<c><v>3.0</v></c>", Decimal(3)),
        ("<c><v>-0</v></c>", Decimal(0)),
        ("<c><v>58.32</v></c>", Decimal("58.32")),
        ("<c><v>9999.99</v></c>", Decimal("9999.99")),
        ("<c><v>0.30000000000000004</v></c>", Decimal("0.3")),
        ("<c><v>10320.000000000002</v></c>", Decimal(10320)),
        ("<c><v>1.0000000000000001E-5</v></c>", Decimal("0.00001")),
        ("<c><v>999999999999999</v></c>", Decimal("999999999999999")),
        ('<c s="9"><v>45296</v></c>', Decimal(45296)),
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="b"><v>0</v></c>', False),
        ("<c><f>1+1</f><v>2</v></c>", Decimal(2)),
        ('<c t="str"><f>A2&amp;B2</f><v>甲&amp;乙</v></c>', "甲&乙"),
        ('<c t="s"><v>0</v></c>', "13999999999"),
        ('<c t="s"><v>1</v></c>', "甲乙"),
        ('<c t="inlineStr"><is><t xml:space="preserve"> 甲 </t></is></c>', " 甲 "),
        ('<c t="inlineStr"><is><t>001</t></is></c>', "001"),
        ('<c t="inlineStr"><is><t>1.0</t></is></c>', "1.0"),
        ('<c t="inlineStr"><is><t>甲_x000D_\n乙</t></is></c>', "甲\n乙"),
        ('<c t="inlineStr"><is><t>_x005F_x0041_</t></is></c>', "_x0041_"),
        ('<c t="inlineStr"><is><t>=1+1</t></is></c>', "=1+1"),
        ('<c t="inlineStr"><is><t>😀</t></is></c>', "😀"),
        ('<c t="d"><v>2024-01-05</v></c>', dt.date(2024, 1, 5)),
    ],
)
def test_a_value(read, cell: str, value: Value) -> None:
    strings = "<si><t>13999999999</t></si><si><r><t>甲</t></r><rPh><t>jia</t></rPh><r><t>乙</t></r></si>"
    found = only(read(cell, strings=strings))
    assert found == Cell(value)
    assert type(found.value) is type(value)


@pytest.mark.parametrize("style", [1, 3, 4, 6, 7, 8])
def test_every_chinese_date_format_is_a_date(read, style: int) -> None:
    assert only(read(f'<c s="{style}"><v>45296</v></c>')).value == dt.date(2024, 1, 5)


@pytest.mark.parametrize(
    ("serial", "value"),
    [
        ("46082.878", dt.datetime.fromisoformat("2026-03-01T21:04:19")),
        ("45296.5", dt.datetime.fromisoformat("2024-01-05T12:00")),
        ("45296.000000001", dt.date(2024, 1, 5)),
        ("45295.999999999", dt.date(2024, 1, 5)),
        ("73050", dt.date(2099, 12, 31)),
        ("60.5", dt.datetime.fromisoformat("1900-02-28T12:00")),
    ],
)
def test_a_time_is_kept_unless_it_is_midnight(read, serial: str, value: object) -> None:
    assert only(read(f'<c s="1"><v>{serial}</v></c>')).value == value


def test_the_date_system_of_1904(read) -> None:
    settings = '<workbookPr date1904="1"/>'
    assert only(read('<c s="1"><v>43834</v></c>', settings=settings)).value == dt.date(2024, 1, 5)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("<c><f>SUM(A2:A9)</f></c>", "公式没有计算结果"),
        ("<c><f>SUM(A2:A9)</f><v></v></c>", "公式没有计算结果"),
        ("<c><f>SUM(A2:A9)</f><v/></c>", "公式没有计算结果"),
        ('<c t="str"><f>A2</f></c>', "公式没有计算结果"),
        ('<c><f t="shared" si="0"/></c>', "公式没有计算结果"),
        ('<c t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="e"><v>#NAME?</v></c>', "#NAME?"),
        ("<c><v>NaN</v></c>", "不是有效数字"),
        ("<c><v>INF</v></c>", "不是有效数字"),
        ("<c><v>abc</v></c>", "不是有效数字"),
        ("<c><v>0x10</v></c>", "不是有效数字"),
        ("<c><v>1_000</v></c>", "不是有效数字"),
        ("<c><v>٣</v></c>", "不是有效数字"),
        ("<c><v>1e400</v></c>", "超过 15 位"),
        ("<c><v>1e308</v></c>", "超过 15 位"),
        ("<c><v>653101198001011234</v></c>", "超过 15 位"),
        ("<c><v>-1e15</v></c>", "超过 15 位"),
        ('<c s="1"><v>0.5</v></c>', "只有时间"),
        ('<c s="1"><v>-1</v></c>', "只有时间"),
        ('<c s="5"><v>3.5</v></c>', "只有时间"),
        ('<c t="d"><v>2024-13-05</v></c>', "不是有效日期"),
        ('<c t="d"><v>2024-02-30</v></c>', "不是有效日期"),
        ('<c t="inlineStr"><is><t>甲_x0000_</t></is></c>', "控制字符"),
        ('<c t="inlineStr"><is><t>甲_x0007_</t></is></c>', "控制字符"),
        ('<c t="inlineStr"><is><t>甲\u200b乙</t></is></c>', "控制字符"),
        ('<c t="inlineStr"><is><t>甲\u202e乙</t></is></c>', "控制字符"),
        (f'<c t="inlineStr"><is><t>{"字" * 32_768}</t></is></c>', "32768 个字符"),
    ],
)
def test_a_cell_that_cannot_be_trusted(read, cell: str, words: str) -> None:
    found = only(read(cell))
    assert found.value is None
    assert found.problem is not None
    assert words in found.problem


def test_a_formula_that_gives_an_empty_text_is_empty(read) -> None:
    book = read('<c><v>1</v></c><c t="str"><f>IF(A1,"","x")</f><v></v></c>')
    assert [cell.value for cell in book.sheets[0].rows[0]] == [Decimal(1)]


def test_a_zero_that_a_library_put_in_place_of_a_result_is_not_believed(read) -> None:
    cells = "<c><f>SUM(A2:A9)</f><v>0</v></c><c><f>1+1</f><v>2</v></c><c><v>0</v></c>"
    waiting = read(cells, after='<calcPr fullCalcOnLoad="1"/>').sheets[0].rows[0]
    assert waiting[0].problem is not None
    assert [cell.value for cell in waiting[1:]] == [Decimal(2), Decimal(0)]
    assert read(cells, after='<calcPr calcId="1"/>').sheets[0].rows[0][0] == Cell(Decimal(0))


def test_problems_stand_at_their_addresses(read) -> None:
    data = (
        '<row r="4"><c r="C4"><v>1</v></c><c r="E4" t="e"><v>#REF!</v></c></row>'
        '<row r="6"><c r="B6"><f>C4*2</f></c></row>'
        '<row r="9"><c r="G9"><f>C4*2</f></c></row>'
    )
    sheet = read(data=data).sheets[0]
    assert sheet.first_row == 4
    problems = [
        cell_address(row, column)
        for row, cells in enumerate(sheet.rows, sheet.first_row)
        for column, cell in enumerate(cells, 1)
        if cell.problem
    ]
    assert problems == ["E4", "B6", "G9"]
    assert sheet.rows[0][2] == Cell(Decimal(1))
    assert {len(row) for row in sheet.rows} == {7}


def test_only_the_top_left_cell_of_a_merged_range_has_a_value(read) -> None:
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"/></row><row r="2"><c r="C2"><v>2</v></c></row></sheetData>'
    rows = read(sheet=sheet + '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>').sheets[0].rows
    assert [[cell.value for cell in row] for row in rows] == [
        [Decimal(1), None, None],
        [None, None, Decimal(2)],
    ]


def test_cells_without_addresses_follow_one_another(read) -> None:
    data = '<row><c><v>1</v></c><c r="D1"><v>4</v></c><c><v>5</v></c></row><row/><row><c><v>6</v></c></row>'
    rows = read(data=data).sheets[0].rows
    assert [[cell.value for cell in row] for row in rows] == [
        [Decimal(1), None, None, Decimal(4), Decimal(5)],
        [None] * 5,
        [Decimal(6), None, None, None, None],
    ]


def test_an_empty_sheet_has_no_rows(read) -> None:
    assert read(sheet="<sheetData/>").sheets == [Sheet("台账", 1, [])]
    assert read(sheet="").sheets == [Sheet("台账", 1, [])]


def test_a_million_empty_rows_do_not_hurt(read) -> None:
    rows = "".join(f'<row r="{n}" ht="20" customHeight="1"/>' for n in range(3, 1_048_576))
    styled = '<row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"/></row>'
    sheet = '<dimension ref="A1:XFD1048576"/><sheetData><row r="2"><c r="B2"><v>7</v></c></row>'
    [found] = read(sheet=f"{sheet}{rows}{styled}</sheetData>").sheets
    assert found == Sheet("台账", 2, [[Cell(), Cell(Decimal(7))]])


def test_what_is_hidden_is_told(read) -> None:
    sheets = '<sheet name="台账" sheetId="1" state="hidden" r:id="rId1"/>'
    cells = '<row r="1"><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row><row r="2" hidden="1"><c><v>1</v></c></row>'
    columns = '<cols><col min="2" max="2" hidden="1"/><col min="3" max="16384" hidden="1"/></cols>'
    [sheet] = read(sheet=f"{columns}<sheetData>{cells}</sheetData>", sheets=sheets).sheets
    assert sheet.hidden
    assert sheet.hidden_rows == {2}
    assert sheet.hidden_columns == {2, 3}


def test_prefixes_of_namespaces_are_read(read) -> None:
    sheet = (
        '<?xml version="1.0" encoding="UTF-8"?><x:worksheet xmlns:x="urn:x"><x:sheetData><x:row>'
        "<x:c><x:v>5</x:v></x:c><x:c><x:f>1</x:f></x:c></x:row></x:sheetData></x:worksheet>"
    )
    [row] = read(parts={"xl/worksheets/sheet1.xml": sheet}).sheets[0].rows
    assert row[0] == Cell(Decimal(5))
    assert row[1].problem is not None


def test_the_name_of_the_file_does_not_matter(tmp_path: Path) -> None:
    path = save(tmp_path, DEMO.read_bytes(), "-x upload 1.tmp")
    assert len(read_workbook(path).sheets) == 3


def test_a_strict_open_xml_workbook_is_read(read) -> None:
    strict = "http://purl.oclc.org/ooxml"
    kinds = {
        name: content.decode()
        .replace(MAIN, f"{strict}/spreadsheetml/main")
        .replace(DOCUMENT, f"{strict}/officeDocument/relationships")
        for name, content in unpack(make_book('<c t="d" s="1"><v>2024-01-05</v></c><c><v>5</v></c>')).items()
    }
    [row] = read(parts=kinds).sheets[0].rows
    assert [cell.value for cell in row] == [dt.date(2024, 1, 5), Decimal(5)]


def test_a_byte_order_mark_and_absolute_targets_are_read(read) -> None:
    parts = {
        name: b"\xef\xbb\xbf" + content for name, content in unpack(make_book("<c><v>5</v></c>")).items()
    }
    parts[RELATIONS] = parts[RELATIONS].replace(b'"worksheets/', b'"/xl/worksheets/')
    assert only(read(parts=parts)).value == Decimal(5)


def test_the_child_does_not_load_the_web_application() -> None:
    start = _START.replace('run_name="__main__"', 'run_name="child"')
    command = [
        sys.executable,
        "-I",
        "-c",
        f"{start}\nprint(*sys.modules)",
        str(_APP),
        "app.ledger.workbook.child",
    ]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "python_calamine" in loaded
    assert not {"flask", "sqlalchemy", "xlsxwriter", "app.web", "app.db"} & set(loaded)


def test_a_child_that_dies_is_logged_and_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.ledger.workbook.sandbox._START", "raise RuntimeError('lost')")
    with pytest.raises(WorkbookError, match="请用 Excel 或 WPS 打开"):
        read_workbook(save(tmp_path, make_book()))
    assert "RuntimeError: lost" in caplog.text
