"""The product's own empty ledger: three sheets, with the zone's lists to choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from app.figures.rules import WHOLE_ZONE
from app.ledger.rules import ARRIVALS, PROJECTS, TARGETS, SheetForm
from app.ledger.workbook.notes import AMOUNTS, COUNTS, DATES, NOTES, REQUIRED, WIDTHS, YEARS
from app.ledger.workbook.tables import FONT, HEAD, NUMBER_FORMATS, OPTIONS, TITLE, plain

ROWS = 5_000
"""So many rows below the heads are checked as they are typed."""
LIST_SHEET = "列表"
TEXT_FORMAT = NUMBER_FORMATS["text"]
_MEASURES = ("万元", "亿元", "个")
_UNIT_NOTE = (
    "单位：万元、亩、人。日期填写如 2024-06-28。蓝底表头为必填，请勿改动表头；鼠标停在表头上可看填写说明。"
)
_REQUIRED_HEAD = {**HEAD, "bg_color": "#1F5FA8", "font_color": "#FFFFFF"}
_NOT_LISTED = "不在列表中。确认无误可以保留，导入时需补充到名单。"
_NUMBERS = f"OFFSET({PROJECTS.name}!$B$4,0,0,MAX(COUNTA({PROJECTS.name}!$B$4:$B${ROWS + 3}),1),1)"
"""The project numbers typed so far on the first sheet."""
_EARLIEST, _LATEST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class TemplateLists:
    """The words that may be chosen. ``chains`` holds the segments of each chain; ``targets`` are the indicators."""

    areas: Sequence[str]
    units: Sequence[str]
    chains: Mapping[str, Sequence[str]]
    stages: Sequence[str]
    contract_kinds: Sequence[str]
    currencies: Sequence[str]
    sources: Sequence[str]
    states: Sequence[str]
    targets: Sequence[str]


def write_template(stream: IO[bytes], *, zone_name: str, lists: TemplateLists) -> None:
    """Write the empty ledger of a zone to ``stream``. Read back it has its heads and no rows."""
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        # Otherwise the file would order its formulas to be computed on opening, which makes them look unreliable.
        book.calc_on_load = False
        words = _Words(book)
        for form in (PROJECTS, ARRIVALS, TARGETS):
            _Page(book, form, f"{zone_name}招商引资项目台账" if form is PROJECTS else None).write()
        projects, arrivals, targets = book.worksheets()[:3]
        words.fill(lists)
        _offer(projects, PROJECTS, 3, words)
        _offer(arrivals, ARRIVALS, 1, words)
        _offer(targets, TARGETS, 1, words)


class _Words:
    """The hidden sheet of lists, and the address of each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._page: Any = None
        self.ranges: dict[str, str] = {}
        self._column = 0

    def fill(self, lists: TemplateLists) -> None:
        """Write the lists; an empty one has no address and is not offered."""
        self._page = self._book.add_worksheet(LIST_SHEET)
        self._page.hide()
        self._add("落地片区", lists.areas)
        self._add("责任单位", lists.units)
        self._add("目标责任单位", [WHOLE_ZONE, *lists.units])
        self._add("产业链", list(lists.chains))
        self._add("当前阶段", lists.stages)
        self._add("合同类型", lists.contract_kinds)
        self._add("币种", lists.currencies)
        self._add("资金来源", lists.sources)
        self._add("审核状态", lists.states)
        self._add("指标", lists.targets)
        self._add("单位", _MEASURES)
        pairs = [(chain, segment) for chain, segments in lists.chains.items() for segment in segments]
        self._add("环节所属产业链", [chain for chain, _ in pairs])
        self._add("链上环节", [segment for _, segment in pairs])

    def _add(self, head: str, items: Sequence[str]) -> None:
        self._page.write_string(0, self._column, head)
        for row, item in enumerate(items, 1):
            self._page.write_string(row, self._column, plain(item))
        if items:
            first = xl_rowcol_to_cell(1, self._column, row_abs=True, col_abs=True)
            last = xl_rowcol_to_cell(len(items), self._column, row_abs=True, col_abs=True)
            self.ranges[head] = f"{LIST_SHEET}!{first}:{last}"
        self._column += 1


class _Page:
    """One sheet: heads with notes, column formats, and how it prints."""

    def __init__(self, book: Any, form: SheetForm, title: str | None) -> None:
        self._book = book
        self._form = form
        self._title = title
        self._page = book.add_worksheet(form.name)

    def write(self) -> None:
        """Title and unit note where there is a title, then the heads."""
        row, last = 0, len(self._form.heads) - 1
        self._set_columns()
        if self._title is not None:
            style = self._book.add_format(TITLE)
            self._page.merge_range(0, 0, 0, last, "", style)
            self._page.write_string(0, 0, plain(self._title), style)
            self._page.set_row(0, 30)
            self._page.write_string(1, 0, _UNIT_NOTE, self._book.add_format(FONT))
            row = 2
        self._write_heads(row)
        self._prepare_print(row)

    def _set_columns(self) -> None:
        """Formats of whole columns, so that rows pasted further down have them too; they make no cells."""
        for place, head in enumerate(self._form.heads):
            number_format = _number_format(head)
            look = {**FONT, "num_format": number_format, "text_wrap": number_format == TEXT_FORMAT}
            self._page.set_column(place, place, WIDTHS.get(head, 12), self._book.add_format(look))

    def _write_heads(self, row: int) -> None:
        plain_head, required_head = self._book.add_format(HEAD), self._book.add_format(_REQUIRED_HEAD)
        self._page.set_row(row, 34)
        for place, head in enumerate(self._form.heads):
            required = head in REQUIRED[self._form.name]
            self._page.write_string(row, place, head, required_head if required else plain_head)
            note = NOTES[self._form.name].get(head, "")
            if note:
                text = f"必填。{note}" if required else note
                self._page.write_comment(row, place, text, {"author": "", "x_scale": 1.8, "y_scale": 0.8})
        border = self._book.add_format({"border": 1, "border_color": "#BFC7D1"})
        last = len(self._form.heads) - 1
        filled = f"=COUNTA($A{row + 2}:${xl_col_to_name(last)}{row + 2})>0"
        self._page.conditional_format(
            row + 1, 0, row + ROWS, last, {"type": "formula", "criteria": filled, "format": border}
        )

    def _prepare_print(self, head_row: int) -> None:
        """A3 across, one page wide, heads on every page and in sight."""
        self._page.freeze_panes(head_row + 1, 3 if self._form is not TARGETS else 0)
        self._page.set_landscape()
        self._page.set_paper(8)
        self._page.fit_to_pages(1, 0)
        self._page.repeat_rows(0, head_row)
        self._page.set_footer("&C第 &P 页，共 &N 页")


def _number_format(head: str) -> str:
    """Text for whatever is no number, so that a credit code or a leading zero is kept as typed."""
    if head in DATES:
        return NUMBER_FORMATS["date"]
    if head in COUNTS or head in YEARS:
        return "0"
    if head in ("折算汇率", "目标值"):
        return "General"
    return NUMBER_FORMATS["amount"] if head in AMOUNTS else TEXT_FORMAT


def _offer(page: Any, form: SheetForm, top: int, words: _Words) -> None:
    """Attach a check or a choice to each column from row ``top`` (counted from 0) on."""
    for place, head in enumerate(form.heads):
        check = _check(form, head, words, top)
        if check:
            page.data_validation(top, place, top + ROWS - 1, place, {"ignore_blank": True, **check})


def _check(form: SheetForm, head: str, words: _Words, top: int) -> dict[str, Any] | None:
    if head in DATES:
        return {
            "validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST,
            "error_title": "日期", "error_message": "请填写日期，如 2024-06-28。",
        }  # fmt: skip
    if head in AMOUNTS:
        return {
            "validate": "decimal", "criteria": ">=", "value": 0,
            "error_title": "数字", "error_message": "请只填数字，不要带单位和文字，不能为负数。",
        }  # fmt: skip
    if head in COUNTS or head in YEARS:
        low, high = (1990, 2100) if head in YEARS else (0, 10_000_000)
        return {
            "validate": "integer", "criteria": "between", "minimum": low, "maximum": high,
            "error_title": "整数", "error_message": f"请填写 {low} 至 {high} 之间的整数。",
        }  # fmt: skip
    if head == "项目编号" and form is ARRIVALS:
        return _choice(_NUMBERS, head, message="“项目台账”中没有这个编号。已在系统中登记的项目可以保留。")
    if head == "链上环节":
        return _segments(words, top)
    name = "目标责任单位" if form is TARGETS and head == "责任单位" else head
    if name not in words.ranges:
        return None
    return _choice(words.ranges[name], head, strict=head not in ("落地片区", "责任单位", "产业链"))


def _segments(words: _Words, top: int) -> dict[str, Any] | None:
    """The segments of the chain that stands to the left."""
    if "链上环节" not in words.ranges:
        return None
    chain = f"${xl_col_to_name(PROJECTS.heads.index('产业链'))}{top + 1}"
    chains = words.ranges["环节所属产业链"]
    first = words.ranges["链上环节"].partition(":")[0]
    return _choice(f"OFFSET({first},MATCH({chain},{chains},0)-1,0,COUNTIF({chains},{chain}),1)", "链上环节")


def _choice(source: str, head: str, *, strict: bool = False, message: str = _NOT_LISTED) -> dict[str, Any]:
    """A drop-down. Fixed words are binding; the zone's lists may be extended on import."""
    return {
        "validate": "list",
        "source": f"={source}",
        "error_type": "stop" if strict else "warning",
        "error_title": head,
        "error_message": "请从下拉列表中选择。" if strict else message,
    }
