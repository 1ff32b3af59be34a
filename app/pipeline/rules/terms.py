"""What hangs on a contract: opinions of review, commitments of both sides, a change of investor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from app.kernel.errors import DomainError


class ReviewKind(StrEnum):
    """What a contract is examined for before it is signed (domain.md §0.6, §7.4)."""

    legality = "legality"
    fair_competition = "fair_competition"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"legality": "合法性审查", "fair_competition": "公平竞争审查"}[self.value]


class ReviewResult(StrEnum):
    """What the examining body said."""

    passed = "passed"
    conditional = "conditional"
    failed = "failed"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"passed": "通过", "conditional": "有条件通过", "failed": "未通过"}[self.value]


class Side(StrEnum):
    """Who promised."""

    zone = "zone"
    investor = "investor"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"zone": "园区", "investor": "企业"}[self.value]


class CommitmentState(StrEnum):
    """What became of a promise."""

    open = "open"
    kept = "kept"
    broken = "broken"
    waived = "waived"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"open": "待兑现", "kept": "已兑现", "broken": "未兑现", "waived": "停止执行"}[self.value]


FAVOURS = (
    "税收返还", "税收优惠", "税收奖励", "税收减免", "税费返还", "返税", "退税", "先征后返", "即征即退",
    "地方留成", "财政奖励", "财政补贴", "财政返还", "贡献奖励", "经济贡献", "零地价", "地价返还", "出让金返还",
    "规费减免", "社保减免",
)  # fmt: skip
"""Words of favours to one operator, which need a law or the State Council (公平竞争审查条例 art. 10)."""


def needs_basis(side: Side, what: str) -> bool:
    """Whether a promise of the zone speaks of a favour that is forbidden without a legal basis."""
    return side is Side.zone and any(word in what for word in FAVOURS)


def check_review(result: ReviewResult, opined_on: dt.date, body: str, remark: str, *, today: dt.date) -> None:
    """Refuse an opinion from nowhere, of a day to come, and one with conditions that are not told."""
    if not body:
        raise DomainError("请填写审查机构", "body")
    if opined_on > today:
        raise DomainError(f"出具日期 {opined_on} 晚于今天，请核对", "opined_on")
    if result is not ReviewResult.passed and not remark:
        word = "附加条件" if result is ReviewResult.conditional else "未通过的原因"
        raise DomainError(f"结果为“{result.label}”的，请写明{word}", "remark")


def check_commitment(
    side: Side, what: str, *, basis: str, condition: str, due_on: dt.date | None, signed_on: dt.date | None
) -> None:
    """Refuse a promise of nothing, for no day, due before the contract, or a favour without its legal basis."""
    if not what:
        raise DomainError("请写明承诺内容", "what")
    if due_on is None and not condition:
        raise DomainError("请填写兑现期限；以某事为前提、尚无日期的，请写明前提条件", "due_on")
    if due_on is not None and signed_on is not None and due_on < signed_on:
        raise DomainError(f"兑现期限 {due_on} 早于合同签订日期 {signed_on}，请核对", "due_on")
    if needs_basis(side, what) and not basis:
        raise DomainError(
            "给予特定企业税费、财政、要素价格优惠的条款，须有法律、行政法规依据或国务院批准"
            "（《公平竞争审查条例》第十条），请写明依据",
            "basis",
        )


def check_settlement(state: CommitmentState, settled_on: dt.date, note: str, *, today: dt.date) -> None:
    """Refuse an outcome of a day to come, one without a word, and 待兑现, which is none."""
    if state is CommitmentState.open:
        raise DomainError("请选择兑现结果", "state")
    if settled_on > today:
        raise DomainError(f"日期 {settled_on} 晚于今天，请核对", "settled_on")
    if not note:
        word = "兑现的依据" if state is CommitmentState.kept else "原因"
        raise DomainError(f"“{state.label}”须写明{word}", "settled_note")


def check_removable(dependents: Sequence[str]) -> None:
    """Refuse to undo the entry of a contract that something hangs on."""
    if dependents:
        raise DomainError(f"这份合同还有{'、'.join(dependents)}，请先撤销或移除它们，再撤销合同登记")


def check_investor_change(
    effective_on: dt.date, reason: str, *, today: dt.date, last_on: dt.date | None
) -> None:
    """Refuse a change without a reason, of a day to come, or not after the last one."""
    if not reason:
        raise DomainError("请填写变更原因", "reason")
    if effective_on > today:
        raise DomainError(f"生效日期 {effective_on} 晚于今天，请在生效当天或之后登记", "effective_on")
    if last_on is not None and effective_on <= last_on:
        raise DomainError(f"生效日期须晚于上一次变更（{last_on}）", "effective_on")


def check_investor_kept(signed_on: dt.date | None, *, same: bool) -> None:
    """Refuse to change the investor of a signed project by the way: facts of earlier days would move with it."""
    if signed_on is not None and not same:
        raise DomainError(
            "已签正式合同的项目，投资方不能在这里改。确已更换的，请在“合同与承诺”中登记变更；录错的，在那里更正",
            "investor",
        )
