"""Registering a project and correcting its record, with the main contract and the milestones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.db.trial import once
from app.directory.queries import check_in_use, segment_chain
from app.directory.rules import pinyin_key
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.ids import new_id
from app.kernel.text import clean, has_control, name_key
from app.pipeline.models import Milestone, Project, Responsibility
from app.pipeline.operations.contract import derive, first_contract, keep_contract, keep_derived
from app.pipeline.operations.data import PROJECT_FIELDS, ContractData, ProjectData, snapshot
from app.pipeline.operations.finding import make_findable
from app.pipeline.operations.handover import hand_over
from app.pipeline.operations.history import (
    Move,
    begin_history,
    formal_day,
    plan_history,
    stage_said,
    write_history,
)
from app.pipeline.queries import (
    find_by_number,
    list_contracts,
    main_contract,
    milestones_of,
    unit_on,
)
from app.pipeline.rules import (
    ContractKind,
    How,
    MilestoneKind,
    check_day,
    check_fixed_asset,
    check_handover,
    check_happened,
    check_investment,
    check_investor_kept,
    check_milestones,
    check_stage,
)

BY_FORM = Move()
AS_REGISTERED = Move(How.register)


def register_project(
    session: Session,
    actor: Actor,
    investor_id: int,
    data: ProjectData,
    *,
    today: dt.date,
    source: str,
    move: Move = AS_REGISTERED,
) -> Project:
    """Make a project with its contract and milestones; ``source`` says where the dates come from.

    Its history is put down as it was, as ``move`` says; papers of gates it has passed are owed.
    Raises ``DomainError`` for a number that is taken and for all that ``check_project`` refuses.
    """
    check_project(data, today)
    check_lists(session, actor.zone_id, data, None)
    if find_by_number(session, actor.zone_id, data.number):
        raise DomainError(f"项目编号 {data.number} 已存在，请换一个编号或打开原项目修改", "number")
    project = draft_project(actor.zone_id, investor_id, data)
    project.created_at = project.updated_at = move.recorded_at or clock.now()
    project.name_pinyin = pinyin_key(data.name)
    contract = first_contract(session, project, data.contract)
    contracts = [contract] if contract else []
    session.add(project)
    session.flush()
    unit = Responsibility(
        zone_id=actor.zone_id, project_id=project.id, from_on=dt.date.min, unit_id=data.unit_id
    )
    session.add_all([unit, *contracts])
    milestones = _keep_milestones(session, project, data, {}, source, lambda _day: data.unit_id)
    make_findable(session, project, contracts)
    begin_history(session, actor, project, data, move=move, today=today)
    note(
        session,
        actor,
        action="register",
        entity="project",
        entity_id=project.id,
        after=snapshot(project, contract, milestones),
    )
    return project


def draft_project(zone_id: int, investor_id: int, data: ProjectData) -> Project:
    """The record of a new project as ``data`` says it, in no session yet; nothing is checked."""
    project = Project(id=new_id(), zone_id=zone_id, investor_id=investor_id)
    _assign(project, data)
    derive(project, [data.contract] if data.contract else [])
    return project


def save_project(
    session: Session,
    actor: Actor,
    project: Project,
    investor_id: int,
    data: ProjectData,
    *,
    today: dt.date,
    source: str,
    version: int | None = None,
    action: str = "change",
    move: Move = BY_FORM,
) -> dict[str, Any]:
    """Bring the record to what ``data`` says; returns the changed fields with their old values, empty when none.

    ``version`` is the one the writer read; ``move`` says how the stage may change. Raises ``ConflictError``
    when the record was changed since, ``GateError`` when the next stage's gate is not passed, ``DomainError``
    for all that ``check_project`` and the road refuse.
    """
    if version is not None and version != project.version:
        raise ConflictError("该项目刚刚被其他人修改，请比较两个版本后再保存")
    check_project(data, today)
    check_lists(session, actor.zone_id, data, project)
    other = find_by_number(session, actor.zone_id, data.number)
    if other is not None and other.id != project.id:
        raise DomainError(f"项目编号 {data.number} 已用于“{other.name}”，请换一个编号", "number")
    check_investor_kept(project.signed_on, same=investor_id == project.investor_id)
    contracts = list_contracts(session, actor.zone_id, project.id)
    milestones = milestones_of(session, actor.zone_id, project.id)
    before = snapshot(project, main_contract(contracts), milestones)
    plan = plan_history(session, project, milestones, investor_id, data, move=move, today=today)
    _change_unit(session, actor, project, data, today)
    project.investor_id = investor_id
    _assign(project, data)
    project.name_pinyin = pinyin_key(data.name)
    contract = keep_contract(session, project, data.contract, contracts)
    milestones = _keep_milestones(
        session, project, data, milestones, source,
        lambda day: unit_on(session, project.zone_id, project.id, day),
    )  # fmt: skip
    keep_derived(session, project)
    if plan is not None:
        write_history(session, actor, project, plan, move)
    old, new = difference(before, snapshot(project, contract, milestones))
    if new:
        project.version += 1
        project.updated_at = clock.now()
        session.flush()
        _note_change(session, actor, project, old, new, action)
    return old


def _change_unit(session: Session, actor: Actor, project: Project, data: ProjectData, today: dt.date) -> None:
    if data.unit_id != project.unit_id:
        from_on = data.unit_from or today
        check_handover(from_on, today)
        hand_over(session, actor, project, data.unit_id, from_on=from_on)


def _note_change(
    session: Session, actor: Actor, project: Project, old: dict[str, Any], new: dict[str, Any], action: str
) -> None:
    """One entry for the changed fields; a changed unit is told by the handover's own entry."""
    fields = [name for name in new if name != "unit_id"]
    if fields:
        note(
            session,
            actor,
            action=action,
            entity="project",
            entity_id=project.id,
            before={name: old[name] for name in fields},
            after={name: new[name] for name in fields},
        )


def check_project(data: ProjectData, today: dt.date) -> None:
    """Refuse what no project can be: empty or hidden text, impossible amounts, days and stages."""
    for name, label in (("name", "项目名称"), ("number", "项目编号")):
        value = getattr(data, name)
        if not clean(value):
            raise DomainError(f"请填写{label}", name)
        if has_control(value):
            raise DomainError(f"{label}含有不可见字符，请重新输入", name)
    for value, field in (
        (data.investment_fen, "investment"),
        (data.contract.amount_fen if data.contract else None, "amount"),
    ):
        if value is not None:
            check_investment(value, field)
    check_fixed_asset(data.fixed_asset_fen, data.investment_fen, "fixed_asset")
    if data.contract is not None:
        _check_contract(data.contract, today)
    signed_on = formal_day(data)
    for kind, day in data.reached.items():
        check_day(day, kind.label, kind.value)
        check_happened(day, today, kind.label, kind.value)
    check_milestones(data.reached, signed_on)
    if data.stage is not None:
        check_stage(data.stage, data.reached, signed_on)


def _check_contract(contract: ContractData, today: dt.date) -> None:
    check_day(contract.signed_on, "合同签订日期", "signed_on")
    check_happened(contract.signed_on, today, "合同签订日期", "signed_on")
    if contract.kind is ContractKind.supplement:
        raise DomainError("补充协议请在项目页“补充协议”处登记", "contract_kind")
    if has_control(contract.number):
        raise DomainError("合同编号含有不可见字符，请重新输入", "contract_number")
    check_fixed_asset(contract.fixed_asset_fen, contract.amount_fen, "contract_fixed_asset")


def check_lists(session: Session, zone_id: int, data: ProjectData, stored: Project | None) -> None:
    """Refuse a segment of another chain, and entries that are switched off unless the record has them already.

    In a trial the lists are asked once for each choice. Raises ``DomainError``.
    """
    chosen = {"unit": data.unit_id, "area": data.area_id, "chain": data.chain_id}
    if stored is not None:
        has = {"unit": stored.unit_id, "area": stored.area_id, "chain": stored.chain_id}
        chosen = {name: key for name, key in chosen.items() if key != has[name]}
    once(session, ("in use", zone_id, *chosen.items()), lambda: check_in_use(session, zone_id, chosen))
    if data.segment_id is not None and _chain_of(session, zone_id, data.segment_id) != data.chain_id:
        raise DomainError("所选环节不属于该产业链，请重新选择", "segment_id")


def _chain_of(session: Session, zone_id: int, segment_id: int) -> int | None:
    return once(session, ("segment", segment_id), lambda: segment_chain(session, zone_id, segment_id))


def _assign(project: Project, data: ProjectData) -> None:
    for name in PROJECT_FIELDS:
        if name not in ("stage", "investor_id"):
            setattr(project, name, getattr(data, name))
    project.name = clean(data.name)
    project.name_key = name_key(data.name)
    project.stage = stage_said(data)


def _keep_milestones(
    session: Session,
    project: Project,
    data: ProjectData,
    existing: dict[MilestoneKind, Milestone],
    source: str,
    unit_of: Callable[[dt.date], int],
) -> dict[MilestoneKind, Milestone]:
    """Add, correct and remove; ``unit_of`` gives the unit on a day. The caller flushes."""
    kept = {}
    for kind in MilestoneKind:
        milestone = existing.get(kind)
        reached = data.reached.get(kind)
        stored = milestone.planned_on if milestone else None
        planned = stored if data.planned is None else data.planned.get(kind)
        if reached is None and planned is None:
            if milestone is not None:
                session.delete(milestone)
            continue
        unit_id = unit_of(reached) if reached else project.unit_id
        if milestone is None:
            milestone = Milestone(zone_id=project.zone_id, project_id=project.id, kind=kind, source=source)
            session.add(milestone)
        elif milestone.reached_on != reached:
            milestone.source = source
        milestone.reached_on, milestone.planned_on = reached, planned
        milestone.unit_id = unit_id
        kept[kind] = milestone
    return kept
