"""Reviewing arrivals: 认定, in full or less, and 退回; one by one or several at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.funds.models import FundArrival
from app.funds.operations.entry import check_version
from app.funds.operations.shares import set_shares
from app.funds.queries import get_arrival
from app.funds.rules import ReviewState, check_cut, check_reviewable
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import has_control


@dataclass(frozen=True)
class Outcome:
    """What became of one arrival of several; ``refusal`` empty: it was recognised."""

    arrival_id: int
    project: str
    amount_fen: int
    refusal: str


def recognise_arrival(
    session: Session,
    actor: Actor,
    arrival: FundArrival,
    *,
    today: dt.date,
    version: int | None = None,
    amount_fen: int | None = None,
    cut_reason: str = "",
) -> None:
    """认定: from now on the arrival counts, with ``amount_fen`` (None: all that was claimed).

    ``version`` is the one the reviewer saw. Raises ``DomainError`` for one's own entry, a second
    review, more than claimed, and less without a reason; ``ConflictError`` when it was changed since.
    """
    check_version(arrival, version)
    check_reviewable(state=arrival.state, recorded_by=arrival.recorded_by, reviewer=actor.user_id)
    fen = arrival.claimed_fen if amount_fen is None else amount_fen
    check_cut(claimed_fen=arrival.claimed_fen, fen=fen, reason=cut_reason)
    if has_control(cut_reason):
        raise DomainError("少认定的原因含有不可见字符，请重新输入", "cut_reason")
    is_cut = fen < arrival.claimed_fen
    arrival.state, arrival.recognised_on = ReviewState.recognised, today
    arrival.amount_fen, arrival.cut_reason = fen, cut_reason.strip() if is_cut else ""
    _reviewed(session, actor, arrival, "recognise", "")
    if is_cut:
        set_shares(session, arrival, None)


def recognise_several(
    session: Session, actor: Actor, versions: Mapping[int, int], *, today: dt.date
) -> list[Outcome]:
    """认定 several in full, each by the same checks and by itself; what became of each, in the order given.

    ``versions`` are the arrivals by id with the version that the reviewer saw.
    """
    outcomes = []
    for arrival_id, version in versions.items():
        project, fen, refusal = "", 0, ""
        try:
            with session.begin_nested():
                arrival = get_arrival(session, actor.zone_id, arrival_id, lock=True)
                project, fen = arrival.project.name, arrival.claimed_fen
                recognise_arrival(session, actor, arrival, today=today, version=version)
        except DomainError as error:
            refusal = error.message
        outcomes.append(Outcome(arrival_id, project, fen, refusal))
    return outcomes


def return_arrival(
    session: Session, actor: Actor, arrival: FundArrival, *, reason: str, version: int | None = None
) -> None:
    """退回 with a reason, for the officer to put right. Raises ``DomainError``, ``ConflictError``."""
    check_version(arrival, version)
    check_reviewable(state=arrival.state, recorded_by=arrival.recorded_by, reviewer=actor.user_id)
    if not reason.strip():
        raise DomainError("请填写退回原因，让登记人知道怎样改", "reason")
    if has_control(reason):
        raise DomainError("退回原因含有不可见字符，请重新输入", "reason")
    arrival.state = ReviewState.returned
    _reviewed(session, actor, arrival, "return", reason.strip())


def _reviewed(session: Session, actor: Actor, arrival: FundArrival, action: str, reason: str) -> None:
    arrival.reviewed_by, arrival.reviewed_name, arrival.reviewed_at = actor.user_id, actor.name, clock.now()
    arrival.return_reason = reason
    arrival.version += 1
    session.flush()
    is_cut = arrival.amount_fen < arrival.claimed_fen
    cut = {"amount_fen": arrival.amount_fen, "cut_reason": arrival.cut_reason} if is_cut else {}
    note(
        session,
        actor,
        action=action,
        entity="fund_arrival",
        entity_id=arrival.id,
        before={"state": ReviewState.pending.value},
        after={"state": arrival.state.value, "reason": reason} | cut,
    )
