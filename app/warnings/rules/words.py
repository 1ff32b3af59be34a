"""What a warning says: why, with its numbers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.kernel.money import amount_text, round_half_up
from app.warnings.rules.kinds import IDLE, LATE, WarningKind

K = WarningKind


def why(
    kind: WarningKind,
    since: dt.date,
    day: dt.date,
    *,
    fen: int | None = None,
    whole_fen: int | None = None,
    many: int = 0,
) -> str:
    """What is wrong on ``day``. ``fen`` is the money of the project or arrival, ``whole_fen`` the project's total.

    ``many`` is the number of promises, or the days that a lead's clock allows.
    """
    days = (day - since).days
    if kind in IDLE:
        return f"{IDLE[kind].label}阶段已 {days} 天没有进展，最近一次 {since}"
    if kind in LATE:
        return f"计划 {since} {LATE[kind].label.removesuffix('日期')}，已过 {days} 天"
    if kind is K.slow_money:
        return f"{since} 开工，已 {days} 天，到位 {_yi(fen)} 亿元，只占合同总投资 {_yi(whole_fen)} 亿元的 {_share(fen, whole_fen)}"
    if kind in (K.returned, K.unreviewed):
        happened = (
            f"{since} 被退回，{days} 天没有改正"
            if kind is K.returned
            else f"{since} 登记，已等待审核 {days} 天"
        )
        return f"到账 {amount_text(fen or 0, '万元')} 万元 {happened}"
    if kind in (K.lead_answer, K.lead_assess, K.lead_report):
        begun = "最近进展" if kind is K.lead_report else "收到"
        missing = {K.lead_answer: "没有响应", K.lead_assess: "没有研判", K.lead_report: "没有再报进展"}[kind]
        return f"{begun} {since}，已 {days} 天{missing}，时限 {many} 天"
    if kind is K.commitment:
        number = f"等 {many} 项" if many > 1 else ""
        return f"承诺{number} {since} 到期，已逾期 {days} 天"
    if kind is K.papers:
        return f"{since} 带欠缺的要件进入本阶段，已 {days} 天没有补齐"
    event, missing = {
        K.unlanded: ("签约", "尚未落地"),
        K.unstarted: ("签约", "尚未开工"),
        K.unpaid: ("签约", "尚无到位资金"),
        K.unfunded: ("开工", "尚无到位资金"),
    }[kind]
    return f"{since} {event}，已 {days} 天，{missing}"


def badge(kind: WarningKind, days: int, many: int = 0) -> str:
    """How long it has been so, in a word or two; ``many`` are the days that a lead's clock allows."""
    if kind in IDLE:
        return f"{days} 天未动"
    if kind in LATE or kind in (K.commitment,):
        return f"逾期 {days} 天"
    if kind in (K.lead_answer, K.lead_assess, K.lead_report):
        return f"超时 {days - many} 天"
    return f"{days} 天"


def _yi(fen: int | None) -> str:
    return amount_text(fen or 0, "亿元")


def _share(fen: int | None, whole_fen: int | None) -> str:
    return f"{round_half_up(Decimal(100 * (fen or 0)) / Decimal(whole_fen), 1)}%" if whole_fen else "—"
