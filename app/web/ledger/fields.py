"""The fields a column can hold, in the groups and with the words by which a person looks for them."""

from __future__ import annotations

from dataclasses import dataclass

from app.ledger.rules.synonyms import COMPOSITES, EXTRA, FIELD_WORDS, IGNORED, MONTHLY_FUNDS

GROUPS = {
    "项目": "项目名称 项目编号 投资方名称 统一社会信用代码 投资方所在地 建设内容 产业链 链上环节 行业代码 落地片区 责任单位 责任人 "
    "包联领导 当前阶段 首次洽谈日期 备注",
    "合同": "合同总投资 其中：固定资产投资 合同签订日期 合同类型 合同编号",
    "节点": "落地日期 开工日期 投产日期 达产日期 终止日期",
    "规模": "用地面积 预计年产值 预计年税收 带动就业",
    "到位资金": f"{MONTHLY_FUNDS} 到账日期 折人民币（万元） 原币金额（万） 币种 折算汇率 资金来源 资金用途 凭证号 审核状态",
    "年度目标": "年度 指标 目标值 单位",
}
HINTS = {
    MONTHLY_FUNDS: "一列一个月的到位金额",
    EXTRA: "原样留在项目页，不参与统计",
    IGNORED: "这一列不用",
    "序号": "只用来认行",
}
MEASURED = {
    **dict.fromkeys(
        (MONTHLY_FUNDS, "合同总投资", "其中：固定资产投资", "预计年产值", "预计年税收", "折人民币（万元）"),
        ("元", "万元", "亿元"),
    ),
    "原币金额（万）": ("美元", "万美元", "亿美元"),
    "用地面积": ("亩", "㎡", "公顷"),
}
"""Fields that are counted in a unit, and the units to choose from."""


@dataclass(frozen=True)
class Choice:
    """One field to choose: its name in answers, on the page, the words it is found by, what it is for."""

    value: str
    label: str
    words: str
    hint: str = ""
    units: str = ""


def choices() -> dict[str, list[Choice]]:
    """All fields by group; columns that hold two things and what becomes of others at the end."""
    found = {group: [_choice(field) for field in names.split()] for group, names in GROUPS.items()}
    found["拆成两项"] = [_choice(field, "＋".join(parts)) for field, parts in COMPOSITES.items()]
    found["其他"] = [_choice(field) for field in (EXTRA, IGNORED, "序号")]
    return found


def _choice(field: str, label: str = "") -> Choice:
    words = f"{field} {FIELD_WORDS.get(field, '')}"
    return Choice(field, label or field, words, HINTS.get(field, ""), " ".join(MEASURED.get(field, ())))
