"""Contracts one by one: entering each kind, correcting one, undoing an entry. The stage follows by the project's rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.operations import note
from app.audit.rules import Actor, as_json, difference
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.text import has_control
from app.pipeline.models import Contract, Project
from app.pipeline.operations.contract import check_contract_number, keep_derived, take_out
from app.pipeline.operations.data import ContractData, as_it_stands
from app.pipeline.operations.history import Move
from app.pipeline.operations.project import save_project
from app.pipeline.operations.supplement import sign_supplement
from app.pipeline.queries import list_contracts, main_contract, unit_on
from app.pipeline.rules import (
    ENDED,
    ContractKind,
    How,
    Stage,
    check_day,
    check_fixed_asset,
    check_happened,
    check_investment,
)

AGREEMENTS = (ContractKind.framework, ContractKind.intent)
"""Signed, but no fact: they promise a contract."""
_FIELDS = ("kind", "number", "signed_on", "amount_fen", "fixed_asset_fen", "note")


def sign_contract(
    session: Session, actor: Actor, project: Project, data: ContractData, *, today: dt.date, source: str
) -> Contract:
    """Enter a contract of any kind. A formal one brings the project to 签约 through the same gate as its form.

    A framework stays beside the contract that it became (升格), and adds nothing to the total. Raises
    ``DomainError`` for a second formal contract, an ended project and what no contract can be.
    """
    if project.stage in ENDED:
        raise DomainError(f"项目已{project.stage.label}，不能再登记合同", "kind")
    _check(session, project, data, today)
    if data.kind is ContractKind.supplement:
        return sign_supplement(
            session,
            actor,
            project,
            number=data.number,
            signed_on=data.signed_on,
            amount_fen=data.amount_fen,
            fixed_asset_fen=data.fixed_asset_fen,
            remark=data.note,
            today=today,
        )
    if data.kind is ContractKind.formal:
        return _sign_formal(session, actor, project, data, today, source)
    contract = Contract(
        zone_id=project.zone_id,
        project_id=project.id,
        unit_id=unit_on(session, project.zone_id, project.id, data.signed_on),
        **_values(data),
    )
    session.add(contract)
    session.flush()
    _touch(session, project)
    _note(session, actor, "sign_contract", contract, after=_plain(contract))
    return contract


def correct_contract(
    session: Session,
    actor: Actor,
    project: Project,
    contract: Contract,
    data: ContractData,
    *,
    version: int,
    today: dt.date,
    source: str,
) -> None:
    """Bring a contract to what ``data`` says; the kind of a formal contract and of a supplement stays.

    Raises ``ConflictError`` when it was changed since ``version``, ``DomainError`` for what does not fit.
    """
    if version != contract.version:
        raise ConflictError("这份合同刚刚被其他人修改，请比较两个版本后再保存")
    if data.kind is not contract.kind and not {data.kind, contract.kind} <= set(AGREEMENTS):
        raise DomainError(
            f"“{contract.kind.label}”不能改为“{data.kind.label}”；登记有误的请撤销后重新登记", "kind"
        )
    _check(session, project, data, today, contract)
    contracts = list_contracts(session, project.zone_id, project.id)
    if data.kind is ContractKind.supplement:
        _check_after_formal(contracts, data.signed_on)
    before = _plain(contract)
    for name, value in _values(data).items():
        setattr(contract, name, value)
    contract.unit_id = unit_on(session, project.zone_id, project.id, data.signed_on)
    old, new = difference(before, _plain(contract))
    if not new:
        return
    contract.version += 1
    _touch(session, project)
    _follow(session, actor, project, today, source, Move())
    _note(session, actor, "correct_contract", contract, before=old, after=new)


def withdraw_contract(
    session: Session,
    actor: Actor,
    project: Project,
    contract: Contract,
    *,
    reason: str,
    version: int,
    today: dt.date,
    source: str,
) -> None:
    """Undo the entry of a contract that nothing hangs on; what it said stays on record and can be entered again.

    Raises ``ConflictError`` and, for one that supplements, milestones, opinions, commitments or files hang
    on, ``DomainError``.
    """
    if version != contract.version:
        raise ConflictError("这份合同刚刚被其他人修改，请重新核对")
    if not reason:
        raise DomainError("请填写撤销原因", "reason")
    before = _plain(contract)
    take_out(session, contract)
    _touch(session, project)
    back = Move(How.decided, open=True, effective_on=today, reason="撤销合同登记", remark=reason)
    _follow(session, actor, project, today, source, back if contract.kind is ContractKind.formal else Move())
    note(
        session,
        actor,
        action="withdraw_contract",
        entity="project",
        entity_id=project.id,
        before={**before, "contract_id": contract.id},
        after={"reason": reason},
    )


def enter_again(
    session: Session, actor: Actor, project: Project, entry: AuditEntry, *, today: dt.date, source: str
) -> Contract:
    """Enter a contract again that was withdrawn by ``entry``, as it was, by the same rules as a new one."""
    old = entry.before or {}
    if entry.action != "withdraw_contract" or entry.entity_id != project.id:
        raise DomainError("只能恢复已撤销的合同登记")
    same = [
        c for c in list_contracts(session, project.zone_id, project.id)
        if (c.kind.value, c.number, as_json(c.signed_on)) == (old["contract_kind"], old["number"], old["signed_on"])
    ]  # fmt: skip
    if same:
        raise DomainError("这份合同现在就在项目里，不需要恢复")
    data = ContractData(
        kind=ContractKind(old["contract_kind"]),
        signed_on=dt.date.fromisoformat(old["signed_on"]),
        amount_fen=old["amount_fen"],
        number=old["number"],
        fixed_asset_fen=old["fixed_asset_fen"],
        note=old["note"],
    )
    return sign_contract(session, actor, project, data, today=today, source=source)


def _sign_formal(
    session: Session, actor: Actor, project: Project, data: ContractData, today: dt.date, source: str
) -> Contract:
    if project.signed_on is not None:
        raise DomainError("已有正式合同；增资、变更请登记补充协议", "kind")
    stage = None if project.stage in (Stage.lead, Stage.talks) else project.stage
    whole = replace(as_it_stands(session, project), contract=data, stage=stage)
    save_project(session, actor, project, project.investor_id, whole, today=today, source=source)
    contract = main_contract(list_contracts(session, project.zone_id, project.id))
    if contract is None:
        raise RuntimeError("the formal contract was not kept")
    contract.note = data.note
    session.flush()
    return contract


def _follow(
    session: Session, actor: Actor, project: Project, today: dt.date, source: str, move: Move
) -> None:
    """Let stage and dates be judged again by what contracts there are now."""
    whole = as_it_stands(session, project)
    if whole.contract is None or whole.contract.kind is not ContractKind.formal:
        stage = None if project.stage.step > Stage.talks.step else project.stage
        whole = replace(whole, stage=stage)
    save_project(session, actor, project, project.investor_id, whole, today=today, source=source, move=move)


def _check(
    session: Session, project: Project, data: ContractData, today: dt.date, own: Contract | None = None
) -> None:
    check_day(data.signed_on, "签订日期", "signed_on")
    check_happened(data.signed_on, today, "签订日期", "signed_on")
    check_investment(data.amount_fen, "amount")
    check_fixed_asset(data.fixed_asset_fen, data.amount_fen, "fixed_asset")
    if has_control(data.number):
        raise DomainError("合同编号含有不可见字符，请重新输入", "number")
    for other in list_contracts(session, project.zone_id, project.id):
        if data.number and other.number == data.number and (own is None or other.id != own.id):
            raise DomainError(f"编号 {data.number} 已用于本项目的{other.kind.label}，请核对", "number")
    check_contract_number(session, project, data.number, field="number")


def _check_after_formal(contracts: list[Contract], signed_on: dt.date) -> None:
    formal = next((c for c in contracts if c.kind is ContractKind.formal), None)
    if formal is None or signed_on < formal.signed_on:
        raise DomainError("补充协议须在正式合同签订之后，请核对日期", "signed_on")


def _values(data: ContractData) -> dict[str, Any]:
    return {name: getattr(data, name) for name in _FIELDS}


def _plain(contract: Contract) -> dict[str, Any]:
    values = {name: getattr(contract, name) for name in _FIELDS if name != "kind"}
    return {**values, "contract_kind": contract.kind.value}


def _touch(session: Session, project: Project) -> None:
    """What the project's form was opened with is old now; totals and the search index follow."""
    project.version += 1
    project.updated_at = clock.now()
    session.flush()
    keep_derived(session, project)


def _note(
    session: Session,
    actor: Actor,
    action: str,
    contract: Contract,
    *,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    """On the project's record; which contract it was is told by its kind and number."""
    known = {"contract_id": contract.id, "contract": f"{contract.kind.label} {contract.number}".strip()}
    note(
        session,
        actor,
        action=action,
        entity="project",
        entity_id=contract.project_id,
        before=None if before is None else {**before, **known},
        after={**after, **known},
    )
