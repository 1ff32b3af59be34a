"""When an arrival may be recognised or returned, and what its reviewer looks at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.funds.rules.money import MIN_ARRIVAL_FEN
from app.funds.rules.states import ReviewState
from app.kernel.errors import DomainError
from app.kernel.money import amount_text
from app.kernel.text import name_key

RETURN_REASONS = ("凭证不清", "金额不符", "付款方不符", "非本项目", "重复登记", "其他")
"""退回原因: one is chosen, and words may be added."""


def check_cut(*, claimed_fen: int, fen: int, reason: str) -> None:
    """Refuse to recognise more than was claimed, nothing, or less without a reason."""
    if fen > claimed_fen:
        raise DomainError(
            f"认定金额 {amount_text(fen)} 万元不能超过登记金额 {amount_text(claimed_fen)} 万元；"
            "确有更多到账的，请退回补充登记",
            "amount",
        )
    if fen < MIN_ARRIVAL_FEN:
        raise DomainError("认定金额不足 1 元；全部不认定的，请退回", "amount")
    if fen < claimed_fen and not reason.strip():
        raise DomainError("认定金额少于登记金额，请写明原因", "cut_reason")


def check_reviewable(*, state: ReviewState, recorded_by: int | None, reviewer: int | None) -> None:
    """Refuse a second review, and the review of one's own entry."""
    if state is not ReviewState.pending:
        raise DomainError(f"该笔到账{state.label}，不能重复审核")
    if recorded_by is not None and recorded_by == reviewer:
        raise DomainError("不能审核本人登记的到账，请由他人审核")


@dataclass(frozen=True)
class Check:
    """One thing a reviewer looks at; ``ok`` False: look twice."""

    ok: bool
    words: str


def review_checks(
    *,
    arrived_on: dt.date,
    signed_on: dt.date | None,
    recorded_fen: int,
    total_fen: int | None,
    voucher: str,
    twice: str,
    payer: str,
    investor: str,
    files: int,
) -> list[Check]:
    """What speaks for and against an entry; ``twice`` is the number of another one like it, or empty.

    ``recorded_fen`` is all that is recorded for the project and not returned, this entry included.
    """
    is_covered = total_fen is not None and recorded_fen <= total_fen
    checks = [
        Check(is_covered, "未超合同总投资" if is_covered else "累计到账超过合同总投资"),
        Check(not twice, "无同日同额到账" if not twice else f"同日有同样金额：{twice}"),
        Check(bool(voucher), "凭证号未重复" if voucher else "没有凭证号"),
        Check(files > 0, f"附件 {files} 件" if files else "没有附件"),
    ]
    if signed_on is None or arrived_on < signed_on:
        checks.append(Check(False, "到账早于合同签订" if signed_on else "项目没有正式合同"))
    else:
        checks.append(Check(True, "到账在合同签订后"))
    same = name_key(payer) == name_key(investor)
    checks.append(
        Check(
            bool(payer) and same, "付款方即投资方" if same else "付款方不是投资方" if payer else "未填付款方"
        )
    )
    return checks
