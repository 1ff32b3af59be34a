"""What is entered to move a project: on, aside, back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import HiddenField

from app.pipeline.rules import ROAD, Course, Reason, Stage
from app.web.forms import AmountField, DayField, Form, LongTextField, PickField, Required, TextField


class AdvanceForm(Form):
    """The next stage with its day; fields and contract that its gate asks for. Files are read by the view."""

    to = PickField("推进到", coerce=Stage, none=None)
    effective_on = DayField("进入该阶段的日期")
    remark = TextField("备注", longest=500)
    contract_number = TextField("合同编号", longest=60)
    amount = AmountField("合同总投资")
    contract_fixed_asset = AmountField("其中固定资产投资")
    officer = TextField("责任人", longest=40)
    content = TextField("建设内容", longest=2000)
    area = PickField("落地片区", coerce=int, none="请选择")
    chain = PickField("产业链", coerce=int, none="请选择")
    uscc = TextField("统一社会信用代码", longest=24)
    version = HiddenField()

    def offer(self, ahead: Iterable[Stage], lists: Mapping[str, Mapping[int, str]]) -> None:
        """Set what can be chosen."""
        self.to.offer((stage, stage.label) for stage in ahead)
        self.area.offer(lists["area"].items())
        self.chain.offer(lists["chain"].items())


FILLABLE = ("officer", "content", "area", "chain", "uscc")
"""Fields of a gate that can be filled in on the page that moves on; others in the project's form."""


class AsideForm(Form):
    """暂停, 终止, 流失, 恢复 with reason and day."""

    course = PickField("办理", [Required("请选择")], coerce=Course, none=None)
    reason_code = PickField("原因", none="请选择原因")
    effective_on = DayField("生效日期", [Required("请填写生效日期")])
    went_to = TextField("流向（去了哪里）", longest=120)
    remark = LongTextField("说明", longest=500)
    version = HiddenField()

    def offer(self, courses: Iterable[Course], reasons: Iterable[Reason]) -> None:
        """Set what can be chosen; reasons carry their kind, the page shows those of the chosen course."""
        self.course.offer((course, course.label) for course in courses)
        self.reason_code.offer((f"{one.kind}:{one.code}", one.name) for one in reasons)

    def reason_for(self, course: Course) -> str:
        """The code of the chosen reason, when it is one of the course's own."""
        kind, _, code = (self.reason_code.data or "").partition(":")
        kinds = {Course.suspend: "suspend", Course.terminate: "terminate", Course.lose: "lose"}
        return code if kinds.get(course) == kind else ""


class RequestForm(Form):
    """Going back, or ahead with papers owed."""

    to = PickField("申请到", [Required("请选择阶段")], coerce=Stage, none="请选择")
    reason_code = PickField("退回原因", none="请选择原因")
    effective_on = DayField("生效日期", [Required("请填写生效日期")])
    remark = LongTextField("情况说明", [Required("请说明情况，审核岗据此决定")], longest=500)

    def offer(self, stages: Iterable[Stage], reasons: Iterable[Reason]) -> None:
        """Set what can be chosen."""
        self.to.offer((stage, stage.label) for stage in sorted(stages, key=ROAD.index))
        self.reason_code.offer((one.code, one.name) for one in reasons)


class DecisionForm(Form):
    """A reviewer's word on a request."""

    said = TextField("审核意见", longest=500)
