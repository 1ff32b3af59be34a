"""What can be chosen for a 上报表, with its words on the screen."""

from __future__ import annotations

from collections.abc import Mapping

WINDOWS: Mapping[str, str] = {
    "month": "本月",
    "ytd": "本年累计",
    "last_year_ytd": "上年同期",
    "yoy": "同比（%）",
    "target": "年度目标",
    "done": "完成率（%）",
    "ahead": "超（欠）进度",
}
ORDERS: Mapping[str, str] = {
    "signed": "合同签订日期",
    "total": "总投资",
    "funds_ytd": "本年到位资金",
    "stage": "阶段",
    "unit": "责任单位",
    "area": "落地片区",
    "chain": "产业链",
    "name": "项目名称",
    "number": "项目编号",
}
GROUPS: Mapping[str, str] = {
    "": "不分组",
    "unit": "责任单位",
    "area": "落地片区",
    "chain": "产业链",
    "stage": "当前阶段",
    "newness": "新建/续建",
    "origin": "投资方所在地",
}
TOTALS: Mapping[str, str] = {"": "不要合计", "top": "合计在最前", "bottom": "合计在最后"}
SIGNED: Mapping[str, str] = {"": "不限", "year": "本年签订", "month": "本月签订", "until": "截至本月已签订"}
MONEY_ROWS: Mapping[str, str] = {"": "不限", "year": "本年有到位资金", "ever": "有到位资金"}
STARTED: Mapping[str, str] = {"": "不限", "year": "本年开工", "until": "截至本月已开工"}
STANDINGS: Mapping[str, str] = {"": "不限", "standing": "未终止", "ended": "已终止或流失"}
TITLE_PATTERN = "{序}、{组}（{个数}个）"
