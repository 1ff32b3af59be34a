"""Targets in a table of units and indicators, either of them down or across."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.ledger.rules.heads import field_of_head, flat, unit_of
from app.ledger.rules.indicators import indicator_of
from app.ledger.rules.recognition import Column, How
from app.ledger.rules.synonyms import TOTAL_WORDS
from app.ledger.workbook.recognising.titles import field_of_title

TARGET = "目标（按列）"
"""A column of targets: its head names the indicator, its rows the units."""
UNIT_TARGET = "目标（按单位）"
"""A column of targets of one unit, whose rows are the indicators."""
WHOLE = "全区"
_WHOLES = frozenset(
    (
        *TOTAL_WORDS,
        "全区",
        "全县",
        "全市",
        "全州",
        "开发区",
        "全区合计",
        "合计全区",
        "经开区",
        "高新区",
        "全园区",
    )
)
_ABOUT_TARGETS = ("目标", "任务", "计划指标", "考核", "分解")


@dataclass(frozen=True)
class TargetColumn:
    """A column with an indicator's targets; ``unit`` as the head or the title says."""

    label: str
    unit: str | None


def unit_name(text: str) -> str:
    """The responsible unit of a row; the row of the sum is the whole zone."""
    plain = flat(text).strip("（）():：")
    return WHOLE if plain in _WHOLES or plain.removesuffix("合计") in _WHOLES else text.strip()


def target_columns(
    paths: Mapping[int, tuple[str, ...]], title: str, unit: str | None
) -> dict[int, TargetColumn]:
    """The columns of a table of targets; empty when it is another table."""
    fields = {place: (field_of_head(path) or ("", 0))[0] for place, path in paths.items()}
    if {"项目名称", "投资方名称"} & set(fields.values()):
        return {}
    if "指标" in fields.values() and "目标值" not in fields.values():
        units = [
            place for place, path in paths.items() if fields[place] in ("", "责任单位") and _is_unit(path)
        ]
        return {place: TargetColumn("", None) for place in units} if len(units) > 1 else {}
    if not {"责任单位", "单位"} & set(fields.values()):
        return {}
    heads = "".join(part for path in paths.values() for part in path)
    if not any(word in flat(title + heads) for word in _ABOUT_TARGETS):
        return {}
    found = {}
    for place, path in paths.items():
        if fields[place] in ("责任单位", "单位", "序号", "备注", "年度"):
            continue
        indicator = indicator_of(path)
        if indicator is not None:
            label, own = indicator
            found[place] = TargetColumn(label, own or unit)
    return found


def _is_unit(path: tuple[str, ...]) -> bool:
    meaning = field_of_title(path[-1], {})
    return unit_name(path[-1]) == WHOLE or (meaning is not None and meaning[0] == "责任单位")


def as_columns(paths: Mapping[int, tuple[str, ...]], found: Mapping[int, TargetColumn]) -> tuple[Column, ...]:
    """The table's columns as recognised: the unit's, the year's, those of targets, and the rest left out."""
    columns = []
    named = False
    for place, path in paths.items():
        field = (field_of_head(path) or ("", 0))[0]
        if place in found and not found[place].label:
            columns.append(Column(place, path, UNIT_TARGET, 90, How.head, unit_of(path[-1])))
        elif field == "指标":
            columns.append(Column(place, path, field, 90, How.head))
        elif place in found:
            columns.append(
                Column(place, path, TARGET, 90, How.head, found[place].unit, samples=(found[place].label,))
            )
        elif field in ("责任单位", "单位") and not named:
            named = True
            columns.append(Column(place, path, "责任单位", 90, How.head))
        elif field == "年度":
            columns.append(Column(place, path, field, 90, How.head))
        else:
            columns.append(Column(place, path, "不导入", 0, How.none))
    return tuple(columns)
