"""The forms of the briefs."""

from __future__ import annotations

from wtforms import HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional

from app.web.forms import DayField, Form, LongTextField, Required


class MakeForm(Form):
    """The month whose brief is wanted."""

    month = HiddenField("月份", [Required("请选择月份")])


class StepForm(Form):
    """A step of a document: which version of it the person saw."""

    version = IntegerField("版本", [NumberRange(min=0)])


class RemarkForm(StepForm):
    """A step with its reason."""

    remark = LongTextField("退回原因", [Required("请写明退回修改的原因")], longest=500)


class HeadsForm(StepForm):
    """What stands under the masthead."""

    number = IntegerField("期号", [Required("请填写期号"), NumberRange(1, 999, "期号请填 1 至 999")])
    total = IntegerField("总期号", [Optional(), NumberRange(1, 99999, "总期号请填 1 至 99999")])
    issued_on = DayField("印发日期", [Required("请填写印发日期")])
