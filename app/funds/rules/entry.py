"""When an arrival may be recorded, and what its contract has to cover."""

from __future__ import annotations

import datetime as dt

from app.funds.rules.money import MIN_ARRIVAL_FEN
from app.kernel.errors import DomainError
from app.kernel.money import MAX_FEN, amount_text


def check_recordable(
    *,
    fen: int,
    arrived_on: dt.date,
    signed_on: dt.date | None,
    today: dt.date,
    total_fen: int | None,
    already_fen: int,
) -> None:
    """Refuse an arrival without formal contract, before it, in the future, too small, or above the contract's total.

    ``already_fen`` is what is recorded for the project and not returned (figures.md §4.5, domain.md §2.2).
    """
    if not MIN_ARRIVAL_FEN <= fen <= MAX_FEN:
        raise DomainError("到账金额不足 1 元，请核对单位", "amount")
    if signed_on is None or total_fen is None:
        raise DomainError("该项目尚无正式合同，不能登记到账；请先登记合同", "project")
    if arrived_on > today:
        raise DomainError(f"到账日期 {arrived_on} 晚于今天，请核对", "arrived_on")
    if arrived_on < signed_on:
        raise DomainError(f"到账日期 {arrived_on} 早于合同签订日期 {signed_on}，请核对", "arrived_on")
    if already_fen + fen > total_fen:
        raise DomainError(
            f"累计到账 {amount_text(already_fen + fen)} 万元将超过合同总投资 {amount_text(total_fen)} 万元，"
            "请核对金额，或先登记补充协议",
            "amount",
        )


def check_covered(
    *, first_on: dt.date | None, already_fen: int, signed_on: dt.date | None, total_fen: int | None
) -> None:
    """Refuse a contract that arrivals recorded before contradict; ``first_on`` is the day of the earliest one."""
    if first_on is None:
        return
    if signed_on is None or total_fen is None:
        raise DomainError("该项目已登记到账，必须保留正式合同；合同终止请填终止日期", "contract_kind")
    if first_on < signed_on:
        raise DomainError(f"合同签订日期 {signed_on} 晚于已登记的到账 {first_on}，请核对", "signed_on")
    if already_fen > total_fen:
        raise DomainError(
            f"合同总投资 {amount_text(total_fen)} 万元低于已登记到账 {amount_text(already_fen)} 万元，请核对",
            "amount",
        )
