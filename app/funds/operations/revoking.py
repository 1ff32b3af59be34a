"""撤销: taking back a recognition or a return, withdrawing an entry, voiding and restoring one. All on record."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.funds.models import ArrivalRevocation, FundArrival
from app.funds.operations.entry import check_version
from app.funds.operations.review import Outcome
from app.funds.operations.shares import set_shares
from app.funds.queries import find_by_voucher, get_arrival, last_revocation, recorded_total
from app.funds.rules import (
    CLAIMING,
    ReviewState,
    RevocationKind,
    check_restorable,
    check_revocable,
    check_room,
    check_voidable,
    check_withdrawable,
    checked_reason,
)
from app.kernel import clock
from app.kernel.errors import DomainError
from app.pipeline.models import Project

ACTIONS = {
    RevocationKind.recognition: "take_back_recognition",
    RevocationKind.returning: "take_back_return",
    RevocationKind.withdrawal: "withdraw_arrival",
    RevocationKind.void: "void_arrival",
    RevocationKind.restore: "restore_arrival",
}


def revoke_review(
    session: Session,
    actor: Actor,
    arrival: FundArrival,
    *,
    reason: str,
    version: int | None = None,
) -> None:
    """撤销认定 or 撤销退回: the arrival waits again, with all that was claimed.

    Raises ``DomainError`` for one's own entry, a missing reason, and for a return when the contract has no room for
    it any more; ``ConflictError`` when it was changed since.
    """
    check_version(arrival, version)
    check_revocable(state=arrival.state, recorded_by=arrival.recorded_by, reviewer=actor.user_id)
    reason = checked_reason(reason, "请写明撤销的原因")
    was_recognised = arrival.state is ReviewState.recognised
    if not was_recognised:
        _check_room(session, arrival)
    was_cut = arrival.amount_fen < arrival.claimed_fen
    record = _record(
        actor, arrival, RevocationKind.recognition if was_recognised else RevocationKind.returning, reason
    )
    arrival.state, arrival.recognised_on = ReviewState.pending, None
    arrival.amount_fen, arrival.cut_reason, arrival.return_reason = arrival.claimed_fen, "", ""
    arrival.reviewed_by, arrival.reviewed_name, arrival.reviewed_at = None, "", None
    _write(session, actor, arrival, record)
    if was_cut:
        set_shares(session, arrival, None)


def revoke_several(
    session: Session, actor: Actor, versions: Mapping[int, int], *, reason: str
) -> list[Outcome]:
    """``revoke_review`` for several, each by itself; what became of each, in the order given.

    ``versions`` are the arrivals by id with the version that the decision left behind.
    """
    outcomes = []
    for arrival_id, version in versions.items():
        project, fen, refusal = "", 0, ""
        try:
            with session.begin_nested():
                arrival = get_arrival(session, actor.zone_id, arrival_id, lock=True)
                project, fen = arrival.project.name, arrival.amount_fen
                revoke_review(session, actor, arrival, reason=reason, version=version)
        except DomainError as error:
            refusal = error.message
        outcomes.append(Outcome(arrival_id, project, fen, refusal))
    return outcomes


def withdraw_arrival(
    session: Session, actor: Actor, arrival: FundArrival, *, version: int | None = None
) -> None:
    """撤回 an entry before its review; corrected, it is submitted again. Raises ``DomainError``, ``ConflictError``."""
    check_version(arrival, version)
    check_withdrawable(arrival.state)
    record = _record(actor, arrival, RevocationKind.withdrawal, "")
    arrival.state = ReviewState.withdrawn
    _write(session, actor, arrival, record)


def void_arrival(
    session: Session, actor: Actor, arrival: FundArrival, *, reason: str, version: int | None = None
) -> None:
    """作废 a wrong entry: it stays on record and is in no figure. Raises ``DomainError``, ``ConflictError``."""
    check_version(arrival, version)
    check_voidable(arrival.state)
    reason = checked_reason(reason, "请写明作废的原因")
    record = _record(actor, arrival, RevocationKind.void, reason)
    arrival.state = ReviewState.voided
    _write(session, actor, arrival, record)


def restore_arrival(
    session: Session, actor: Actor, arrival: FundArrival, *, version: int | None = None
) -> None:
    """恢复 a void entry to the state it had. Raises ``DomainError`` when its number was given to another one
    since, or the contract has no room for it any more; ``ConflictError``."""
    check_version(arrival, version)
    check_restorable(arrival.state)
    last = last_revocation(session, arrival.zone_id, arrival.id, RevocationKind.void)
    state = last.was_state if last else ReviewState.withdrawn
    same = find_by_voucher(session, arrival.zone_id, arrival.voucher) if arrival.voucher else None
    if same is not None:
        raise DomainError(f"凭证号 {arrival.voucher} 已由另一笔到账使用（{same.arrived_on}），不能恢复")
    if state in CLAIMING:
        _check_room(session, arrival)
    record = _record(actor, arrival, RevocationKind.restore, "")
    arrival.state = state
    _write(session, actor, arrival, record)


def _check_room(session: Session, arrival: FundArrival) -> None:
    others = recorded_total(session, arrival.zone_id, arrival.project_id, without=arrival.id)
    project = session.get_one(Project, (arrival.zone_id, arrival.project_id))
    check_room(fen=arrival.claimed_fen, already_fen=others, total_fen=project.total_fen)


def _record(actor: Actor, arrival: FundArrival, kind: RevocationKind, reason: str) -> ArrivalRevocation:
    """What the arrival is before the step."""
    return ArrivalRevocation(
        zone_id=arrival.zone_id,
        arrival_id=arrival.id,
        kind=kind,
        reason=reason,
        was_state=arrival.state,
        was_fen=arrival.amount_fen,
        was_reason=arrival.return_reason or arrival.cut_reason,
        was_recognised_on=arrival.recognised_on,
        was_reviewed_name=arrival.reviewed_name,
        was_reviewed_at=arrival.reviewed_at,
        done_by=actor.user_id,
        done_name=actor.name,
        done_at=clock.now(),
    )


def _write(session: Session, actor: Actor, arrival: FundArrival, record: ArrivalRevocation) -> None:
    arrival.version += 1
    session.add(record)
    session.flush()
    before = {
        "state": record.was_state.value,
        "amount_fen": record.was_fen,
        "reason": record.was_reason,
        "recognised_on": record.was_recognised_on,
        "reviewed_name": record.was_reviewed_name,
    }
    after = {
        "state": arrival.state.value,
        "amount_fen": arrival.amount_fen,
        "reason": record.reason,
        "recognised_on": arrival.recognised_on,
        "reviewed_name": arrival.reviewed_name,
    }
    note(
        session,
        actor,
        action=ACTIONS[record.kind],
        entity="fund_arrival",
        entity_id=arrival.id,
        before=before,
        after=after,
    )
