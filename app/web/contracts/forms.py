"""What is entered of a contract, an opinion of review, a commitment, and a change of investor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField

from app.files.operations import Upload
from app.pipeline.models import Commitment, Contract, ContractReview
from app.pipeline.operations import CommitmentData, ContractData, ReviewData
from app.pipeline.rules import (
    CONTRACT_LABELS,
    CommitmentState,
    ContractKind,
    ReviewKind,
    ReviewResult,
    Side,
)
from app.web.files.forms import read_uploads
from app.web.forms import AmountField, DayField, Form, LongTextField, PickField, Required, TextField

OUTCOMES = (CommitmentState.kept, CommitmentState.broken, CommitmentState.waived)


class ScanForm(Form):
    """A form with which the scan can be handed in at once."""

    files = MultipleFileField("扫描件")

    def uploads(self) -> list[Upload]:
        """The files that were sent."""
        return read_uploads(self.files.data)


class ContractForm(Form):
    """One contract of any kind."""

    kind = PickField("合同类型", [Required("请选择合同类型")], coerce=ContractKind)
    number = TextField("合同编号", longest=60)
    signed_on = DayField("签订日期", [Required("请填写签订日期")])
    amount = AmountField("总投资", [Required("请填写金额；补充协议填增加的投资")])
    fixed_asset = AmountField("其中固定资产投资")
    note = LongTextField("说明", longest=500)
    version = HiddenField()

    def offer_kinds(self, kinds: Iterable[ContractKind]) -> None:
        """Set which kinds can be chosen."""
        self.kind.offer((kind, CONTRACT_LABELS[kind]) for kind in kinds)

    def contract_data(self) -> ContractData:
        """What was entered."""
        return ContractData(
            kind=self.kind.data,
            signed_on=self.signed_on.data,
            amount_fen=self.amount.data,
            number=self.number.text,
            fixed_asset_fen=self.fixed_asset.data,
            note=self.note.text,
        )


class NewContractForm(ContractForm, ScanForm):
    """A new contract with its scan."""


class ReviewForm(Form):
    """One opinion of review."""

    kind = PickField("审查类型", [Required("请选择审查类型")], coerce=ReviewKind)
    result = PickField("审查结果", [Required("请选择审查结果")], coerce=ReviewResult)
    contract_id = PickField("所审合同", coerce=int, none="签约前的合同草案")
    opined_on = DayField("出具日期", [Required("请填写意见出具日期")])
    body = TextField("审查机构", [Required("请填写审查机构，如司法局、市场监管局")], longest=60)
    number = TextField("意见文号", longest=60)
    remark = LongTextField("附加条件或原因", longest=500)
    version = HiddenField()

    def offer_contracts(self, contracts: Iterable[Contract]) -> None:
        """Set what can be chosen."""
        self.kind.offer((kind, kind.label) for kind in ReviewKind)
        self.result.offer((result, result.label) for result in ReviewResult)
        self.contract_id.offer((contract.id, name_of(contract)) for contract in contracts)

    def review_data(self) -> ReviewData:
        """What was entered."""
        return ReviewData(
            kind=self.kind.data,
            result=self.result.data,
            opined_on=self.opined_on.data,
            body=self.body.text,
            number=self.number.text,
            remark=self.remark.text,
            contract_id=self.contract_id.data,
        )


class NewReviewForm(ReviewForm, ScanForm):
    """A new opinion with its scan."""


class CommitmentForm(Form):
    """What one side promised."""

    side = PickField("承诺方", [Required("请选择承诺方")], coerce=Side)
    contract_id = PickField("所依合同", coerce=int, none="合同之外（会议纪要、承诺函等）")
    what = LongTextField("承诺内容", [Required("请写明承诺内容")], longest=500)
    measure = TextField("数量", longest=60)
    amount = AmountField("金额")
    due_on = DayField("兑现期限")
    condition = TextField("前提条件", longest=200)
    basis = TextField("依据", longest=200)
    version = HiddenField()

    def offer_contracts(self, contracts: Iterable[Contract]) -> None:
        """Set what can be chosen."""
        self.side.offer((side, side.label) for side in Side)
        self.contract_id.offer((contract.id, name_of(contract)) for contract in contracts)

    def commitment_data(self) -> CommitmentData:
        """What was entered."""
        return CommitmentData(
            side=self.side.data,
            what=self.what.text,
            contract_id=self.contract_id.data,
            measure=self.measure.text,
            amount_fen=self.amount.data,
            basis=self.basis.text,
            condition=self.condition.text,
            due_on=self.due_on.data,
        )


class SettleForm(ScanForm):
    """What became of a promise, with its evidence."""

    state = PickField("结果", [Required("请选择兑现结果")], coerce=CommitmentState, none=None)
    settled_on = DayField("日期", [Required("请填写日期")])
    settled_note = LongTextField(
        "依据或原因", [Required("请写明兑现的依据，或未兑现、停止执行的原因")], longest=500
    )
    version = HiddenField()

    def offer_outcomes(self) -> None:
        """Set what can be chosen."""
        self.state.offer((state, state.label) for state in OUTCOMES)


class ReasonForm(Form):
    """Why an entry is undone."""

    reason = TextField("原因", [Required("请填写原因")], longest=200)
    version = HiddenField()


class InvestorForm(Form):
    """Another company: since a day, or because the present one was entered wrongly."""

    how = PickField("办理事项", [Required("请选择")], none=None)
    investor = TextField("新投资方名称", [Required("请填写企业名称，按营业执照")], longest=120)
    uscc = TextField("统一社会信用代码", longest=24)
    origin = TextField("来源地", longest=40)
    effective_on = DayField("生效日期")
    document = TextField("依据文件", longest=120)
    reason = LongTextField("原因", [Required("请写明原因")], longest=500)

    def offer_hows(self) -> None:
        """Set what can be chosen."""
        self.how.offer([("change", "变更投资方"), ("right", "更正登记错误")])


def name_of(contract: Contract) -> str:
    """正式合同 HT-1（2024-06-06）"""
    return f"{contract.kind.label} {contract.number}".strip() + f"（{contract.signed_on}）"


def contract_values(contract: Contract) -> dict[str, Any]:
    """The stored contract as the form's values."""
    return {
        "kind": contract.kind,
        "number": contract.number,
        "signed_on": contract.signed_on,
        "amount": contract.amount_fen,
        "fixed_asset": contract.fixed_asset_fen,
        "note": contract.note,
        "version": contract.version,
    }


def review_values(review: ContractReview) -> dict[str, Any]:
    """The stored opinion as the form's values."""
    names = "kind result contract_id opined_on body number remark version".split()
    return {name: getattr(review, name) for name in names}


def commitment_values(commitment: Commitment) -> dict[str, Any]:
    """The stored commitment as the form's values."""
    names = "side contract_id what measure due_on condition basis version".split()
    return {name: getattr(commitment, name) for name in names} | {"amount": commitment.amount_fen}
