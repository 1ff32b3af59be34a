"""What is watched (domain.md §1.3): kinds of warnings, in what they are measured, what clears them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.pipeline.rules import MilestoneKind, Stage


class Level(StrEnum):
    """How bad it is."""

    yellow = "yellow"
    red = "red"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"yellow": "黄色", "red": "红色"}[self.value]


class Measure(StrEnum):
    """In what thresholds are given."""

    days = "days"
    months = "months"
    points = "points"

    @property
    def label(self) -> str:
        """The Chinese unit."""
        return {"days": "天", "months": "个月", "points": "个百分点"}[self.value]


class Group(StrEnum):
    """Rules that stand together on the administrator's page."""

    idle = "idle"
    plan = "plan"
    signed = "signed"
    money = "money"
    lead = "lead"
    unit = "unit"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "idle": "久未更新",
            "plan": "计划日期已过",
            "signed": "签约后未推进",
            "money": "资金",
            "lead": "线索",
            "unit": "责任单位进度",
        }[self.value]


class Subject(StrEnum):
    """What a warning is about."""

    project = "project"
    arrival = "arrival"
    lead = "lead"
    unit = "unit"


class WarningKind(StrEnum):
    """One rule each."""

    idle_lead = "idle_lead"
    idle_talks = "idle_talks"
    idle_signed = "idle_signed"
    idle_landed = "idle_landed"
    idle_started = "idle_started"
    idle_produced = "idle_produced"
    late_landed = "late_landed"
    late_started = "late_started"
    late_produced = "late_produced"
    late_full = "late_full"
    unlanded = "unlanded"
    unstarted = "unstarted"
    unpaid = "unpaid"
    unfunded = "unfunded"
    slow_money = "slow_money"
    commitment = "commitment"
    papers = "papers"
    returned = "returned"
    unreviewed = "unreviewed"
    lead_answer = "lead_answer"
    lead_assess = "lead_assess"
    lead_report = "lead_report"
    behind = "behind"


@dataclass(frozen=True)
class Kind:
    """One rule: how it is called and measured, its usual thresholds and bounds, and what clears it."""

    group: Group
    label: str
    since: str
    """From when on the time counts, for the administrator."""
    measure: Measure
    yellow: int
    red: int
    cure: str
    active: bool = True
    least: int = 1
    most: int = 1095
    subject: Subject = Subject.project


K = WarningKind
_PROGRESS = "写一句进展、登记到账或进入下一阶段；只打开保存、没有变化的不算"
_D, _M = Measure.days, Measure.months


def _idle(stage: Stage, yellow: int, red: int, *, active: bool = True) -> Kind:
    label = f"{stage.label}阶段久未更新"
    return Kind(Group.idle, label, "最近一次进展", _D, yellow, red, _PROGRESS, active, most=365)


def _late(event: str) -> Kind:
    cure = f"登记实际{event}日期，或说明原因后调整计划"
    return Kind(Group.plan, f"计划{event}日期已过", f"计划{event}日期", _D, 0, 90, cure, least=0)


IDLE = {
    K.idle_lead: Stage.lead,
    K.idle_talks: Stage.talks,
    K.idle_signed: Stage.signed,
    K.idle_landed: Stage.landed,
    K.idle_started: Stage.started,
    K.idle_produced: Stage.produced,
}
"""The stage that a rule of 久未更新 watches."""
LATE = {
    K.late_landed: MilestoneKind.landed,
    K.late_started: MilestoneKind.started,
    K.late_produced: MilestoneKind.produced,
    K.late_full: MilestoneKind.full,
}
"""The milestone whose planned day has passed."""

KINDS: dict[WarningKind, Kind] = {
    K.idle_lead: _idle(Stage.lead, 45, 90),
    K.idle_talks: _idle(Stage.talks, 30, 60),
    K.idle_signed: _idle(Stage.signed, 20, 60),
    K.idle_landed: _idle(Stage.landed, 15, 45),
    K.idle_started: _idle(Stage.started, 60, 120, active=False),
    K.idle_produced: _idle(Stage.produced, 90, 180, active=False),
    K.late_landed: _late("落地"),
    K.late_started: _late("开工"),
    K.late_produced: _late("投产"),
    K.late_full: _late("达产"),
    K.unlanded: Kind(Group.signed, "签约后未落地", "合同签订", _M, 3, 6, "登记落地日期；合同终止的登记终止"),
    K.unstarted: Kind(
        Group.signed, "签约后未开工", "合同签订", _M, 6, 12, "登记开工日期；合同终止的登记终止"
    ),
    K.unpaid: Kind(
        Group.money, "签约后无到位资金", "合同签订", _M, 3, 9, "登记到账并经审核认定；合同终止的登记终止"
    ),
    K.unfunded: Kind(Group.money, "开工后无到位资金", "开工", _M, 0, 3, "登记到账并经审核认定", least=0),
    K.slow_money: Kind(
        Group.money,
        "亿元以上开工后资金到位不足 20%",
        "开工",
        _M,
        6,
        12,
        "催促按合同到资，登记到账并经审核认定",
    ),
    K.commitment: Kind(
        Group.signed, "合同承诺逾期", "承诺的到期日", _D, 0, 30, "登记兑现情况，或停止执行并说明", least=0
    ),
    K.papers: Kind(Group.signed, "要件未补齐", "带欠件进入阶段", _D, 15, 60, "在项目页补齐所欠要件", least=0),
    K.returned: Kind(
        Group.money, "到账退回未改", "退回", _D, 3, 10, "按退回原因改正后重新提交", subject=Subject.arrival
    ),
    K.unreviewed: Kind(
        Group.money, "到账待审核超时", "登记", _D, 3, 10, "由审核岗认定或退回", subject=Subject.arrival
    ),
    K.lead_answer: Kind(
        Group.lead, "线索响应超时", "响应时限", _D, 0, 3, "记录与投资方的联系", least=0, subject=Subject.lead
    ),
    K.lead_assess: Kind(
        Group.lead, "线索研判超时", "研判时限", _D, 0, 7, "填写研判意见", least=0, subject=Subject.lead
    ),
    K.lead_report: Kind(
        Group.lead,
        "线索未报进展",
        "报进展时限",
        _D,
        0,
        14,
        "报一次进展，或转为项目",
        least=0,
        subject=Subject.lead,
    ),
    K.behind: Kind(
        Group.unit,
        "到位资金等指标欠进度",
        "时间进度",
        Measure.points,
        10,
        30,
        "累计完成率赶上时间进度",
        most=100,
        subject=Subject.unit,
    ),
}
"""Every rule with its usual thresholds: WH's limits of stages, 银川's months and points, the clocks of §1.3."""
