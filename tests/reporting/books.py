"""Workbooks as superiors send them: merged titles, heads of two rows, edges, A3 across (domain.md §4.1)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

EDGES = Border(*(Side("thin"),) * 4)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(vertical="center", wrap_text=True)
LIST = "序号 项目名称 投资商\n名称 企业简介 项目内容 项目对接及进展情况 企业诉求 拟解决措施 责任单位 专班跟进人".split(
    " "
)
TALKS = "序号 项目类型 项目名称 项目投资单位 总投资\n(亿元) 企业简介 项目简介 落户地 联系人 备注".split(" ")
WORKS = "序号 项目名称 建设地点 开工时间 竣工时间 资金来源 建设内容 工作路径图\n(具体时间节点) 周工作进展 建设单位 责任单位/责任人 备注(存在的问题)".split(
    " "
)
MONTHLY: Sequence[tuple[str, Sequence[str]]] = (
    ("序号", ()), ("项目名称", ()), ("项目代码", ()), ("投资方全称", ()), ("投资方所在省市", ()), ("是否援疆省市", ()),
    ("建设地点(园区)", ()), ("建设规模及内容", ()), ("总投资", ("计划", "其中固投")), ("签约时间", ()),
    ("到位资金", ("历年累计", "本年目标", "本月", "本年累计", "开工以来累计", "其中区外")), ("资金到位率", ()),
    ("项目性质(新建/续建)", ()), ("项目状态", ()), ("开工时间", ()), ("形象进度", ()), ("就业(人)", ()), ("用地(亩)", ()),
    ("包联领导", ()), ("责任单位", ()), ("责任人", ()), ("备注", ()),
)  # fmt: skip


def as_bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_of(book: Workbook, title: str, name: str, columns: int, paper: int = 8) -> Any:
    """The first sheet of ``book`` with a merged title over all columns, A3 (8) or A4 (9) across."""
    sheet: Any = book.active
    sheet.title = name
    sheet["A1"] = title
    sheet["A1"].font = Font(name="方正小标宋简体", size=22)
    sheet["A1"].alignment = CENTRE
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet.row_dimensions[1].height = 42
    sheet.page_setup.paperSize = paper
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    return sheet


def heads(sheet: Any, row: int, words: Sequence[str], widths: Sequence[float] = ()) -> None:
    for place, word in enumerate(words, 1):
        cell = sheet.cell(row, place, word)
        cell.font, cell.alignment, cell.border = Font(name="黑体", size=12, bold=True), CENTRE, EDGES
        cell.fill = PatternFill("solid", fgColor="DDEBF7")
        sheet.column_dimensions[get_column_letter(place)].width = widths[place - 1] if widths else 14
    sheet.row_dimensions[row].height = 36


def empty_row(sheet: Any, row: int, columns: int, height: float = 48) -> None:
    for place in range(1, columns + 1):
        cell = sheet.cell(row, place)
        cell.font, cell.alignment, cell.border = (
            Font(name="仿宋", size=11),
            LEFT if place in (2, 6) else CENTRE,
            EDGES,
        )
    sheet.row_dimensions[row].height = height


def group_row(sheet: Any, row: int, words: str, columns: int) -> None:
    empty_row(sheet, row, columns, 30)
    sheet.cell(row, 1, words).font = Font(name="楷体", size=14, bold=True)
    sheet.cell(row, 1).alignment = Alignment(horizontal="left", vertical="center")
    sheet.cell(row, 1).fill = PatternFill("solid", fgColor="FFF2CC")
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)


def project_list() -> bytes:
    """(b) 招商引资项目清单: title with the days, merged group titles among empty rows, A3 across."""
    book = Workbook()
    sheet = sheet_of(book, "××开发区招商引资项目清单\n（2024.1.1—2024.6.30）", "项目清单", 10)
    heads(sheet, 2, LIST, [6, 26, 20, 24, 30, 52, 20, 20, 14, 12])
    group_row(sheet, 3, "一、重点对接", 10)
    for row in range(4, 11):
        empty_row(sheet, row, 10)
    group_row(sheet, 11, "二、保持对接", 10)
    for row in range(12, 15):
        empty_row(sheet, row, 10)
    sheet.print_title_rows = "1:2"
    sheet.print_area = "A1:J14"
    sheet.freeze_panes = "A3"
    return as_bytes(book)


def talks() -> bytes:
    """(c) 谋划（在谈）项目库, A4."""
    book = Workbook()
    sheet = sheet_of(book, "谋划（在谈）项目库", "在谈", 10, paper=9)
    heads(sheet, 2, TALKS)
    empty_row(sheet, 3, 10)
    return as_bytes(book)


def works() -> bytes:
    """(d) 在建项目统计表: title row 2, heads row 3, data row 4, A3."""
    book = Workbook()
    sheet = sheet_of(book, "附件2", "在建", 12)
    sheet["A2"] = "2026年在建项目统计表"
    sheet.merge_cells("A2:L2")
    heads(sheet, 3, WORKS)
    empty_row(sheet, 4, 12)
    return as_bytes(book)


def monthly() -> bytes:
    """(f) The county's monthly 台账: heads of two rows, 单位：万元, a line of sums in formulas, notes below."""
    book = Workbook()
    width = sum(max(1, len(parts)) for _head, parts in MONTHLY)
    sheet = sheet_of(book, "××县招商引资项目月报台账（2024年1—6月）", "月报", width)
    sheet["A2"], sheet.cell(2, width).value = "填报单位：", "单位：万元"
    column = 1
    for head, parts in MONTHLY:
        heads_of = parts or ("",)
        for offset, part in enumerate(heads_of):
            for row, word in ((3, head if not offset else None), (4, part or None)):
                cell = sheet.cell(row, column + offset, word)
                cell.font, cell.alignment, cell.border = Font(name="黑体", size=10, bold=True), CENTRE, EDGES
        last = column + len(heads_of) - 1
        if parts:
            sheet.merge_cells(start_row=3, start_column=column, end_row=3, end_column=last)
        else:
            sheet.merge_cells(start_row=3, start_column=column, end_row=4, end_column=column)
        column = last + 1
    for row in (5, 6, 7):
        empty_row(sheet, row, width, 30)
    sheet["R5"] = sheet["R6"] = sheet["R7"] = None
    for row in (5, 6, 7):
        sheet.cell(row, 18, f"=IF(I{row}=0,0,P{row}/I{row})").number_format = "0.00%"
    empty_row(sheet, 8, width, 26)
    sheet["B8"] = "合计"
    for place in (9, 10, 12, 14, 15, 16, 17):
        letter = get_column_letter(place)
        sheet.cell(8, place, f"=SUM({letter}5:{letter}7)").number_format = "#,##0.00"
    sheet["R8"] = "=IF(I8=0,0,P8/I8)"
    sheet["A10"] = "填报人：　　　　　审核人：　　　　　填报日期："
    sheet.merge_cells(start_row=10, start_column=1, end_row=10, end_column=width)
    sheet.print_title_rows = "3:4"
    sheet.print_area = f"A1:{get_column_letter(width)}10"
    return as_bytes(book)


def statistics(units: Sequence[str]) -> bytes:
    """A table whose cells are figures: units down, figures and windows across."""
    book = Workbook()
    sheet = sheet_of(book, "2024年6月招商引资主要指标完成情况", "指标", 10, paper=9)
    sheet["J2"] = "单位：亿元、个"
    for text, span in (
        ("责任单位", "A3:A4"),
        ("到位资金（亿元）", "B3:F3"),
        ("新签约项目", "G3:H3"),
        ("新开工亿元以上项目", "I3:J3"),
    ):
        sheet[span.split(":")[0]] = text
        sheet.merge_cells(span)
    for place, word in enumerate(
        "年度目标 本月 本年累计 完成率% 同比增长% 个数 总投资（亿元） 本月个数 累计个数".split(), 2
    ):
        sheet.cell(4, place, word)
    for line, name in enumerate((*units, "合计"), 5):
        sheet.cell(line, 1, name)
    for row in range(3, 6 + len(units)):
        for place in range(1, 11):
            sheet.cell(row, place).border, sheet.cell(row, place).alignment = EDGES, CENTRE
    return as_bytes(book)


def two_rows() -> bytes:
    """Two rows a project, the name over both; 合计 right below the heads; a second sheet of figures in text."""
    book = Workbook()
    sheet = sheet_of(book, "重点项目推进表", "重点", 4, paper=9)
    heads(sheet, 2, ["项目名称", "总投资（亿元）", "本年到位资金（万元）", "责任单位"])
    for row in (3, 4, 5):
        empty_row(sheet, row, 4, 24)
    sheet["A3"] = "合计"
    sheet.merge_cells("A4:A5")
    sheet["A7"] = "注：本表按月报送。"
    other = book.create_sheet("封面")
    other["A1"] = "填报单位："
    other["B2"] = "=重点!C3"
    return as_bytes(book)
