"""Fields of records in the officer's words: their Chinese names, and their values as one reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.activities.rules import ActivityKind
from app.funds.rules import CURRENCIES, RATE_SCALE, EvidenceKind, FundSource, ReviewState
from app.investors.rules import InvestorType
from app.kernel.money import amount_text, cut_zeros, in_unit
from app.pipeline.rules import CommitmentState, ContractKind, MilestoneKind, ReviewResult, Side, Stage

NOTHING = "（空）"

PROJECT_LABELS = {
    "number": "项目编号",
    "name": "项目名称",
    "investor_id": "投资方",
    "content": "建设内容",
    "chain_id": "产业链",
    "segment_id": "链上环节",
    "industry": "行业代码",
    "area_id": "落地片区",
    "unit_id": "责任单位",
    "from_on": "移交日期",
    "officer": "责任人",
    "sponsor": "包联领导",
    "stage": "当前阶段",
    "investment_fen": "计划总投资",
    "fixed_asset_fen": "固定资产投资",
    "land_hundredths": "用地面积",
    "output_fen": "预计年产值",
    "tax_fen": "预计年税收",
    "jobs": "带动就业",
    "note": "备注",
    "contract_kind": "合同类型",
    "contract_number": "合同编号",
    "contract_signed_on": "合同签订日期",
    "contract_amount_fen": "合同总投资",
    "contract_fixed_asset_fen": "合同固定资产投资",
    **{f"{kind}_reached_on": kind.label for kind in MilestoneKind},
    **{f"{kind}_planned_on": f"计划{kind.label}" for kind in MilestoneKind},
    "paper": "材料",
    "paper_number": "文号",
    "issued_on": "签发日期",
    "approval": "审批事项",
    "remark": "意见",
    "request_from": "原阶段",
    "request_to": "申请到",
    "effective_on": "生效日期",
    "reason": "原因",
    "said": "审核意见",
}
SUPPLEMENT_LABELS = {"number": "补充协议编号", "signed_on": "签订日期", "amount_fen": "增资"}
CONTRACT_LABELS = {
    "contract_kind": "合同类型",
    "number": "合同编号",
    "signed_on": "签订日期",
    "amount_fen": "总投资",
    "fixed_asset_fen": "固定资产投资",
    "note": "说明",
}
TERM_LABELS = {
    "contract": "合同",
    **CONTRACT_LABELS,
    "review": "审查",
    "review_result": "审查结果",
    "opined_on": "出具日期",
    "body": "审查机构",
    "remark": "附加条件或原因",
    "commitment": "承诺",
    "commitment_side": "承诺方",
    "commitment_state": "兑现情况",
    "what": "承诺内容",
    "measure": "数量",
    "basis": "依据",
    "condition": "前提条件",
    "due_on": "兑现期限",
    "settled_on": "兑现日期",
    "settled_note": "兑现依据或原因",
    "investor_id": "投资方",
    "effective_on": "生效日期",
    "document": "依据文件",
    "reason": "原因",
}
"""Of contracts, opinions, commitments and changes of investor, which are told on the project's record."""
TERM_VERBS = {
    "sign_contract": "登记合同",
    "correct_contract": "更正合同",
    "withdraw_contract": "撤销合同登记",
    "record_review": "登记审查意见",
    "correct_review": "更正审查意见",
    "withdraw_review": "撤销审查意见登记",
    "record_commitment": "登记承诺",
    "correct_commitment": "更正承诺",
    "settle_commitment": "登记兑现结果",
    "reopen_commitment": "撤回兑现结果",
    "withdraw_commitment": "撤销承诺登记",
    "change_investor": "变更投资方",
    "put_investor_right": "更正投资方",
}
ARRIVAL_LABELS = {
    "project_id": "项目",
    "arrived_on": "到账日期",
    "currency": "币种",
    "original_minor": "原币金额",
    "rate_millionths": "折算汇率",
    "rate_on": "汇率日期",
    "rate_source": "汇率来源",
    "claimed_fen": "登记金额",
    "amount_fen": "计入金额",
    "cut_reason": "少认定的原因",
    "source": "资金来源",
    "purpose": "资金用途",
    "evidence": "凭证种类",
    "voucher": "凭证号",
    "payer": "付款方",
    "shares": "到位资金分割",
    "state": "审核状态",
    "reason": "原因",
    "recognised_on": "认定日期",
    "reviewed_name": "审核人",
}
INVESTOR_LABELS = {
    "name": "企业名称",
    "uscc": "统一社会信用代码",
    "origin": "来源地",
    "investor_type": "企业性质",
}
ACTIVITY_LABELS = {
    "kind": "方式",
    "on_day": "活动日期",
    "text": "内容",
    "place": "地点",
    "participants": "参加人员",
    "people": "外出人数",
    "days": "外出天数",
    "reason": "原因",
}
FILE_LABELS = {"file_name": "文件", "file_label": "说明"}
LABELS = {
    "project": {**PROJECT_LABELS, "activity": "活动"},
    "fund_arrival": ARRIVAL_LABELS,
    "investor": INVESTOR_LABELS,
    "activity": ACTIVITY_LABELS,
}
_LISTS = {
    "chain_id": "chain",
    "segment_id": "segment",
    "area_id": "area",
    "unit_id": "unit",
    "investor_id": "investor",
}


@dataclass(frozen=True)
class Names:
    """Names of list members and investors by id, for the ids that a record holds."""

    lists: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def of(self, kind: str, key: Any) -> str:
        """The name; what was removed since is said to be so."""
        return self.lists.get(kind, {}).get(key, "（已删除）")


def readable(name: str, value: Any, names: Names) -> str:
    """A stored value as one reads it on a page."""
    if value is None or value == "":
        return NOTHING
    if name in _LISTS:
        return names.of(_LISTS[name], value)
    if name.endswith("_fen"):
        return f"{amount_text(value)} 万元"
    plain = {
        "stage": lambda: Stage(value).label,
        "request_from": lambda: Stage(value).label,
        "request_to": lambda: Stage(value).label,
        "contract_kind": lambda: ContractKind(value).label,
        "review_result": lambda: ReviewResult(value).label,
        "commitment_side": lambda: Side(value).label,
        "commitment_state": lambda: CommitmentState(value).label,
        "land_hundredths": lambda: f"{cut_zeros(in_unit(value, '元'))} 亩",
        "jobs": lambda: f"{value:,} 人",
        "original_minor": lambda: amount_text(value),
        "rate_millionths": lambda: cut_zeros(in_unit(value, "元") * 100 / RATE_SCALE),
        "currency": lambda: CURRENCIES.get(value, value),
        "source": lambda: FundSource(value).label,
        "evidence": lambda: EvidenceKind(value).label,
        "state": lambda: ReviewState(value).label,
        "investor_type": lambda: InvestorType(value).label,
        "kind": lambda: ActivityKind(value).label,
    }
    return plain[name]() if name in plain else str(value)
