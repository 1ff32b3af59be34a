"""Writing the content of a brief as .docx: text and tables can be edited, numbers keep their links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from app.briefs.word.styles import CENTRE, LEFT, RIGHT, SECOND_HEADING, number_pages, set_page, set_styles

Data = dict[str, Any]
WIDTH_MM, WIDE_MM = 156, 225
"""Across the type area, upright and turned."""
ALIGN = {"n": RIGHT, "c": CENTRE, "l": LEFT}


def write_word(snapshot: Data, target: Path, *, charts: Mapping[str, Path]) -> None:
    """Write ``snapshot`` into ``target``; ``charts`` are the pictures of the charts by the id of their block."""
    writer = _Writer(snapshot, charts)
    writer.masthead()
    for block in writer.content["opening"]:
        writer.block(block)
    for section in writer.content["sections"]:
        writer.paragraph("公文一级标题", section["heading"])
        for block in section["blocks"]:
            writer.block(block)
    writer.annexes()
    writer.end_block()
    writer.document.save(str(target))


class _Writer:
    """One document being written from top to bottom."""

    def __init__(self, snapshot: Data, charts: Mapping[str, Path]) -> None:
        self.content: Data = snapshot["content"]
        self.base: str = snapshot["public_url"]
        self.charts = charts
        self.width = WIDTH_MM
        self.document = Document()
        set_styles(self.document)
        set_page(self.document.sections[0])
        number_pages(self.document)
        properties = self.document.core_properties
        properties.title, properties.author = "".join(self.content["title"]), self.content["office"]
        properties.language, properties.comments = "zh-CN", self.content["issue"]
        day = dt.datetime.fromisoformat(snapshot["issued_on"])
        properties.created = properties.modified = day
        properties.last_modified_by = self.content["office"]

    def masthead(self) -> None:
        content = self.content
        self.paragraph("公文红头", content["red"])
        self.paragraph("公文期号", content["issue"])
        last = self.paragraph("公文期号", "")
        if content["masthead"] != "tongbao":
            last.add_run(f"{content['office']}\t{content['date']}")
            last.alignment = LEFT
            last.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH_MM), alignment=2)  # right
        _rule(last, "bottom", 12, "C8102E")
        self.paragraph("公文正文", "")
        self.paragraph("公文标题", "\n".join(content["title"]))
        self.paragraph("公文正文", "")
        if content["to"]:
            self.paragraph("公文主送", f"{content['to']}：")
            self.paragraph("公文正文", f"现将{content['period']}招商引资工作情况通报如下。")

    def block(self, block: Data) -> None:
        kind = block["kind"]
        if kind == "p":
            paragraph = self.paragraph("公文正文", "")
            if block["label"]:
                paragraph.add_run(block["label"], style=SECOND_HEADING)
            self.runs(paragraph, block["text"])
        elif kind == "table":
            self.table(block, [*_rows_of(block)])
        elif kind == "ledger":
            self.table(block, [*_ledger_rows(block)])
        elif kind == "chart":
            self.chart(block)
        elif kind == "note":
            for text in block["texts"]:
                self.runs(self.paragraph("公文注", ""), text)
        elif kind == "small":
            self.runs(self.paragraph("公文注", ""), block["text"])

    def chart(self, block: Data) -> None:
        paragraph = self.paragraph("公文图题", "")
        paragraph.paragraph_format.keep_with_next = True
        picture = paragraph.add_run().add_picture(str(self.charts[block["id"]]), width=Mm(WIDTH_MM))
        picture._inline.docPr.set("descr", block["title"])
        self.paragraph("公文图题", block["caption"])

    def table(self, block: Data, rows: list[tuple[list[Data], str]]) -> None:
        if block.get("caption"):
            self.paragraph("公文表题", block["caption"])
        shares = [float(width.rstrip("%")) / 100 for width in block["widths"]]
        table = self.document.add_table(rows=0, cols=len(shares), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _narrow_cells(table)
        head = table.add_row()
        _flag(head, "w:tblHeader")
        for cell, column in zip(head.cells, block["head"], strict=True):
            unit = [column["unit"]] if column["unit"] else []
            self._fill(cell, "公文表头", ["\n".join([*column["lines"], *unit])], CENTRE)
        for cells, kind in rows:
            row = table.add_row()
            _flag(row, "w:cantSplit")
            self._row(row, cells, kind, len(shares))
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Mm(self.width * share)
        self.document.add_paragraph(style="公文注").paragraph_format.line_spacing = Pt(6)

    def _row(self, row: Any, cells: list[Data], kind: str, columns: int) -> None:
        """One row; a leading cell spans what the others leave, as group and total rows have it."""
        style = "公文表头" if kind else "公文台账" if self.width == WIDE_MM else "公文表文"
        first, rest = columns - len(cells) + 1, cells
        if first > 1:
            merged = row.cells[0].merge(row.cells[first - 1])
            self._fill(merged, style, cells[0]["r"], LEFT)
            rest = cells[1:]
        for cell, item in zip(row.cells[columns - len(rest) :], rest, strict=True):
            text = [*item["r"], f"\n{item['s']}"] if item["s"] else item["r"]
            self._fill(cell, style, text, ALIGN.get(item["c"].split()[0], LEFT))

    def _fill(self, cell: Any, style: str, text: list[Any], align: Any) -> None:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.style, paragraph.alignment = style, align
        self.runs(paragraph, text)

    def annexes(self) -> None:
        annexes = self.content["annexes"]
        many = len(annexes) > 1
        for number, annex in enumerate(annexes, 1):
            mark = f"{number}. " if many else ""
            self.paragraph("公文附件说明", f"{'附件：' if number == 1 else '　　　'}{mark}{annex['title']}")
        for number, annex in enumerate(annexes, 1):
            section = self.document.add_section(WD_SECTION.NEW_PAGE)
            set_page(section, wide=annex["wide"])
            self.width = WIDE_MM if annex["wide"] else WIDTH_MM
            self.paragraph("公文附件序号", f"附件{number if many else ''}")
            self.paragraph("公文附件标题", annex["title"])
            if annex["small"]:
                self.paragraph("公文表题", annex["small"])
            for block in annex["blocks"]:
                self.block(block)

    def end_block(self) -> None:
        end = self.content["end"]
        for place, line in enumerate(end["lines"]):
            paragraph = self.paragraph("公文版记", f"{line['key']}{line['text']}")
            if place == 0:
                _rule(paragraph, "top", 8)
        last = self.paragraph("公文版记", f"{end['office']}\t{end['printed']}")
        last.paragraph_format.tab_stops.add_tab_stop(Mm(self.width), alignment=2)  # right
        _rule(last, "top", 6)
        _rule(last, "bottom", 8)

    def paragraph(self, style: str, text: str) -> Any:
        """A paragraph at the end of the document."""
        return self.document.add_paragraph(text, style=style)

    def runs(self, paragraph: Any, text: list[Any]) -> None:
        """Text, and numbers linked to the page of their rows."""
        for run in text:
            if isinstance(run, str):
                paragraph.add_run(run)
            elif self.base:
                _link(paragraph, run["t"], f"{self.base}{run['u']}")
            else:
                paragraph.add_run(run["t"])


def _rows_of(block: Data) -> Any:
    for body in block["bodies"]:
        if body["title"]:
            yield [{"r": [f"{body['title']}　{body['rest']}"], "c": "l", "s": ""}], "g"
        for row in body["rows"]:
            yield row["cells"], row["c"]


def _ledger_rows(block: Data) -> Any:
    for group in block["groups"]:
        yield [{"r": [group["title"]], "c": "l", "s": ""}, *group["cells"]], "g"
        for row in group["rows"]:
            yield row["cells"], ""
    yield [{"r": [block["total"]["title"]], "c": "l", "s": ""}, *block["total"]["cells"]], "sum"


def _link(paragraph: Any, text: str, address: str) -> None:
    """A number that opens its rows; it looks like the text around it."""
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    link.append(paragraph.add_run(text)._r)
    paragraph._p.append(link)


def _flag(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _narrow_cells(table: Any) -> None:
    """0.5 mm left and right of a cell's text; Word's 1.9 mm would break numbers."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "28")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _rule(paragraph: Any, side: str, eighths: int, colour: str = "000000") -> None:
    """A rule above or below a paragraph; its width in eighths of a point."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", colour)):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
