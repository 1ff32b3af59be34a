"""What is entered of a project, its contract, its milestones and its supplementary agreements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wtforms import HiddenField

from app.directory.rules import read_industry, read_origin
from app.investors.operations import InvestorData
from app.investors.rules import InvestorType, read_uscc
from app.kernel.errors import DomainError
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.operations import ContractData, ProjectData
from app.pipeline.rules import CONTRACT_LABELS, ContractKind, MilestoneKind, Stage, stage_from_dates
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

BY_HAND = (Stage.lead, Stage.talks, Stage.suspended, Stage.terminated, Stage.lost)
"""Stages that no date proves; the others follow from contract and milestones."""
MAIN_CONTRACTS = (ContractKind.formal, ContractKind.framework, ContractKind.intent)


class ProjectForm(Form):
    """A project with its investor, main contract and milestones. Field names are those that rules refuse by."""

    number = TextField("项目编号", [Required("请填写项目编号")], longest=40)
    name = TextField("项目名称", [Required("请填写项目名称")], longest=120)
    investor = TextField("投资方名称", [Required("请填写投资方名称，按营业执照")], longest=120)
    uscc = TextField("统一社会信用代码", longest=24)
    origin = TextField("投资方来源地", longest=40)
    investor_type = PickField("企业性质", coerce=InvestorType, none="未填")
    content = LongTextField("建设内容", longest=2000)
    chain_id = PickField("产业链", coerce=int, none="未定")
    segment_id = PickField("链上环节", coerce=int, none="未定")
    industry = TextField("行业代码", longest=12)
    area_id = PickField("落地片区", coerce=int, none="未定")
    unit_id = PickField("责任单位", [Required("请选择责任单位")], coerce=int)
    unit_from = DayField("新责任单位从哪天起负责")
    officer = TextField("责任人", longest=40)
    sponsor = TextField("包联领导", longest=60)
    stage = PickField("当前阶段", coerce=Stage, none="按日期自动判断")
    investment = AmountField("计划总投资")
    fixed_asset = AmountField("其中固定资产投资")
    land = NumberField("用地面积（亩）", places=2)
    output = AmountField("预计年产值")
    tax = AmountField("预计年税收")
    jobs = NumberField("带动就业（人）")
    note = LongTextField("备注", longest=2000)
    contract_kind = PickField("合同类型", coerce=ContractKind, none="尚未签订")
    contract_number = TextField("合同编号", longest=60)
    signed_on = DayField("签订日期")
    amount = AmountField("合同总投资")
    contract_fixed_asset = AmountField("其中固定资产投资")
    first_contact = DayField("首次洽谈")
    landed = DayField("落地")
    started = DayField("开工")
    produced = DayField("投产")
    full = DayField("达产")
    terminated = DayField("终止")
    first_contact_planned = DayField("首次洽谈")
    landed_planned = DayField("落地")
    started_planned = DayField("开工")
    produced_planned = DayField("投产")
    full_planned = DayField("达产")
    version = HiddenField()

    def offer_lists(
        self, lists: Mapping[str, Mapping[int, str]], units: Mapping[int, str], segments: Mapping[int, str]
    ) -> None:
        """Set what can be chosen; ``units`` are those the person may enter projects for."""
        self.chain_id.offer(lists["chain"].items())
        self.segment_id.offer(segments.items())
        self.area_id.offer(lists["area"].items())
        self.unit_id.offer(units.items())
        self.stage.offer((stage, stage.label) for stage in BY_HAND)
        self.contract_kind.offer((kind, CONTRACT_LABELS[kind]) for kind in MAIN_CONTRACTS)
        self.investor_type.offer(
            (kind, kind.label) for kind in InvestorType if kind is not InvestorType.unknown
        )

    def investor_data(self) -> InvestorData:
        """The company. Raises ``DomainError`` for a wrong code or origin."""
        return InvestorData(
            name=self.investor.text,
            uscc=read_uscc(self.uscc.text) if self.uscc.text else None,
            origin=read_origin(self.origin.text) if self.origin.text else None,
            investor_type=self.investor_type.data,
        )

    def project_data(self) -> ProjectData:
        """The project. Raises ``DomainError`` for half a contract or a wrong industry code."""
        return ProjectData(
            name=self.name.text,
            number=self.number.text,
            unit_id=self.unit_id.data,
            unit_from=self.unit_from.data,
            content=self.content.text,
            chain_id=self.chain_id.data,
            segment_id=self.segment_id.data,
            industry=read_industry(self.industry.text) if self.industry.text else None,
            area_id=self.area_id.data,
            officer=self.officer.text,
            sponsor=self.sponsor.text,
            stage=self.stage.data,
            investment_fen=self.investment.data,
            fixed_asset_fen=self.fixed_asset.data,
            land_hundredths=None if self.land.data is None else int(self.land.data * 100),
            output_fen=self.output.data,
            tax_fen=self.tax.data,
            jobs=None if self.jobs.data is None else int(self.jobs.data),
            note=self.note.text,
            contract=self._contract(),
            reached=_days(self, ""),
            planned=_days(self, "_planned"),
        )

    def _contract(self) -> ContractData | None:
        kind, day, amount = self.contract_kind.data, self.signed_on.data, self.amount.data
        if kind is None:
            if day or amount is not None or self.contract_number.text:
                raise DomainError("已填合同内容，请选择合同类型；尚未签订的请清空合同各项", "contract_kind")
            return None
        if day is None:
            raise DomainError("请填写合同签订日期", "signed_on")
        if amount is None:
            raise DomainError("请填写合同总投资", "amount")
        return ContractData(kind, day, amount, self.contract_number.text, self.contract_fixed_asset.data)


class SupplementForm(Form):
    """A supplementary agreement that raises the total."""

    number = TextField("补充协议编号", longest=60)
    signed_on = DayField("签订日期", [Required("请填写签订日期")])
    amount = AmountField("增加的总投资", [Required("请填写增加的总投资")])


def _days(form: ProjectForm, ending: str) -> dict[MilestoneKind, dt.date]:
    names = {kind: f"{kind.value}{ending}" for kind in MilestoneKind}
    found = {kind: form[name].data for kind, name in names.items() if name in form}
    return {kind: day for kind, day in found.items() if day is not None}


def _stage_by_hand(project: Project, milestones: Mapping[MilestoneKind, Milestone]) -> Stage | None:
    """The stage when it was chosen by hand; None when contract and milestones say it."""
    reached = {kind: m.reached_on for kind, m in milestones.items() if m.reached_on}
    by_dates = stage_from_dates(reached, project.signed_on) or Stage.talks
    return None if project.stage is by_dates else project.stage


def values_of(
    project: Project, contract: Contract | None, milestones: Mapping[MilestoneKind, Milestone]
) -> dict[str, Any]:
    """A stored project as the form's values."""
    values: dict[str, Any] = {
        name: getattr(project, name)
        for name in "number name content chain_id segment_id area_id unit_id officer sponsor note".split()
    }
    investor = project.investor
    values |= {
        "investor": investor.name,
        "uscc": investor.uscc or "",
        "origin": investor.origin or "",
        "investor_type": None if investor.investor_type is InvestorType.unknown else investor.investor_type,
        "industry": project.industry or "",
        "stage": _stage_by_hand(project, milestones),
        "investment": project.investment_fen,
        "fixed_asset": project.fixed_asset_fen,
        "land": None if project.land_hundredths is None else Decimal(project.land_hundredths) / 100,
        "jobs": None if project.jobs is None else Decimal(project.jobs),
        "output": project.output_fen,
        "tax": project.tax_fen,
        "version": str(project.version),
    }
    if contract is not None:
        values |= {
            "contract_kind": contract.kind,
            "contract_number": contract.number,
            "signed_on": contract.signed_on,
            "amount": contract.amount_fen,
            "contract_fixed_asset": contract.fixed_asset_fen,
        }
    for kind, milestone in milestones.items():
        values[kind.value] = milestone.reached_on
        values[f"{kind.value}_planned"] = milestone.planned_on
    return values
