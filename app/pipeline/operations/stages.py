"""Moving a project along the road, aside and back. Project page, board and bulk action come here."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.kernel.errors import DomainError
from app.kernel.text import clean, has_control
from app.pipeline.models import Project, StageChange, StageRequest
from app.pipeline.operations.data import ContractData, ProjectData, as_it_stands
from app.pipeline.operations.history import Move, formal_day
from app.pipeline.operations.project import save_project
from app.pipeline.queries import bases_of, lacks_of, list_changes, reasons_of
from app.pipeline.rules import (
    ASIDE,
    REASON_OF,
    ROAD,
    STAGE_OF_MILESTONE,
    ContractKind,
    Course,
    GateError,
    How,
    MilestoneKind,
    Reason,
    ReasonKind,
    Stage,
    check_day,
    check_happened,
    course_of,
    field_of,
    no_move,
    skipped,
    stage_days,
)

MILESTONE_OF_STAGE = {stage: kind for kind, stage in STAGE_OF_MILESTONE.items()}


def move_stage(
    session: Session,
    actor: Actor,
    project: Project,
    to: Stage,
    *,
    effective_on: dt.date,
    today: dt.date,
    source: How,
    reason_code: str = "",
    remark: str = "",
    went_to: str = "",
    version: int | None = None,
    recording: bool = False,
    contract: ContractData | None = None,
    request: StageRequest | None = None,
) -> StageChange:
    """Bring the project to ``to`` on ``effective_on``; the milestone's day goes with it. The new row of the history.

    签约 needs the formal contract: the one on record or ``contract``. Passing over a stage needs ``remark``,
    leaving the road a reason of the zone's list (流失 also ``went_to``), going back a decided ``request``.
    ``recording`` puts down what is not there as owed instead of refusing. Raises ``GateError`` with what is
    missing, ``ConflictError`` for another ``version``, ``DomainError`` for the rest.
    """
    check_day(effective_on, "生效日期", "effective_on")
    check_happened(effective_on, today, "生效日期", "effective_on")
    stands = as_it_stands(session, project)
    if contract is not None:
        stands = replace(stands, contract=contract)
    course, base = _course(session, project, stands, to)
    if formal_day(stands) is None and to.step >= Stage.signed.step:
        lacks = lacks_of(session, project.zone_id, [project.id], to)[project.id]
        if lacks:
            raise GateError(to, lacks, field_of(to))
    if course is Course.back and request is None:
        raise DomainError(f"退回“{to.label}”须先申请，由审核岗同意", "stage")
    reason = _asked_for(request) or read_reason(session, project.zone_id, course, reason_code)
    _check_words(course, remark, went_to)
    data = _after(stands, course, to, effective_on)
    if course is Course.skip:
        days = stage_days(data.reached, formal_day(data))
        over = "、".join(stage.label for stage in skipped(base, to, days))
        if over and not clean(remark):
            raise DomainError(f"跨过了“{over}”，请在备注中说明", "remark")
    move = Move(
        source, recording, open=True, effective_on=effective_on, request_id=request.id if request else None,
        reason_code=reason.code if reason else "", reason=reason.name if reason else "",
        remark=clean(remark), went_to=clean(went_to) if course is Course.lose else "",
    )  # fmt: skip
    save_project(
        session, actor, project, project.investor_id, data,
        today=today, source=f"{source.label}：{course.label}", version=version, action=course.value, move=move,
    )  # fmt: skip
    return list_changes(session, project.zone_id, project.id)[-1]


def _asked_for(request: StageRequest | None) -> Reason | None:
    """The reason of a request stands as it was given, whatever became of the list."""
    if request is None:
        return None
    return Reason(ReasonKind.back, request.reason_code, request.reason)


def course_to(session: Session, project: Project, to: Stage) -> tuple[Course, Stage]:
    """What kind of move ``to`` is for the project as it stands, and the stage on the road it starts from.

    Raises ``DomainError`` when there is no such move.
    """
    return _course(session, project, as_it_stands(session, project), to)


def _course(session: Session, project: Project, stands: ProjectData, to: Stage) -> tuple[Course, Stage]:
    stage = project.stage
    base = stage
    if stage not in ROAD:
        base = bases_of(session, project.zone_id, [project.id]).get(project.id, Stage.talks)
    course = course_of(stage, base, to, signed=formal_day(stands) is not None)
    if course is None:
        raise no_move(stage, to)
    return course, base


def read_reason(session: Session, zone_id: int, course: Course, code: str) -> Reason | None:
    """The chosen reason; None for a move that needs none. Raises ``DomainError`` when one is needed."""
    kind = REASON_OF.get(course)
    if kind is None:
        return None
    found = {reason.code: reason for reason in reasons_of(session, zone_id, kind)}
    if code not in found:
        raise DomainError(f"请选择{kind.label}的原因", "reason_code")
    return found[code]


def _check_words(course: Course, remark: str, went_to: str) -> None:
    for text, label, field, longest in (
        (remark, "备注", "remark", 500),
        (went_to, "流向", "went_to", 120),
    ):
        if has_control(text.replace("\n", " ")):
            raise DomainError(f"{label}含有不可见字符，请重新输入", field)
        if len(text) > longest:
            raise DomainError(f"{label}最多 {longest} 个字", field)
    if course is Course.lose and not clean(went_to):
        raise DomainError("请填写流向（去了哪里；尚不清楚的请写“不明”）", "went_to")


def _after(stands: ProjectData, course: Course, to: Stage, day: dt.date) -> ProjectData:
    """The record after the move: the stage, and the days that prove it."""
    reached = dict(stands.reached)
    if course in (Course.forward, Course.skip):
        if to in MILESTONE_OF_STAGE:
            reached[MILESTONE_OF_STAGE[to]] = day
        elif to is Stage.talks:
            reached.setdefault(MilestoneKind.first_contact, day)
        return replace(stands, reached=reached, stage=_by_hand(to))
    if course is Course.terminate:
        reached[MilestoneKind.terminated] = day
        return replace(stands, reached=reached, stage=None)
    if course in ASIDE:
        return replace(stands, stage=ASIDE[course])
    if course is Course.resume:
        return replace(stands, stage=_by_hand(to))
    return _back(stands, to)


def _by_hand(to: Stage) -> Stage | None:
    """线索, 在谈 and 签约 are said, so that a contradiction is refused; the others are proved by their days."""
    return to if to in (Stage.lead, Stage.talks, Stage.signed) else None


def _back(stands: ProjectData, to: Stage) -> ProjectData:
    """The days beyond ``to`` are taken away; before 签约 the contract on record is one of intent only."""
    if to not in (Stage.lead, Stage.talks) and to not in stage_days(stands.reached, formal_day(stands)):
        raise DomainError(f"项目没有到过“{to.label}”，请选择实际经过的阶段", "to")
    gone = [stage for stage in MILESTONE_OF_STAGE if stage.step > to.step]
    kinds = {MILESTONE_OF_STAGE[stage] for stage in gone} | {MilestoneKind.terminated}
    reached = {kind: day for kind, day in stands.reached.items() if kind not in kinds}
    contract = stands.contract
    if contract is not None and contract.kind is ContractKind.formal and to.step < Stage.signed.step:
        contract = replace(contract, kind=ContractKind.intent)
    return replace(stands, reached=reached, contract=contract, stage=_by_hand(to))
