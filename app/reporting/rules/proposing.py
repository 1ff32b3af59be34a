"""What a new form is probably tied to: head rows, data row, columns by their words, cells of a table of figures.

The words are those that an import knows columns by (``ledger.rules.synonyms``), and the period that a head of money
names. Everything is a proposal; the officer corrects it in the browser.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.ledger.rules.heads import field_of_head, flat, fold_head, unit_of
from app.ledger.rules.heads import said_unit as unit_said
from app.ledger.rules.spans import year_of
from app.ledger.rules.synonyms import FUNDS_WORDS, NOTE_WORDS, SUBTOTAL_WORDS, TOTAL_WORDS
from app.reporting.rules.fields import EXTRA_PREFIX, UNITS
from app.reporting.rules.grids import Grid
from app.reporting.rules.places import column_letters
from app.reporting.rules.proposing_figures import propose_figures
from app.reporting.rules.proposing_groups import propose_group
from app.reporting.rules.setup import Rows, SheetSetup, Single, Tie

MOST_HEAD_ROWS = 4
FIELD_OF: Mapping[str, str] = {
    "序号": "serial", "项目编号": "number", "项目名称": "name", "投资方名称": "investor", "统一社会信用代码": "uscc",
    "投资方所在地": "origin", "建设内容": "content", "产业链": "chain", "链上环节": "segment",
    "产业链/链上环节": "chain_segment", "责任单位/责任人": "unit_officer", "行业代码": "industry", "落地片区": "area",
    "责任单位": "unit", "责任人": "officer", "包联领导": "sponsor", "当前阶段": "stage", "首次洽谈日期": "contacted",
    "合同类型": "contract_kind", "合同编号": "contract", "合同签订日期": "signed", "合同总投资": "total",
    "其中：固定资产投资": "fixed", "落地日期": "landed", "开工日期": "started", "投产日期": "produced",
    "达产日期": "full", "终止日期": "terminated", "用地面积": "land", "预计年产值": "output", "预计年税收": "tax",
    "带动就业": "jobs", "备注": "note",
}  # fmt: skip
"""Heads of our own ledger and the fields they are here."""
OWN_WORDS: Mapping[str, str] = {
    "进展": "progress", "形象进度": "progress", "进度": "progress", "工作进展": "progress", "推进情况": "progress",
    "对接情况": "progress", "到位率": "share", "资金到位率": "share", "援疆": "aid", "企业性质": "investor_type",
    "项目性质": "newness", "建设性质": "newness", "亿元以上": "big", "计划开工": "plan_started", "拟开工": "plan_started",
    "计划竣工": "plan_produced", "计划投产": "plan_produced", "竣工": "plan_produced", "行业大类": "industry_name",
    "工作路径": "blank", "诉求": "blank", "措施": "blank", "存在": "blank", "简介": "blank", "联系": "blank", "电话": "blank",
}  # fmt: skip
"""Parts of heads that an import has no field for; tried before the import's words."""
_WHOLE_WORDS = ("项目简介", "项目概况", "责任人及电话")
_END = (*NOTE_WORDS, *TOTAL_WORDS, *SUBTOTAL_WORDS)
_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])月(?:份)?$")


def propose(
    sheet: Mapping[str, Any], members: Mapping[str, Collection[str]], extras: Collection[str]
) -> SheetSetup:
    """The setup that a sheet probably needs; ``members`` are the names of the zone's lists, ``extras`` its own heads."""
    grid = Grid.of(sheet)
    heads = _heads(grid, extras)
    figures = propose_figures(grid, members)
    if heads is None or (len(figures) >= 4 and not _fields_in(grid, *heads, extras)["name"]):
        return SheetSetup(singles=figures | _titles(grid, grid.rows + 1))
    first, last = heads
    data, group, end, total = _data_rows(grid, last)
    unit = next(
        (u for row in range(1, last + 1) for t in grid.row(row) if (u := unit_said(t)) in UNITS), "万元"
    )
    ties = {}
    for column in range(1, grid.columns + 1):
        path = grid.path(column, first, last)
        if path and not grid.looks.get((data, column), {}).get("f"):
            ties[f"{column_letters(column)}{data}"] = propose_tie(
                path, unit or "万元", extras, grid, data, column
            )
    return SheetSetup(
        head_first=first,
        head_last=last,
        data_row=data,
        last_row=end,
        group_row=group,
        total_row=total,
        total="bottom" if total else "",
        group=propose_group(grid.titles(group, end), members) if group else "",
        subtotals=any(_begins(grid, row, SUBTOTAL_WORDS) for row in range(data, end + 1)),
        ties=ties,
        singles=_titles(grid, first),
        rows=_rows(sheet["name"], grid, first),
    )


def _rows(name: str, grid: Grid, before: int) -> Rows:
    """The stages that the title or the sheet's name speaks of."""
    words = name + "".join(text for row in range(1, before) for text in grid.row(row))
    if "在谈" in words or "谋划" in words:
        return Rows(stages=("lead", "talks"))
    if "在建" in words:
        return Rows(stages=("started",))
    return Rows(contracted=True) if "签约" in words else Rows()


def propose_tie(
    path: tuple[str, ...], unit: str, extras: Collection[str], grid: Grid, data: int, column: int
) -> Tie:
    """What a column with these heads shows; an empty column where nothing is known."""
    own = next((u for part in reversed(path) if (u := unit_of(part)) in UNITS), None) or unit
    key, text = _field(path, extras)
    if key in ("funds_year", "funds_in") and not text:
        key = "funds_ytd"
    style = "3" if key == "progress" else ""
    if key in (
        "signed",
        "contacted",
        "landed",
        "started",
        "produced",
        "full",
        "terminated",
    ) or key.startswith("plan_"):
        style = _date_style(grid.text(data, column), path[-1])
    return Tie(key, own, 2, style, text)


def _field(path: tuple[str, ...], extras: Collection[str]) -> tuple[str, str]:
    """The field of a head, and the period it names."""
    last, whole = flat(path[-1]), flat("".join(path))
    for head in extras:
        if fold_head(head) == fold_head(path[-1]):
            return f"{EXTRA_PREFIX}{head}", ""
    if (
        any(word in whole for word in FUNDS_WORDS)
        and "率" not in last
        and "时间" not in last
        and "日期" not in last
    ):
        return _money(last, whole)
    if flat(path[-1]) not in _WHOLE_WORDS:
        for word, key in OWN_WORDS.items():
            if word in last:
                return key, ""
    found = field_of_head(path)
    return FIELD_OF.get(found[0], "blank") if found else "blank", ""


def _money(last: str, whole: str) -> tuple[str, str]:
    """Which money a head means by its period."""
    month, year = _MONTH.search(last), year_of(whole)
    if "目标" in last or "任务" in last or "计划" in last:
        return "blank", ""
    if month and year:
        return "funds_in", f"{year}-{int(month[1]):02d}"
    if any(word in last for word in ("历年", "上年末", "以前年度", "往年")):
        return "funds_before", ""
    if any(word in last for word in ("开工以来", "总累计", "合同以来", "签约以来")) or last in (
        "累计到位资金",
        "累计到位",
        "累计",
    ):
        return "funds_all", ""
    if any(word in last for word in ("区外", "疆外", "省外")):
        return "funds_outside", ""
    if "本月" in last or "当月" in last:
        return "funds_month", ""
    if year and "累计" not in last and "月" not in last:
        return "funds_year", str(year)
    return "funds_ytd", ""


def _date_style(sample: str, head: str) -> str:
    if re.fullmatch(r"\d{4}\.\d{1,2}\.\d{1,2}", sample):
        return "dot"
    if re.fullmatch(r"\d{4}年\d{1,2}月", sample) or "年月" in head:
        return "month"
    if re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", sample):
        return "day"
    return ""


def _heads(grid: Grid, extras: Collection[str]) -> tuple[int, int] | None:
    """The first and last head row: the row in which most heads are known, with what its merged cells reach."""
    best, most = 0, 2
    for row in range(1, min(grid.rows, 15) + 1):
        if grid.is_wide(row):
            continue
        known = sum(
            1
            for text in dict.fromkeys(grid.row(row))
            if text and len(text) < 30 and _field((text,), extras)[0] != "blank"
        )
        if known > most:
            best, most = row, known
    if not best:
        return None
    spans = [(a, c) for a, b, c, d in grid.merged if a <= best <= c and c - a < MOST_HEAD_ROWS]
    first = min([best, *(a for a, _c in spans)])
    last = max([best, *(c for _a, c in spans)])
    if any(a == last and d > b for a, b, _c, d in grid.merged) and last == best:
        last += 1  # group heads over several columns have their own heads below
    return first, last


def _fields_in(grid: Grid, first: int, last: int, extras: Collection[str]) -> dict[str, bool]:
    keys = {
        _field(path, extras)[0] for c in range(1, grid.columns + 1) if (path := grid.path(c, first, last))
    }
    return {"name": bool(keys & {"name", "investor"})}


def _data_rows(grid: Grid, last: int) -> tuple[int, int, int, int]:
    """Data row, group title row (0), last row kept for data, row of sums (0)."""
    row = last + 1
    total = 0
    if _begins(grid, row, TOTAL_WORDS):
        total, row = row, row + 1
    group = row if grid.is_wide(row) and row < grid.rows else 0
    data = row + 1 if group else row
    end = data
    # Below a group's title, 小计 and further groups are samples too: left standing they would be sent as figures.
    ends = (*NOTE_WORDS, *TOTAL_WORDS) if group else _END
    while end < grid.rows and not _begins(grid, end + 1, ends) and _is_row(grid, end + 1):
        end += 1
    if not total and _begins(grid, end + 1, TOTAL_WORDS):
        total = (
            0
            if any(grid.looks.get((end + 1, c), {}).get("f") for c in range(1, grid.columns + 1))
            else end + 1
        )
    return data, group, end, total


def _is_row(grid: Grid, row: int) -> bool:
    """Whether a row is prepared for data: it has edges or words."""
    return any(
        grid.text(row, column) or grid.looks.get((row, column), {}).get("e")
        for column in range(1, grid.columns + 1)
    )


def _begins(grid: Grid, row: int, words: Sequence[str]) -> bool:
    first = next((flat(text) for text in grid.row(row) if text), "")
    return first.startswith(tuple(words))


def _titles(grid: Grid, before: int) -> dict[str, Single]:
    """Texts above the heads (and below the data) with a month or a day in them."""
    found = {}
    for (row, column), text in grid.texts.items():
        if (row, column) not in grid.looks or grid.looks[row, column].get("f"):
            continue
        if row >= before and not (row > before and text.startswith(("填报", "制表"))):
            continue
        pattern = _with_month(text)
        if pattern != text:
            found[f"{column_letters(column)}{row}"] = Single(text=pattern)
    return found


def _with_month(text: str) -> str:
    said = re.sub(r"\d{4}\.\d{1,2}\.\d{1,2}\s*[-—–至~]\s*\d{4}\.\d{1,2}\.\d{1,2}", "{起}—{止}", text)
    said = re.sub(r"(填报|制表|上报)(日期|时间)([:：])\S*", r"\1\2\3{填报日期}", said)
    said = re.sub(r"(填报人|制表人|填表人)([:：])[^\s：:]*(?=\s|$)", r"\1\2{填报人}", said)
    said = re.sub(r"(填报单位|上报单位)([:：])[^\s：:]*(?=\s|$)", r"\1\2{园区}", said)
    said = re.sub(r"(?:20\d{2}|×+|[xX]{2,4})年\s*1\s*[-—–至]\s*(?:\d{1,2}|[xX×]+)月", "{年}年1—{月}月", said)
    said = re.sub(r"(?:20\d{2}|×+|[xX]{2,4}|\s{1,6})年\s*(?:\d{1,2}|[xX×]+|\s{1,4})月", "{年}年{月}月", said)
    return re.sub(r"20\d{2}年(?![度\d]*\d月)", "{年}年", said)
