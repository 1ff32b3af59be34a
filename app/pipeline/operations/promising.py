"""Commitments of both sides: entered, corrected, settled, opened again, withdrawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.files.queries import list_files
from app.kernel.errors import ConflictError, DomainError
from app.pipeline.models import Commitment, Project
from app.pipeline.queries import list_contracts
from app.pipeline.rules import CommitmentState, Side, check_commitment, check_day, check_settlement


@dataclass(frozen=True)
class CommitmentData:
    """What was promised; ``contract_id`` None: beside the contracts, in minutes or a letter. Fen."""

    side: Side
    what: str
    contract_id: int | None = None
    measure: str = ""
    amount_fen: int | None = None
    basis: str = ""
    condition: str = ""
    due_on: dt.date | None = None


_PLAIN = "what contract_id measure amount_fen basis condition due_on settled_on settled_note".split()


def record_commitment(session: Session, actor: Actor, project: Project, data: CommitmentData) -> Commitment:
    """Enter a promise of one side. Raises ``DomainError`` for what ``check_commitment`` refuses."""
    _check(session, project, data)
    commitment = Commitment(
        zone_id=project.zone_id, project_id=project.id, state=CommitmentState.open, **asdict(data)
    )
    session.add(commitment)
    session.flush()
    _note(session, actor, "record_commitment", commitment, after=_plain(commitment))
    return commitment


def correct_commitment(
    session: Session,
    actor: Actor,
    project: Project,
    commitment: Commitment,
    data: CommitmentData,
    *,
    version: int,
) -> None:
    """Bring the entry to what the paper says. Raises ``ConflictError`` when it was changed since ``version``."""
    _check_version(commitment, version)
    _check(session, project, data)
    before = _plain(commitment)
    for name, value in asdict(data).items():
        setattr(commitment, name, value)
    _note_change(session, actor, "correct_commitment", commitment, before)


def settle_commitment(
    session: Session,
    actor: Actor,
    commitment: Commitment,
    *,
    state: CommitmentState,
    settled_on: dt.date,
    remark: str,
    version: int,
    today: dt.date,
) -> None:
    """Say what became of the promise: kept, broken or waived, on which day, by what evidence or why."""
    _check_version(commitment, version)
    check_day(settled_on, "日期", "settled_on")
    check_settlement(state, settled_on, remark, today=today)
    before = _plain(commitment)
    commitment.state, commitment.settled_on, commitment.settled_note = state, settled_on, remark
    commitment.settled_by, commitment.settled_name = actor.user_id, actor.name
    _note_change(session, actor, "settle_commitment", commitment, before)


def reopen_commitment(
    session: Session, actor: Actor, commitment: Commitment, *, reason: str, version: int
) -> None:
    """Take the outcome back; the promise waits again."""
    _check_version(commitment, version)
    if commitment.state is CommitmentState.open:
        raise DomainError("这条承诺还没有兑现结果，不需要撤回")
    if not reason:
        raise DomainError("请填写撤回原因", "reason")
    before = _plain(commitment)
    commitment.state, commitment.settled_on, commitment.settled_note = CommitmentState.open, None, ""
    commitment.settled_by, commitment.settled_name = None, ""
    _note_change(session, actor, "reopen_commitment", commitment, before, reason=reason)


def withdraw_commitment(
    session: Session, actor: Actor, commitment: Commitment, *, reason: str, version: int
) -> None:
    """Undo the entry of a promise that waits and has no files; what it said stays on record."""
    _check_version(commitment, version)
    if not reason:
        raise DomainError("请填写撤销原因", "reason")
    if commitment.state is not CommitmentState.open:
        raise DomainError("这条承诺已有兑现结果，请先撤回结果再撤销登记", "reason")
    if list_files(session, commitment.zone_id, "commitment", commitment.id):
        raise DomainError("这条承诺还有附件，请先移除附件再撤销登记", "reason")
    before = _plain(commitment)
    session.delete(commitment)
    session.flush()
    _note(session, actor, "withdraw_commitment", commitment, before=before, after={"reason": reason})


def _check(session: Session, project: Project, data: CommitmentData) -> None:
    if data.due_on is not None:
        check_day(data.due_on, "兑现期限", "due_on")
    signed = {c.id: c.signed_on for c in list_contracts(session, project.zone_id, project.id)}
    if data.contract_id is not None and data.contract_id not in signed:
        raise DomainError("请从本项目的合同中选择", "contract_id")
    check_commitment(
        data.side,
        data.what,
        basis=data.basis,
        condition=data.condition,
        due_on=data.due_on,
        signed_on=signed[data.contract_id] if data.contract_id is not None else None,
    )


def _check_version(commitment: Commitment, version: int) -> None:
    if version != commitment.version:
        raise ConflictError("这条承诺刚刚被其他人修改，请比较两个版本后再保存")


def _plain(commitment: Commitment) -> dict[str, Any]:
    values = {name: getattr(commitment, name) for name in _PLAIN}
    sides = {"commitment_side": commitment.side.value, "commitment_state": commitment.state.value}
    return {**values, **sides}


def _note_change(
    session: Session,
    actor: Actor,
    action: str,
    commitment: Commitment,
    before: dict[str, Any],
    **more: Any,
) -> None:
    old, new = difference(before, _plain(commitment))
    if new:
        commitment.version += 1
        session.flush()
        _note(session, actor, action, commitment, before=old, after={**new, **more})


def _note(session: Session, actor: Actor, action: str, commitment: Commitment, **values: Any) -> None:
    """On the project's record; which promise it was is told by its words."""
    known = {"commitment_id": commitment.id, "commitment": commitment.what[:60]}
    told = {name: None if one is None else {**one, **known} for name, one in values.items()}
    note(session, actor, action=action, entity="project", entity_id=commitment.project_id, **told)
