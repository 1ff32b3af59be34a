"""The gate before each stage: what has to be there, what is missing, and the reasons to leave the road.

Defaults are those of domain.md §1.2. A zone that has rows of its own for gates or reasons uses those alone;
the administrator's first change writes the defaults down as rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.kernel.errors import DomainError
from app.pipeline.rules.project import ROAD, Stage


class GateKind(StrEnum):
    """What a gate asks for: a field of the record, papers handed in, a colleague's approval, a legal review."""

    field = "field"
    paper = "paper"
    approval = "approval"
    review = "review"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"field": "字段", "paper": "材料", "approval": "审批", "review": "合同审查"}[self.value]


FIELDS: Mapping[str, str] = {
    "formal_contract": "正式合同",
    "content": "建设内容",
    "investment": "计划总投资",
    "officer": "责任人",
    "sponsor": "包联领导",
    "area": "落地片区",
    "chain": "产业链",
    "industry": "行业代码",
    "uscc": "统一社会信用代码",
    "fixed_asset": "固定资产投资",
    "land": "用地面积",
    "output": "预计年产值",
    "tax": "预计年税收",
    "jobs": "带动就业",
    "first_contact": "首次洽谈日期",
}
"""Fields of a project (its investor, its contract) that a gate can ask for, with their Chinese names."""
COLUMN_OF_FIELD: Mapping[str, str] = {
    "formal_contract": "signed_on",
    "content": "content",
    "investment": "investment_fen",
    "officer": "officer",
    "sponsor": "sponsor",
    "area": "area_id",
    "chain": "chain_id",
    "industry": "industry",
    "fixed_asset": "fixed_asset_fen",
    "land": "land_hundredths",
    "output": "output_fen",
    "tax": "tax_fen",
    "jobs": "jobs",
}
"""Columns of the project behind those fields; ``uscc`` is the investor's, ``first_contact`` a milestone's."""
REVIEWS: Mapping[str, str] = {"legality": "合法性审查", "fair_competition": "公平竞争审查"}
"""Reviews of a contract that a gate can ask for: passed or passed on conditions, or the opinion handed in."""
GATED = ROAD[1:]
"""Stages that have a gate."""


@dataclass(frozen=True)
class Item:
    """One thing a gate asks for. ``required`` ones hold the project back, the others are advice.

    ``code`` is the same at every gate that asks for the same thing; ``least`` is a number of files.
    """

    stage: Stage
    kind: GateKind
    code: str
    label: str
    required: bool = True
    least: int = 1
    hint: str = ""


@dataclass(frozen=True)
class GateState:
    """What is there of one project: field codes, number of files by paper code or label, approvals, reviews."""

    fields: frozenset[str] = frozenset()
    papers: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)
    """Files of the project by their own 说明: one that is called like the paper is the paper."""
    approvals: frozenset[str] = frozenset()
    reviews: frozenset[str] = frozenset()

    def files(self, item: Item) -> int:
        """How many files there are for the item."""
        return self.papers.get(item.code, 0) + self.labels.get(item.label, 0)


@dataclass(frozen=True)
class Lack:
    """Something a gate asks for that is not there; ``have`` of ``least`` files are."""

    stage: Stage
    kind: GateKind
    code: str
    label: str
    required: bool
    have: int = 0
    least: int = 1
    hint: str = ""

    @property
    def text(self) -> str:
        """As it is said in a sentence: 开工现场照片（还差 1 份）."""
        return f"{self.label}（还差 {self.least - self.have} 份）" if self.least > 1 else self.label


def missing(items: Iterable[Item], state: GateState) -> tuple[Lack, ...]:
    """THE gate: the required items that are not there. Form, board, bulk and import all ask here."""
    return tuple(_lack(item, state) for item in items if item.required and not is_there(item, state))


def advised(items: Iterable[Item], state: GateState) -> tuple[Lack, ...]:
    """The items that are not there and hold nothing back."""
    return tuple(_lack(item, state) for item in items if not item.required and not is_there(item, state))


def is_there(item: Item, state: GateState) -> bool:
    """Whether a project in ``state`` has what the item asks for."""
    match item.kind:
        case GateKind.field:
            return item.code in state.fields
        case GateKind.paper:
            return state.files(item) >= item.least
        case GateKind.approval:
            return item.code in state.approvals
        case GateKind.review:
            return item.code in state.reviews or state.files(item) >= item.least


def _lack(item: Item, state: GateState) -> Lack:
    have = state.files(item) if item.kind in (GateKind.paper, GateKind.review) else 0
    return Lack(item.stage, item.kind, item.code, item.label, item.required, have, item.least, item.hint)


def between(items: Iterable[Item], base: Stage, to: Stage) -> tuple[Item, ...]:
    """The items of all gates between two stages: who skips a stage still answers for its gate.

    Something that several of the gates ask for is asked once, where it comes first.
    """
    if to not in ROAD:
        return ()
    found: dict[tuple[GateKind, str], Item] = {}
    for stage in ROAD[ROAD.index(base) + 1 : ROAD.index(to) + 1]:
        for item in items:
            if item.stage is stage:
                first = found.setdefault((item.kind, item.code), item)
                if item.required and not first.required:
                    found[item.kind, item.code] = item
    return tuple(found.values())


class GateError(DomainError):
    """The gate is not passed; ``missing`` says why."""

    def __init__(self, to: Stage, missing: Sequence[Lack], field: str | None = None) -> None:
        names = "、".join(lack.text for lack in missing)
        super().__init__(
            f"还不能推进到“{to.label}”，缺 {len(missing)} 项：{names}。请在项目页“推进阶段”补齐", field
        )
        self.to = to
        self.missing = tuple(missing)


def _papers(stage: Stage, required: bool, papers: Mapping[str, str]) -> list[Item]:
    return [Item(stage, GateKind.paper, code, label, required) for code, label in papers.items()]


def _fields(stage: Stage, required: bool, *codes: str) -> list[Item]:
    return [Item(stage, GateKind.field, code, FIELDS[code], required) for code in codes]


DEFAULT_GATES: tuple[Item, ...] = (
    *_fields(Stage.talks, True, "content", "officer"),
    *_fields(Stage.talks, False, "investment", "first_contact"),
    *_papers(Stage.talks, False, {"letter_of_intent": "意向书"}),
    *_fields(Stage.signed, True, "formal_contract"),
    *_papers(Stage.signed, True, {"contract": "投资合同"}),
    *(Item(Stage.signed, GateKind.review, code, label) for code, label in REVIEWS.items()),
    Item(Stage.signed, GateKind.approval, "admission", "项目联审（上会）", required=False),
    *_papers(Stage.signed, False, {"feasibility": "项目建议书（可研）", "due_diligence": "尽职调查报告"}),
    *_fields(Stage.landed, True, "uscc", "area"),
    *_papers(Stage.landed, True, {"licence": "营业执照"}),
    *_papers(Stage.started, True, {
        "filing": "项目备案", "land": "用地批准", "planning": "工程规划许可",
        "works_contract": "施工合同", "permit": "施工许可证",
    }),
    Item(Stage.started, GateKind.paper, "site_photos", "开工现场照片", least=2, hint="带日期，2 张"),
    *_papers(Stage.started, False, {"environment": "环评批复", "energy": "节能审查意见", "drawings": "施工图审查合格书"}),
    *_papers(Stage.produced, True, {"first_invoice": "首张发票", "power": "用电记录", "site_check": "投产核查记录"}),
    *_papers(Stage.produced, False, {"completion": "竣工验收备案"}),
    *_papers(Stage.full, True, {"output_proof": "产值（营收）证明"}),
)  # fmt: skip
"""The gates of a zone that has not written its own (domain.md §1.2)."""


class ReasonKind(StrEnum):
    """What a reason is given for."""

    suspend = "suspend"
    terminate = "terminate"
    lose = "lose"
    back = "back"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"suspend": "暂停", "terminate": "终止", "lose": "流失", "back": "退回"}[self.value]


@dataclass(frozen=True)
class Reason:
    """One reason of the list; ``code`` stays when its wording changes."""

    kind: ReasonKind
    code: str
    name: str


DEFAULT_REASONS: tuple[Reason, ...] = tuple(
    Reason(kind, code, name)
    for kind, reasons in {
        ReasonKind.suspend: {
            "funding": "投资方资金未到位", "market": "市场变化，投资方暂缓", "land": "用地（厂房）未落实",
            "permits": "前期手续受阻", "factors": "能耗、环境容量等要素未落实", "dispute": "合同纠纷处理中",
        },
        ReasonKind.terminate: {
            "breach": "投资方违约", "agreed": "双方协商解除", "insolvent": "投资方破产或注销",
            "idle": "长期不履约，按退出程序清退", "policy": "政策、规划调整", "force": "不可抗力",
        },
        ReasonKind.lose: {
            "elsewhere": "落户其他地区", "given_up": "投资方放弃投资", "terms": "合作条件未达成一致",
            "conditions": "要素保障不满足", "not_admitted": "研判（联审）未通过",
        },
        ReasonKind.back: {
            "mistaken": "登记有误", "not_met": "经核查未达到该阶段标准", "contract_void": "合同解除后重新洽谈",
            "resumed": "恢复推进",
        },
    }.items()
    for code, name in reasons.items()
)  # fmt: skip
"""The reasons of a zone that has not written its own."""


class How(StrEnum):
    """By which way a stage changed."""

    form = "form"
    board = "board"
    bulk = "bulk"
    imported = "import"
    register = "register"
    decided = "decided"
    backfill = "backfill"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "form": "项目页", "board": "看板", "bulk": "批量操作", "import": "台账导入",
            "register": "登记", "decided": "审核决定", "backfill": "按已有日期补记",
        }[self.value]  # fmt: skip


class RequestState(StrEnum):
    """What became of a request to move a project against the rules of the road."""

    waiting = "waiting"
    approved = "approved"
    declined = "declined"
    withdrawn = "withdrawn"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"waiting": "待审核", "approved": "已同意", "declined": "未同意", "withdrawn": "已撤回"}[
            self.value
        ]
