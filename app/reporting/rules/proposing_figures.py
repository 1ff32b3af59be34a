"""Tables whose cells are figures: members of a list down, figures and windows across."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from app.kernel.text import name_key
from app.ledger.rules.heads import flat, said_unit, unit_of
from app.ledger.rules.synonyms import TOTAL_WORDS
from app.reporting.rules.fields import UNITS
from app.reporting.rules.grids import Grid
from app.reporting.rules.places import column_letters
from app.reporting.rules.setup import Single

WHOLE = (*TOTAL_WORDS, "全区", "开发区", "园区合计")
_BIG = "亿元以上"
_KINDS = (
    ("到位", "funds"),
    ("到资", "funds"),
    ("到账", "funds"),
    ("签约", "signed"),
    ("签订", "signed"),
    ("开工", "started"),
    ("投产", "produced"),
)
_COUNT = ("个数", "项目数", "(个)", "数量", "个")
_WINDOWS = (
    (("完成率", "完成%", "占目标", "完成比例"), "done"),
    (("超", "欠进度", "序时"), "ahead"),
    (("同比", "增长", "增幅", "增速"), "yoy"),
    (("同期", "上年", "去年"), "last_year_ytd"),
    (("目标", "任务"), "target"),
    (("本月", "当月"), "month"),
)


def propose_figures(grid: Grid, members: Mapping[str, Collection[str]]) -> dict[str, Single]:
    """The empty cells that stand in the line of a known member and under the head of a known figure."""
    places = {}
    for row in range(1, grid.rows + 1):
        found = _member(grid, row, members)
        if found is not None:
            places[row] = found
    if not any(dimension for dimension, _member_name in places.values()):
        return {}
    top = min(places)
    # The title of the first group stands below the heads and is none.
    while top > 2 and grid.is_wide(top - 1):
        top -= 1
    default = next((u for row in range(1, top) for t in grid.row(row) if (u := said_unit(t)) in UNITS), None)
    found_cells = {}
    for column in range(1, grid.columns + 1):
        path = grid.path(column, 1, top - 1)
        figure = _figure(path)
        if figure is None:
            continue
        code, window = figure
        unit = (
            next((u for part in reversed(path) if (u := unit_of(part)) in UNITS), None) or default or "万元"
        )
        for row, (dimension, member) in places.items():
            sample = grid.text(row, column)
            free = re.fullmatch(r"[-—\d.,%]*", sample) and not grid.looks.get((row, column), {}).get("f")
            if free:
                cell = f"{column_letters(column)}{row}"
                found_cells[cell] = Single("", code, window, dimension, member, unit)
    return found_cells


def _member(grid: Grid, row: int, members: Mapping[str, Collection[str]]) -> tuple[str, str] | None:
    """The member of a list that one of the first cells of a row names; a word for the whole zone is none of any."""
    for text in grid.row(row)[:3]:
        for dimension, names in members.items():
            for name in names:
                if text and name_key(text) == name_key(name):
                    return dimension, name
        if text and flat(text) in WHOLE:
            return "", ""
    return None


def _figure(path: tuple[str, ...]) -> tuple[str, str] | None:
    """The figure and the window that heads name; None when they name none."""
    whole = flat("".join(path[-3:]))
    last = flat(path[-1]) if path else ""
    kind = next((kind for word, kind in _KINDS if word in last), None)
    kind = kind or next((kind for word, kind in _KINDS if word in whole), None)
    if kind is None or last in ("序号", "责任单位", "单位", "备注"):
        return None
    window = next((window for words, window in _WINDOWS if any(word in last for word in words)), "ytd")
    if kind == "funds":
        return "funds.amount", window
    big = "_big" if _BIG in whole else ""
    money = any(word in whole for word in ("投资", "金额", "万元", "总额")) and not any(
        word in last for word in _COUNT
    )
    return f"{kind}{big}.{'amount' if money else 'count'}", window
