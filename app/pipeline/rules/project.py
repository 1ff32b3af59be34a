"""A project's stages, its kinds of contract, its milestones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.kernel.errors import DomainError
from app.kernel.money import BIG_FEN, FEN_PER_WAN
from app.kernel.periods import FIRST_YEAR, LAST_YEAR

MIN_INVESTMENT_FEN = FEN_PER_WAN
"""1 万元: a smaller total is a dummy typed to get past a required field (domain.md §4.3)."""


class Stage(StrEnum):
    """当前阶段 of a project (domain.md §1.2)."""

    lead = "lead"
    talks = "talks"
    signed = "signed"
    landed = "landed"
    started = "started"
    produced = "produced"
    full = "full"
    suspended = "suspended"
    terminated = "terminated"
    lost = "lost"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return STAGE_LABELS[self]

    @property
    def step(self) -> int:
        """1 (线索) to 7 (达产); 0 beside the road."""
        return ROAD.index(self) + 1 if self in ROAD else 0


ROAD = (Stage.lead, Stage.talks, Stage.signed, Stage.landed, Stage.started, Stage.produced, Stage.full)
ENDED = (Stage.terminated, Stage.lost)
"""No longer pursued: 终止 after a contract, 流失 before one."""
STAGE_LABELS = {
    Stage.lead: "线索",
    Stage.talks: "在谈",
    Stage.signed: "签约",
    Stage.landed: "落地",
    Stage.started: "开工",
    Stage.produced: "投产",
    Stage.full: "达产",
    Stage.suspended: "暂停",
    Stage.terminated: "终止",
    Stage.lost: "流失",
}
STAGE_BY_LABEL = {label: stage for stage, label in STAGE_LABELS.items()}


class ContractKind(StrEnum):
    """合同类型; only formal contracts and their supplements are counted (figures.md §1)."""

    formal = "formal"
    framework = "framework"
    intent = "intent"
    supplement = "supplement"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return CONTRACT_LABELS[self]


CONTRACT_LABELS = {
    ContractKind.formal: "正式合同",
    ContractKind.framework: "框架协议",
    ContractKind.intent: "意向协议",
    ContractKind.supplement: "补充协议",
}
CONTRACT_BY_LABEL = {label: kind for kind, label in CONTRACT_LABELS.items()}


class MilestoneKind(StrEnum):
    """A dated event of a project; signing is not one, its date is the contract's."""

    first_contact = "first_contact"
    landed = "landed"
    started = "started"
    produced = "produced"
    full = "full"
    terminated = "terminated"

    @property
    def label(self) -> str:
        """The Chinese name of the date."""
        return MILESTONE_LABELS[self]


MILESTONE_LABELS = {
    MilestoneKind.first_contact: "首次洽谈日期",
    MilestoneKind.landed: "落地日期",
    MilestoneKind.started: "开工日期",
    MilestoneKind.produced: "投产日期",
    MilestoneKind.full: "达产日期",
    MilestoneKind.terminated: "终止日期",
}

AFTER_SIGNING = (MilestoneKind.landed, MilestoneKind.started, MilestoneKind.produced, MilestoneKind.full)
"""In the order in which they can be reached."""

STAGE_OF_MILESTONE = {
    MilestoneKind.landed: Stage.landed,
    MilestoneKind.started: Stage.started,
    MilestoneKind.produced: Stage.produced,
    MilestoneKind.full: Stage.full,
}


def is_big(total_fen: int) -> bool:
    """亿元以上: 1亿元 itself included, decided by the stored total (figures.md §1)."""
    return total_fen >= BIG_FEN


def check_day(day: dt.date, label: str, field: str) -> None:
    """Refuse a day no record can have."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DomainError(f"{label} {day} 不合常理，请核对年份", field)


def check_investment(fen: int, field: str = "investment") -> None:
    """Refuse a dummy total."""
    if fen < MIN_INVESTMENT_FEN:
        raise DomainError("总投资不足 1 万元，请核对单位；尚不明确的请留空", field)


def check_happened(day: dt.date, today: dt.date, label: str, field: str) -> None:
    """Refuse an event dated in the future: it is a plan, not a fact."""
    if day > today:
        raise DomainError(f"{label} {day} 晚于今天，尚未发生的请填计划日期", field)


def check_milestones(reached: Mapping[MilestoneKind, dt.date], signed_on: dt.date | None) -> None:
    """Refuse dates that contradict one another: 签订 ≤ 落地 ≤ 开工 ≤ 投产 ≤ 达产, 终止 not before 签订."""
    earlier = ("合同签订日期", signed_on)
    for kind in AFTER_SIGNING:
        day = reached.get(kind)
        if day is None:
            continue
        if signed_on is None:
            raise DomainError(f"尚未签订正式合同，不能填写{kind.label}；请先登记合同", kind.value)
        if earlier[1] is not None and day < earlier[1]:
            raise DomainError(f"{kind.label} {day} 早于{earlier[0]} {earlier[1]}，请核对", kind.value)
        earlier = (kind.label, day)
    ended = reached.get(MilestoneKind.terminated)
    if ended and signed_on and ended < signed_on:
        raise DomainError(
            f"终止日期 {ended} 早于合同签订日期 {signed_on}，请核对", MilestoneKind.terminated.value
        )


def stage_from_dates(reached: Mapping[MilestoneKind, dt.date], signed_on: dt.date | None) -> Stage | None:
    """The furthest stage that the dates prove; None when they prove nothing beyond talks."""
    if MilestoneKind.terminated in reached:
        return Stage.terminated
    for kind in reversed(AFTER_SIGNING):
        if kind in reached:
            return STAGE_OF_MILESTONE[kind]
    return Stage.signed if signed_on else None


def check_fixed_asset(fixed_fen: int | None, total_fen: int | None, field: str) -> None:
    """Refuse fixed assets above the total they are part of."""
    if fixed_fen is not None and total_fen is not None and fixed_fen > total_fen:
        raise DomainError("固定资产投资超过总投资，请核对两项金额的单位", field)


def check_supplements(signed_on: dt.date | None, supplements: Iterable[dt.date]) -> None:
    """Refuse a main contract that its supplementary agreements contradict: none left, or signed after them."""
    first = min(supplements, default=None)
    if first is None:
        return
    if signed_on is None:
        raise DomainError(
            "该合同已有补充协议，不能清空或改为框架、意向协议；合同终止请填终止日期", "contract_kind"
        )
    if first < signed_on:
        raise DomainError(f"合同签订日期 {signed_on} 晚于补充协议签订日期 {first}，请核对", "signed_on")


RESTORABLE = frozenset(
    "name content chain_id industry area_id officer sponsor investment_fen fixed_asset_fen land_hundredths"
    " output_fen tax_fen jobs note".split()
)
"""Fields of a project that stand alone. What is counted (contract, dates, stage, unit) is corrected in its form."""


def check_restorable(field: str, before: Mapping[str, object] | None, stage: Stage) -> None:
    """Refuse to bring back what was not there, what does not stand alone, and anything of an ended project."""
    if before is None or field not in before or field not in RESTORABLE:
        raise DomainError("这一项不能单独恢复，请在“修改”页更正")
    if stage in ENDED:
        raise DomainError(f"项目已{stage.label}，不能恢复旧值；确需更正的请先在“修改”页改变阶段")


def check_handover(from_on: dt.date, today: dt.date) -> None:
    """Refuse a handover in the future: the present unit answers until that day has come."""
    check_day(from_on, "移交日期", "unit_from")
    if from_on > today:
        raise DomainError(f"移交日期 {from_on} 晚于今天，请在移交当天或之后办理", "unit_from")


def check_stage(stage: Stage, reached: Mapping[MilestoneKind, dt.date], signed_on: dt.date | None) -> None:
    """Refuse a stage that the dates contradict."""
    proved = stage_from_dates(reached, signed_on)
    if stage is Stage.lost and signed_on is not None:
        raise DomainError("已签正式合同的项目不能记为“流失”；合同终止的请填终止日期", "stage")
    if stage in (Stage.suspended, Stage.lost) and proved is not Stage.terminated:
        return
    if proved is None:
        if stage not in (Stage.lead, Stage.talks, Stage.terminated):
            raise DomainError(f"当前阶段为“{stage.label}”，但没有正式合同，请先登记合同或改为“在谈”", "stage")
        return
    if stage is not proved:
        raise DomainError(f"当前阶段为“{stage.label}”，但已填日期表明是“{proved.label}”，请统一", "stage")
