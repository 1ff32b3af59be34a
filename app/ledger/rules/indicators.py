"""What an indicator of a table of targets means: 新签约亿元以上项目（个）, 到位资金目标（亿元）."""

from __future__ import annotations

from app.ledger.rules.heads import flat, unit_of

_NOT_TARGETS = (
    "完成",
    "实际",
    "进度",
    "占比",
    "排名",
    "名次",
    "同比",
    "上年",
    "去年",
    "累计",
    "本月",
    "差额",
    "余额",
    "增长",
    "备注",
)
_OTHERS = ("外资", "固投", "固定资产", "产值", "税收", "省外", "线索", "在谈", "工业", "出口", "上规", "就业")
_WHAT = (
    ("funds", ("到位", "到资", "引进资金", "引资", "资金")),
    ("produced", ("投产", "竣工")),
    ("started", ("开工",)),
    ("signed", ("签约", "签订", "新签", "合同", "引进项目")),
)
_LABELS = {
    ("signed", False, "count"): "新签约合同项目数", ("signed", False, "amount"): "新签约合同总投资",
    ("signed", True, "count"): "新签约亿元以上项目数", ("signed", True, "amount"): "新签约亿元以上合同总投资",
    ("started", False, "count"): "新开工项目数", ("started", False, "amount"): "新开工总投资",
    ("started", True, "count"): "新开工亿元以上项目数", ("started", True, "amount"): "新开工亿元以上总投资",
    ("produced", False, "count"): "新投产项目数", ("produced", False, "amount"): "新投产总投资",
    ("produced", True, "count"): "新投产亿元以上项目数", ("produced", True, "amount"): "新投产亿元以上总投资",
}  # fmt: skip
TARGET_LABELS = frozenset((*_LABELS.values(), "到位资金", "新签约亿元以上合同项目数"))
"""The indicators as targets name them."""
_COUNTS = ("个数", "项目数", "数量", "(个)", "(家)", "个)", "项数", "家数", "户数", "(项)")
_AMOUNTS = ("金额", "投资", "资金", "总额", "引资额", "签约额")


def indicator_of(path: tuple[str, ...]) -> tuple[str, str | None] | None:
    """The indicator as targets name it, and the unit that the head says (个 for numbers); None when it is none of ours."""
    words = flat("".join(path))
    last = flat(path[-1])
    if any(word in words for word in _NOT_TARGETS) or any(word in words for word in _OTHERS):
        return None
    what = next((what for what, said in _WHAT if any(word in words for word in said)), None)
    if what is None:
        return None
    money = next((unit for part in reversed(path) if (unit := unit_of(part)) is not None), None)
    if what == "funds":
        return "到位资金", money
    big = "亿元以上" in words or "亿元及以上" in words or "1亿以上" in words
    amount = money is not None or any(word in last.replace("总投资亿元以上", "") for word in _AMOUNTS)
    if any(word in last for word in _COUNTS):
        amount = False
    label = _LABELS[what, big, "amount" if amount else "count"]
    return label, money if amount else "个"
