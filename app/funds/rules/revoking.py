"""When a decision may be taken back, and an entry withdrawn, voided or restored."""

from __future__ import annotations

from app.funds.rules.states import ReviewState
from app.kernel.errors import DomainError
from app.kernel.money import amount_text
from app.kernel.text import has_control

WITHDRAWABLE = (ReviewState.pending,)
VOIDABLE = (ReviewState.pending, ReviewState.returned, ReviewState.withdrawn)


def check_revocable(*, state: ReviewState, recorded_by: int | None, reviewer: int | None) -> None:
    """Refuse to take back what nobody decided, and what concerns one's own entry.

    A closed month is no obstacle: its numbers stay, the next close posts the difference (figures.md §4).
    """
    if state not in (ReviewState.recognised, ReviewState.returned):
        raise DomainError(f"该笔到账{state.label}，没有可以撤销的审核结果")
    if recorded_by is not None and recorded_by == reviewer:
        raise DomainError("不能撤销本人登记的到账的审核结果，请由其他审核人撤销")


def check_withdrawable(state: ReviewState) -> None:
    """Refuse to withdraw what is not waiting for its review."""
    if state not in WITHDRAWABLE:
        raise DomainError(f"该笔到账{state.label}，只有待审核的可以撤回")


def check_voidable(state: ReviewState) -> None:
    """Refuse to void what counts, or what is void already."""
    if state is ReviewState.recognised:
        raise DomainError("已认定的到账不能作废，请先由审核人撤销认定")
    if state not in VOIDABLE:
        raise DomainError(f"该笔到账{state.label}，不能再次作废")


def check_restorable(state: ReviewState) -> None:
    """Refuse to restore what was never voided."""
    if state is not ReviewState.voided:
        raise DomainError(f"该笔到账{state.label}，没有作废，不用恢复")


def check_room(*, fen: int, already_fen: int, total_fen: int | None) -> None:
    """Refuse to let an arrival wait again when what was recorded meanwhile leaves no room in the contract's total."""
    if total_fen is None or already_fen + fen > total_fen:
        raise DomainError(
            f"累计到账 {amount_text(already_fen + fen)} 万元将超过合同总投资 {amount_text(total_fen or 0)} 万元，"
            "请先核对其他到账或登记补充协议"
        )


def checked_reason(reason: str, asked: str) -> str:
    """The reason, trimmed; ``asked`` is said when there is none. Raises ``DomainError``."""
    if not reason.strip():
        raise DomainError(asked, "reason")
    if has_control(reason):
        raise DomainError("原因含有不可见字符，请重新输入", "reason")
    return reason.strip()
