"""What is entered of an arrival, and the reason of a return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField

from app.files.operations import Upload
from app.funds.models import FundArrival
from app.funds.operations import ArrivalData
from app.funds.queries import Share
from app.funds.rules import (
    CNY,
    CURRENCIES,
    EVIDENCE_LABELS,
    RATE_SCALE,
    RETURN_REASONS,
    SOURCE_LABELS,
    EvidenceKind,
    FundSource,
    check_rate,
    cny_fen,
)
from app.kernel.errors import DomainError
from app.web.files.forms import read_uploads
from app.web.forms import AmountField, DayField, Form, NumberField, PickField, Required, TextField
from app.web.funds.fields import SharesField

PURPOSES = ("固定资产投资", "土地款", "设备购置", "厂房建设", "注册资本", "流动资金")
RATE_SOURCES = ("中国人民银行中间价", "银行结汇单", "合同约定汇率")


class ArrivalForm(Form):
    """Money that arrived. Field names are those that rules refuse by."""

    arrived_on = DayField("到账日期", [Required("请填写到账日期，以银行回单为准")])
    amount = AmountField("到账金额（原币）", [Required("请填写到账金额")])
    currency = PickField("币种", none=None, default=CNY)
    rate = NumberField("折算汇率", places=6)
    rate_on = DayField("汇率日期")
    rate_source = TextField("汇率来源", longest=60)
    source = PickField("资金来源", [Required("请选择资金来源")], coerce=FundSource)
    purpose = TextField("资金用途", longest=60)
    voucher = TextField("凭证号", longest=60)
    evidence = PickField("凭证种类", coerce=EvidenceKind, none=None, default=EvidenceKind.bank)
    payer = TextField("付款方", longest=120)
    files = MultipleFileField("凭证附件")
    shares = SharesField("到位资金分割")
    twice = BooleanField("确实是另一笔到账，不是重复登记")
    version = HiddenField()

    def __init__(self, *args: Any, units: Mapping[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.shares.units = units
        self.evidence.offer(EVIDENCE_LABELS.items())
        self.currency.offer(CURRENCIES.items())
        self.source.offer(SOURCE_LABELS.items())

    def arrival_data(self) -> ArrivalData:
        """The arrival in yuan. Raises ``DomainError`` for foreign money without its rate."""
        day, amount, currency = self.arrived_on.data, self.amount.data, self.currency.data or CNY
        if day is None or amount is None:
            raise DomainError("请填写到账日期和金额")
        rate = Decimal(1)
        if currency != CNY:
            rate = self._rate(currency)
        return ArrivalData(
            arrived_on=day,
            amount_fen=cny_fen(amount, rate),
            source=self.source.data,
            currency=currency,
            original_minor=amount,
            rate=rate,
            rate_on=self.rate_on.data if currency != CNY else None,
            rate_source=self.rate_source.text if currency != CNY else "",
            purpose=self.purpose.text,
            voucher=self.voucher.text,
            evidence=self.evidence.data,
            payer=self.payer.text,
            shares=tuple(self.shares.data),
        )

    def uploads(self) -> list[Upload]:
        """The files that came with the entry."""
        return read_uploads(self.files.data)

    def _rate(self, currency: str) -> Decimal:
        if self.rate.data is None:
            raise DomainError(f"请填写折算汇率：1 {CURRENCIES[currency]}折合多少元人民币", "rate")
        if self.rate_on.data is None:
            raise DomainError("请填写汇率日期，日后不再按别的汇率重算", "rate_on")
        if not self.rate_source.text:
            raise DomainError("请填写汇率来源，如 中国人民银行中间价", "rate_source")
        check_rate(currency, self.rate.data)
        return self.rate.data


class RecogniseForm(Form):
    """What a reviewer recognises; an empty amount is all that was claimed."""

    amount = AmountField("认定金额")
    cut_reason = TextField("少认定的原因", longest=200)
    version = HiddenField()


class ReturnForm(Form):
    """Why an arrival goes back to the officer: a reason from the list, and words."""

    reason = PickField("退回原因", [Required("请选择退回原因，让登记人知道怎样改")], none=None)
    words = TextField("补充说明", longest=160)
    version = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reason.offer((reason, reason) for reason in RETURN_REASONS)

    def reason_text(self) -> str:
        """金额不符：回单为 300 万元. Raises ``DomainError`` for 其他 without words."""
        if self.reason.data == RETURN_REASONS[-1]:
            if not self.words.text:
                raise DomainError("选“其他”的，请写明原因", "words")
            return self.words.text
        return f"{self.reason.data}：{self.words.text}" if self.words.text else str(self.reason.data)


class ReasonForm(Form):
    """Why something is taken back; ``version`` is the one that was seen."""

    reason = TextField("原因", longest=200)
    version = HiddenField()


def values_of(arrival: FundArrival, shares: Sequence[Share]) -> dict[str, Any]:
    """A stored arrival as the form's values."""
    foreign = arrival.currency != CNY
    return {
        "arrived_on": arrival.arrived_on,
        "amount": arrival.original_minor,
        "currency": arrival.currency,
        "rate": Decimal(arrival.rate_millionths) / RATE_SCALE if foreign else None,
        "rate_on": arrival.rate_on,
        "rate_source": arrival.rate_source,
        "source": arrival.source,
        "purpose": arrival.purpose,
        "voucher": arrival.voucher,
        "evidence": arrival.evidence or EvidenceKind.bank,
        "payer": arrival.payer,
        "shares": [(share.unit_id, share.percent_hundredths) for share in shares],
        "version": str(arrival.version),
    }
