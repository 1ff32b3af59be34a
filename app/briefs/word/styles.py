"""Page and styles of the Word edition, after GB/T 9704-2012 (docs/spec/brief.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

RED = RGBColor(0xC8, 0x10, 0x2E)
BODY_PT, LINE_PT = 15.75, 28.95
LEFT, CENTRE, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


@dataclass(frozen=True)
class Style:
    """One paragraph style: the face that official offices have, size and line pitch in points."""

    name: str
    face: str
    size: float
    line: float
    align: Any = JUSTIFY
    indent: float = 0
    """First line, in characters."""
    keep_with_next: bool = False
    level: int | None = None
    """Outline level, from 0."""


STYLES = (
    Style("公文红头", "方正小标宋简体", 47, 60, CENTRE),
    Style("公文期号", "仿宋_GB2312", BODY_PT, LINE_PT, CENTRE),
    Style("公文标题", "方正小标宋简体", 22, 36, CENTRE, keep_with_next=True, level=0),
    Style("公文主送", "仿宋_GB2312", BODY_PT, LINE_PT),
    Style("公文正文", "仿宋_GB2312", BODY_PT, LINE_PT, indent=2),
    Style("公文一级标题", "黑体", BODY_PT, LINE_PT, indent=2, keep_with_next=True, level=1),
    Style("公文附件说明", "仿宋_GB2312", BODY_PT, LINE_PT, indent=2),
    Style("公文附件序号", "黑体", BODY_PT, LINE_PT, LEFT, keep_with_next=True),
    Style("公文附件标题", "方正小标宋简体", 22, 34, CENTRE, keep_with_next=True, level=1),
    Style("公文表题", "黑体", 12, 26, CENTRE, keep_with_next=True),
    Style("公文图题", "黑体", 12, 24, CENTRE),
    Style("公文表头", "黑体", 9.5, 12.5, CENTRE),
    Style("公文表文", "仿宋_GB2312", 10.5, 14, LEFT),
    Style("公文台账", "仿宋_GB2312", 8.75, 11, LEFT),
    Style("公文注", "仿宋_GB2312", 9, 14),
    Style("公文版记", "仿宋_GB2312", 14, 25, LEFT),
    Style("公文页码", "宋体", 14, 14),
)
SECOND_HEADING = "公文二级标题"
"""A character style: （一） runs in with its paragraph."""


def set_styles(document: Any) -> None:
    """Make the styles; Word's own list of headings shows the outline."""
    for style in STYLES:
        made = document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style, made.quick_style = document.styles["Normal"], True
        set_face(made, style.face, style.size)
        form = made.paragraph_format
        form.alignment, form.space_before, form.space_after = style.align, Pt(0), Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(style.line)
        form.first_line_indent = Pt(style.size * style.indent)
        form.keep_with_next, form.widow_control = style.keep_with_next, True
        if style.level is not None:
            level = OxmlElement("w:outlineLvl")
            level.set(qn("w:val"), str(style.level))
            made.element.get_or_add_pPr().append(level)
    second = document.styles.add_style(SECOND_HEADING, WD_STYLE_TYPE.CHARACTER)
    set_face(second, "楷体_GB2312", BODY_PT)
    document.styles["公文红头"].font.color.rgb = RED
    document.styles["公文图题"].paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST


def set_face(style: Any, face: str, size: float) -> None:
    """One face for Chinese and for digits, as the official form has it."""
    style.font.name, style.font.size = face, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), face)


def set_page(section: Any, *, wide: bool = False) -> None:
    """A4 with the margins of the official form; a wide page is the same sheet turned a quarter."""
    width, height = Mm(210), Mm(297)
    if wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = height, width
        margins = (28, 37, 26, 35)
    else:
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = width, height
        margins = (37, 26, 35, 28)
    top, right, bottom, left = (Mm(value) for value in margins)
    section.top_margin, section.right_margin = top, right
    section.bottom_margin, section.left_margin = bottom, left
    section.footer_distance = Mm(24 if not wide else 15)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:linePitch"), str(round(LINE_PT * 20)))
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(grid)


def number_pages(document: Any) -> None:
    """— 1 — at the outer edge: right on odd pages, left on even ones, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    mirror = OxmlElement("w:mirrorMargins")
    document.settings.element.insert(0, mirror)
    section = document.sections[0]
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = "公文页码", align
        form = paragraph.paragraph_format
        form.left_indent, form.right_indent = (Pt(14), Pt(0)) if align is LEFT else (Pt(0), Pt(14))
        paragraph.add_run("— ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)
        paragraph.add_run(" —")
