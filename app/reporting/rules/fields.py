"""What a column of a 上报表 can be tied to, and how the value is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

EXTRA_PREFIX = "extra:"
"""Before the head of a column of the zone's own ledger that the system has no field for."""


class Kind(StrEnum):
    """What a field holds, which decides how it is written and whether it is added up."""

    text = "text"
    amount = "amount"
    count = "count"  # type: ignore[assignment]  # hides str.count, which nobody needs here
    area = "area"
    percent = "percent"
    date = "date"
    progress = "progress"
    serial = "serial"
    constant = "constant"
    blank = "blank"

    @property
    def summed(self) -> bool:
        """Whether subtotals and totals add it up."""
        return self in (Kind.amount, Kind.count, Kind.area)


@dataclass(frozen=True)
class Field:
    """One thing a column can be tied to. ``group`` is the heading it is offered under."""

    key: str
    name: str
    kind: Kind
    group: str


def _fields(group: str, kind: Kind, words: str) -> list[Field]:
    return [Field(key, name, kind, group) for key, name in (pair.split("=") for pair in words.split())]


FIELDS: dict[str, Field] = {
    field.key: field
    for field in (
        *_fields("编排", Kind.serial, "serial=序号"),
        *_fields("编排", Kind.constant, "constant=固定文字"),
        *_fields("编排", Kind.blank, "blank=空白列（手工填写）"),
        *_fields(
            "项目",
            Kind.text,
            "name=项目名称 number=项目编号 content=建设内容 stage=当前阶段 newness=项目性质（新建/续建） "
            "big=是否亿元以上 chain=产业链 segment=链上环节 chain_segment=产业链/链上环节 industry=行业代码 "
            "industry_name=行业大类名称 area=落地片区 unit=责任单位 officer=责任人 unit_officer=责任单位/责任人 "
            "sponsor=包联领导 note=备注",
        ),
        *_fields("项目", Kind.area, "land=用地面积（亩）"),
        *_fields("项目", Kind.count, "jobs=带动就业（人）"),
        *_fields("项目", Kind.progress, "progress=进展情况"),
        *_fields(
            "投资方",
            Kind.text,
            "investor=投资方名称 uscc=统一社会信用代码 origin=投资方所在地 aid=是否援疆省市 investor_type=企业性质",
        ),
        *_fields("合同", Kind.text, "contract_kind=合同类型 contract=合同编号"),
        *_fields("合同", Kind.amount, "total=总投资 fixed=固定资产投资 output=预计年产值 tax=预计年税收"),
        *_fields(
            "到位资金",
            Kind.amount,
            "funds_month=本月到位资金 funds_ytd=本年到位资金 funds_all=累计到位资金（截至本月） "
            "funds_before=历年到位资金（截至上年末） funds_outside=本年区外到位资金 funds_year=某年到位资金 "
            "funds_in=某月到位资金",
        ),
        *_fields("到位资金", Kind.percent, "share=资金到位率"),
        *_fields(
            "日期",
            Kind.date,
            "signed=合同签订日期 contacted=首次洽谈日期 landed=落地日期 started=开工日期 produced=投产日期 "
            "full=达产日期 terminated=终止日期 plan_started=计划开工日期 plan_produced=计划投产日期",
        ),
    )
}
MONEY = frozenset(key for key in FIELDS if key.startswith("funds_")) | {"share"}
"""Fields that come from recognised arrivals."""

UNITS = ("万元", "亿元", "元")
MOST_PLACES = 6
DATE_STYLES: Mapping[str, str] = {
    "": "按模板单元格的格式",
    "iso": "2024-05-08",
    "dot": "2024.5.8",
    "month": "2024年5月",
    "day": "2024年5月8日",
}
DATE_FORMATS: Mapping[str, str] = {
    "": "yyyy-mm-dd",
    "iso": "yyyy-mm-dd",
    "dot": "yyyy.m.d",
    "month": 'yyyy"年"m"月"',
    "day": 'yyyy"年"m"月"d"日"',
}
PROGRESS_STYLES: Mapping[str, str] = {
    "1": "最近 1 条",
    "3": "最近 3 条",
    "5": "最近 5 条",
    "1m": "近 1 个月",
    "3m": "近 3 个月",
}


def field_of(key: str) -> Field | None:
    """The field of that key; a column of the zone's own ledger is text."""
    if key.startswith(EXTRA_PREFIX) and len(key) > len(EXTRA_PREFIX):
        return Field(key, key.removeprefix(EXTRA_PREFIX), Kind.text, "台账附加列")
    return FIELDS.get(key)
