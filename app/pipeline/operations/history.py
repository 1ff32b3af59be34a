"""The history of stages: what a change of the record adds to it, asked of the gate before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.investors.models import Investor
from app.kernel import clock
from app.kernel.errors import DomainError
from app.pipeline.models import Milestone, Project, StageChange
from app.pipeline.operations.data import ProjectData
from app.pipeline.queries import gate_items, list_changes, states_of
from app.pipeline.rules import (
    COLUMN_OF_FIELD,
    ENDED,
    ROAD,
    ContractKind,
    Course,
    GateError,
    GateState,
    How,
    Lack,
    Line,
    MilestoneKind,
    Stage,
    Step,
    between,
    course_of,
    field_of,
    first_steps,
    missing,
    next_steps,
    no_move,
    road_stage,
    skipped,
    stage_days,
    stage_from_dates,
    weave,
)


@dataclass(frozen=True)
class Move:
    """How a stage may change while a record is saved, and what is put down about it.

    ``recording``: put down what has happened, papers that are not there are owed. ``open``: it comes from
    ``move_stage``, which has asked for reason and consent; the form alone may only go forward and resume.
    ``author`` and ``recorded_at`` are those of a record kept elsewhere before; without them, who acts, and now.
    """

    how: How = How.form
    recording: bool = False
    open: bool = False
    effective_on: dt.date | None = None
    reason_code: str = ""
    reason: str = ""
    remark: str = ""
    went_to: str = ""
    request_id: int | None = None
    author: str = ""
    recorded_at: dt.datetime | None = None


@dataclass
class Plan:
    """What is to be written: the whole history as lines, and what the new lines owe."""

    lines: list[Line]
    rows: dict[int, StageChange]
    old: Stage | None
    owed: dict[Stage, tuple[Lack, ...]] = field(default_factory=dict)


def stage_said(data: ProjectData) -> Stage:
    """The stage that the record stands for: the one chosen by hand, else what its dates prove, else 在谈."""
    return data.stage or stage_from_dates(data.reached, formal_day(data)) or Stage.talks


def formal_day(data: ProjectData) -> dt.date | None:
    """The day of the formal contract, None without one."""
    contract = data.contract
    return contract.signed_on if contract and contract.kind is ContractKind.formal else None


def begin_history(
    session: Session, actor: Actor, project: Project, data: ProjectData, *, move: Move, today: dt.date
) -> None:
    """Write the history of a project that is being registered, with what its gates are owed."""
    steps = first_steps(project.stage, stage_days(data.reached, formal_day(data)), today)
    items = gate_items(session, project.zone_id)
    state = _pending(session, GateState(), project.zone_id, project.investor_id, data)
    owed, base = {}, Stage.lead
    for step in steps:
        owed[step.stage] = missing(between(items, base, step.stage), state)
        base = step.stage if step.stage in ROAD else base
    lines = [Line(step.stage, step.day) for step in steps]
    write_history(session, actor, project, Plan(lines, {}, None, owed), move)


def plan_history(
    session: Session,
    project: Project,
    milestones: Mapping[MilestoneKind, Milestone],
    investor_id: int,
    data: ProjectData,
    *,
    move: Move,
    today: dt.date,
) -> Plan | None:
    """What saving ``data`` means for the stage; None when it means nothing. Nothing is written yet.

    Raises ``GateError`` when the gate is not passed, ``DomainError`` for a move that is none or not this way.
    """
    known = {kind: m.reached_on for kind, m in milestones.items() if m.reached_on is not None}
    old_days = stage_days(known, project.signed_on)
    new_days = stage_days(data.reached, formal_day(data))
    old, new = project.stage, stage_said(data)
    rows = list_changes(session, project.zone_id, project.id)
    lines = [Line(row.to_stage, row.effective_on, row.id) for row in rows] or _lines_before(project, old_days)
    plan = Plan(lines, {row.id: row for row in rows}, old)
    base = old if old in ROAD else road_stage([line.stage for line in lines])
    if not move.open:
        _refuse_cleared(old_days, new_days)
    if old is new:
        _refuse_hidden(old, base, new_days, move)
        steps: tuple[Step, ...] = ()
    else:
        steps = _steps(session, project, investor_id, data, plan, base, move=move, today=today)
    told = {(line.stage, line.day) for line in lines} | {(step.stage, step.day) for step in steps}
    known_stages = {line.stage for line in lines}
    passed = {
        stage: day
        for stage, day in new_days.items()
        if (stage, day) not in told and (old_days.get(stage) != day or stage in known_stages)
    }
    plan.lines = weave(lines, passed, steps, was=old_days, strict=not move.recording)
    return None if plan.lines == lines and rows else plan


def _lines_before(project: Project, days: Mapping[Stage, dt.date]) -> list[Line]:
    """The history of a record that has none, as far as its dates tell it."""
    made = project.created_at.astimezone(clock.BEIJING).date()
    return [Line(step.stage, step.day) for step in first_steps(project.stage, days, made)]


def _refuse_cleared(old: Mapping[Stage, dt.date], new: Mapping[Stage, dt.date]) -> None:
    """A day that proves a stage is corrected, not taken away."""
    for stage in old:
        if stage not in new and stage is not Stage.talks:
            what = "正式合同" if stage is Stage.signed else f"{stage.label}日期"
            raise DomainError(
                f"{what}已登记，不能直接清除；登记有误的请在项目页“申请退回”，由审核岗同意",
                "contract_kind" if stage is Stage.signed else field_of(stage),
            )


def _refuse_hidden(stage: Stage, base: Stage, days: Mapping[Stage, dt.date], move: Move) -> None:
    """Nobody moves on unseen behind 暂停 or 终止."""
    further = [each for each in days if each.step > base.step]
    if stage not in ROAD and further and not move.recording:
        first = further[0]
        raise DomainError(
            f"项目现为“{stage.label}”，不能填写{first.label}日期；请先恢复推进", field_of(first)
        )


def _steps(
    session: Session,
    project: Project,
    investor_id: int,
    data: ProjectData,
    plan: Plan,
    base: Stage,
    *,
    move: Move,
    today: dt.date,
) -> tuple[Step, ...]:
    """The steps of the move, after the gate."""
    old, new, days = project.stage, stage_said(data), stage_days(data.reached, formal_day(data))
    course = course_of(old, base, new, signed=formal_day(data) is not None)
    if course is None and not (move.recording and old not in ENDED):
        raise no_move(old, new)
    if course is not None and not move.open:
        _check_form(course, base, new, days, move)
    day = move.effective_on or today
    if course in (Course.forward, Course.skip):
        state = states_of(session, project.zone_id, [project.id])[project.id]
        state = _pending(session, state, project.zone_id, investor_id, data)
        lacks = missing(between(gate_items(session, project.zone_id), base, new), state)
        if lacks and not move.recording:
            raise GateError(new, lacks, field_of(new))
        steps = next_steps(base, new, days, day)
        plan.owed = _shared(lacks, [step.stage for step in steps])
        return steps
    return (Step(new, days.get(new, day) if new in ENDED else day),)


def _check_form(course: Course, base: Stage, new: Stage, days: Mapping[Stage, dt.date], move: Move) -> None:
    """Going back needs a reviewer; leaving the road a reason; passing over a stage a word. Forms have neither."""
    if course is Course.back:
        raise DomainError(
            f"不能直接改回“{new.label}”；确需退回的请在项目页“申请退回”，说明原因，由审核岗同意", "stage"
        )
    if move.recording:
        return
    if course in (Course.suspend, Course.terminate, Course.lose):
        raise DomainError(f"{new.label}须说明原因，请在项目页“暂停、终止”办理", "stage")
    over = skipped(base, new, days)
    if course is Course.skip and over:
        names = "、".join(stage.label for stage in over)
        raise DomainError(f"跨过了“{names}”：请补填其日期，或在项目页“推进阶段”说明", field_of(new))


def _shared(lacks: Sequence[Lack], stages: Sequence[Stage]) -> dict[Stage, tuple[Lack, ...]]:
    """What each step owes: its own gate, and the gates passed over since the step before."""
    found: dict[Stage, tuple[Lack, ...]] = {}
    rest = list(lacks)
    for stage in stages:
        found[stage] = tuple(lack for lack in rest if lack.stage.step <= stage.step)
        rest = [lack for lack in rest if lack.stage.step > stage.step]
    return found


def _pending(
    session: Session, state: GateState, zone_id: int, investor_id: int, data: ProjectData
) -> GateState:
    """The state with the fields as they are being saved."""
    names = {code: name for code, name in COLUMN_OF_FIELD.items() if code != "formal_contract"}
    values: dict[str, Any] = {code: getattr(data, name) for code, name in names.items()}
    values["formal_contract"] = formal_day(data)
    values["first_contact"] = data.reached.get(MilestoneKind.first_contact)
    investor = session.get(Investor, (zone_id, investor_id))
    values["uscc"] = investor.uscc if investor else None
    present = frozenset(code for code, value in values.items() if value not in (None, ""))
    return replace(state, fields=present)


def write_history(session: Session, actor: Actor, project: Project, plan: Plan, move: Move) -> None:
    """Write the planned lines: rows keep who put them down, their day may have been corrected."""
    before: Stage | None = None
    for seq, line in enumerate(plan.lines, 1):
        if line.key is None:
            session.add(_row(actor, project, plan, line, before, seq, move))
        else:
            row = plan.rows[line.key]
            row.effective_on, row.seq = line.day, seq
        before = line.stage
    session.flush()


def _row(
    actor: Actor, project: Project, plan: Plan, line: Line, before: Stage | None, seq: int, move: Move
) -> StageChange:
    owed = plan.owed.get(line.stage, ())
    return StageChange(
        zone_id=project.zone_id,
        project_id=project.id,
        seq=seq,
        from_stage=None if before is line.stage else before,
        to_stage=line.stage,
        effective_on=line.day,
        how=move.how,
        person_id=None if move.author else actor.user_id,
        person_name=move.author or actor.name,
        recorded_at=move.recorded_at or clock.now(),
        reason_code=move.reason_code,
        reason=move.reason,
        remark=move.remark,
        went_to=move.went_to,
        request_id=move.request_id,
        owed=[
            {"stage": lack.stage.value, "kind": lack.kind.value, "code": lack.code, "label": lack.label}
            for lack in owed
        ],
        owes=len(owed),
    )
