"""Forms of leads."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.directory.rules import read_origin
from app.investors.operations import InvestorData
from app.investors.rules import read_uscc
from app.leads.models import Lead
from app.leads.operations import LeadData
from app.leads.rules import BOUNDS, Clocks, DecisionKind, LeadSource, Verdict
from app.pipeline.operations import ProjectData
from app.pipeline.rules import MilestoneKind, Stage
from app.web.forms import (
    AmountField,
    DayField,
    Form,
    LongTextField,
    NumberField,
    PickField,
    Required,
    TextField,
)


class LeadForm(Form):
    """The short form: name, investor, what, how much, source, contact; the rest can wait."""

    name = TextField("线索名称", [Required("请填写线索名称，如 锂电池正极材料项目")])
    investor_name = TextField("投资方", [Required("请填写投资方")])
    content = LongTextField("拟投资内容", longest=2000)
    amount = AmountField("拟投资额", unit="亿元")
    source = PickField("线索来源", [Required("请选择线索来源")], coerce=LeadSource)
    contact_name = TextField("联系人", longest=40)
    contact_phone = TextField("联系电话", longest=40)
    contact_title = TextField("联系人职务", longest=40)
    uscc = TextField("统一社会信用代码", longest=24)
    origin = TextField("来源地", longest=40)
    unit = PickField("首报单位", coerce=int)
    likeness_reason = TextField("为什么不是同一项目", longest=200)
    files = MultipleFileField("照片和资料")
    version = HiddenField()

    def data_of(self) -> LeadData:
        """The lead. Raises ``DomainError`` for a wrong code or origin."""
        return LeadData(
            name=self.name.text,
            investor_name=self.investor_name.text,
            source=self.source.data,
            content=self.content.text,
            amount_fen=self.amount.data,
            uscc=read_uscc(self.uscc.text) if self.uscc.text else None,
            origin=read_origin(self.origin.text) if self.origin.text else None,
            contact_name=self.contact_name.text,
            contact_title=self.contact_title.text,
            contact_phone=self.contact_phone.text,
            likeness_reason=self.likeness_reason.text,
        )


def values_of(lead: Lead) -> dict[str, Any]:
    """A stored lead as the form's values."""
    names = (
        "name investor_name content source contact_name contact_phone contact_title likeness_reason".split()
    )
    return {
        **{name: getattr(lead, name) for name in names},
        "amount": lead.amount_fen,
        "uscc": lead.uscc or "",
        "origin": lead.origin or "",
        "version": str(lead.version),
    }


class TextForm(Form):
    """One text: how an investor was answered, or what progress there is."""

    text = LongTextField("情况", [Required("请写一句情况")], longest=500)


class AssessForm(Form):
    """研判意见."""

    verdict = RadioField(
        "研判结论",
        [Required("请选择研判结论")],
        choices=[SelectChoice(verdict.value, verdict.label) for verdict in Verdict],
    )
    text = LongTextField("研判意见", [Required("请填写研判意见")], longest=500)


class OfficerForm(Form):
    """Another officer of the unit."""

    officer_id = PickField("移交给", [Required("请选择接手的同事")], coerce=int)


class DecisionForm(Form):
    """A reviewer's decision."""

    kind = PickField("裁定事项", [Required("请选择裁定事项")], coerce=DecisionKind)
    to_unit_id = PickField("归属单位", coerce=int, none="转移、争议裁定时选择")
    until_on = DayField("保护期延长到")
    reason = LongTextField("理由", [Required("请填写裁定理由")], longest=500)


class ConvertForm(Form):
    """What the project needs beyond its lead; everything known stands in it already."""

    number = TextField("项目编号", [Required("请填写项目编号")], longest=40)
    name = TextField("项目名称", [Required("请填写项目名称")])
    investor = TextField("投资方", [Required("请填写投资方")])
    uscc = TextField("统一社会信用代码", longest=24)
    origin = TextField("来源地", longest=40)
    investment = AmountField("计划总投资", unit="亿元")
    chain_id = PickField("产业链", coerce=int, none="未定")
    area_id = PickField("落地片区", coerce=int, none="未定")
    officer = TextField("责任人", longest=40)
    first_contact = DayField("首次洽谈日期")
    content = LongTextField("建设内容", longest=2000)

    def investor_data(self) -> InvestorData:
        """The company. Raises ``DomainError`` for a wrong code or origin."""
        return InvestorData(
            name=self.investor.text,
            uscc=read_uscc(self.uscc.text) if self.uscc.text else None,
            origin=read_origin(self.origin.text) if self.origin.text else None,
        )

    def project_data(self, unit_id: int) -> ProjectData:
        """The project, in talks."""
        met = self.first_contact.data
        return ProjectData(
            name=self.name.text,
            number=self.number.text,
            unit_id=unit_id,
            stage=Stage.talks,
            content=self.content.text,
            investment_fen=self.investment.data,
            chain_id=self.chain_id.data,
            area_id=self.area_id.data,
            officer=self.officer.text,
            reached={MilestoneKind.first_contact: met} if met else {},
        )


class ClockForm(Form):
    """The zone's clocks for leads, in days."""

    answer_days = NumberField("响应时限（天）", [Required("请填写天数")])
    assess_days = NumberField("研判时限（天）", [Required("请填写天数")])
    report_days = NumberField("报进展间隔（天）", [Required("请填写天数")])
    protect_days = NumberField("首报保护期（天）", [Required("请填写天数")])
    shared = BooleanField("各单位可以互看线索全部内容")

    def clocks(self) -> Clocks:
        """What was chosen."""
        days = {name: min(int(self[name].data), 99999) for name in BOUNDS}
        return Clocks(**days, shared=self.shared.data)
