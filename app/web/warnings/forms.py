"""What is entered of an excuse and of the rules."""

from __future__ import annotations

from app.kernel.errors import DomainError
from app.warnings.rules import KINDS, Threshold, WarningKind
from app.web.forms import DayField, Form, LongTextField, Required, TextField


class ExcuseForm(Form):
    """Why a project is warned about for good reason, and until when."""

    reason = LongTextField("原因", [Required("请写明原因：卡在哪里、等什么、谁在办")], longest=300)
    until_on = DayField("有效期至", [Required("请填写有效期")])


class DecisionForm(Form):
    """What the decider says."""

    answer = TextField("意见", longest=300)


class RulesForm(Form):
    """The thresholds; the fields are made for each rule and read by ``thresholds_from``."""


def thresholds_from(values: dict[str, str], kinds: list[WarningKind]) -> dict[WarningKind, Threshold]:
    """What was entered. Raises ``DomainError`` naming the field for what is no whole number."""
    found = {}
    for kind in kinds:
        amounts = []
        for name in ("yellow", "red"):
            text = values.get(f"{kind}-{name}", "").strip()
            if not (text.isascii() and text.isdigit() and len(text) < 6):
                rule = KINDS[kind]
                raise DomainError(
                    f"“{rule.label}”请填 {rule.least} 至 {rule.most} {rule.measure.label}的整数",
                    f"{kind}-{name}",
                )
            amounts.append(int(text))
        found[kind] = Threshold(f"{kind}-on" in values, *amounts)
    return found
