"""Asking to go back, or ahead with papers owed, and a reviewer's decision."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.text import clean, has_control
from app.pipeline.models import Project, StageChange, StageRequest
from app.pipeline.operations.data import as_it_stands
from app.pipeline.operations.history import formal_day
from app.pipeline.operations.stages import course_to, move_stage, read_reason
from app.pipeline.queries import waiting_request
from app.pipeline.rules import Course, How, RequestState, Stage, check_day, check_happened, stage_days


def ask(
    session: Session,
    actor: Actor,
    project: Project,
    to: Stage,
    *,
    effective_on: dt.date,
    today: dt.date,
    reason_code: str = "",
    remark: str,
) -> StageRequest:
    """Ask a reviewer to let the project go back to ``to`` (with a reason), or ahead although papers are missing.

    Raises ``DomainError`` for another move, without ``remark``, and while a request waits.
    """
    if actor.user_id is None:
        raise DomainError("请由本人申请")
    check_day(effective_on, "生效日期", "effective_on")
    check_happened(effective_on, today, "生效日期", "effective_on")
    if waiting_request(session, project.zone_id, project.id) is not None:
        raise DomainError("这个项目已有一份申请待审核，请等审核后再申请，或先撤回")
    course, base = course_to(session, project, to)
    if course not in (Course.back, Course.forward, Course.skip):
        raise DomainError(f"到“{to.label}”不需要申请，可以直接办理", "to")
    days = stage_days((stands := as_it_stands(session, project)).reached, formal_day(stands))
    if course is Course.back and to.step > Stage.talks.step and to not in days:
        raise DomainError(f"项目没有到过“{to.label}”，请选择实际经过的阶段", "to")
    if course is not Course.back and formal_day(stands) is None and to.step >= Stage.signed.step:
        raise DomainError("尚未登记正式合同，请先在“推进阶段”登记合同", "to")
    reason = read_reason(session, project.zone_id, course, reason_code)
    request = StageRequest(
        zone_id=project.zone_id,
        project_id=project.id,
        from_stage=project.stage,
        to_stage=to,
        effective_on=effective_on,
        reason_code=reason.code if reason else "",
        reason=reason.name if reason else f"例外推进（现为{base.label}）",
        remark=_said(remark, "remark", "请说明情况，审核岗据此决定"),
        asked_by=actor.user_id,
        asked_name=actor.name,
        asked_at=clock.now(),
    )
    session.add(request)
    session.flush()
    _note(session, actor, request, "ask_stage", remark=request.remark)
    return request


def approve_request(
    session: Session, actor: Actor, request: StageRequest, project: Project, *, today: dt.date, said: str = ""
) -> StageChange:
    """Consent: the project moves as was asked. Raises ``DomainError`` for the asker, ``ConflictError`` when it is late."""
    _check_decidable(actor, request)
    if project.stage is not request.from_stage:
        raise ConflictError(
            f"项目现在是“{project.stage.label}”，与申请时的“{request.from_stage.label}”不同，请退回申请"
        )
    said = _said(said, "said")
    _decide(actor, request, RequestState.approved, said)
    session.flush()
    change = move_stage(
        session, actor, project, request.to_stage,
        effective_on=request.effective_on, today=today, source=How.decided, remark=request.remark,
        request=request, recording=request.to_stage.step > request.from_stage.step > 0,
    )  # fmt: skip
    _note(session, actor, request, "approve_stage", said=said)
    return change


def decline_request(session: Session, actor: Actor, request: StageRequest, *, said: str) -> None:
    """Refuse, saying why. Raises ``DomainError`` for the asker or without a word."""
    _check_decidable(actor, request)
    said = _said(said, "said", "请写明不同意的理由")
    _decide(actor, request, RequestState.declined, said)
    session.flush()
    _note(session, actor, request, "decline_stage", said=said)


def withdraw_request(session: Session, actor: Actor, request: StageRequest) -> None:
    """The asker takes it back while it waits."""
    if request.state is not RequestState.waiting:
        raise ConflictError(f"这份申请{request.state.label}")
    if request.asked_by != actor.user_id:
        raise DomainError("只有申请人可以撤回")
    _decide(actor, request, RequestState.withdrawn, "")
    session.flush()
    _note(session, actor, request, "withdraw_stage")


def _check_decidable(actor: Actor, request: StageRequest) -> None:
    if request.state is not RequestState.waiting:
        raise ConflictError(f"这份申请{request.state.label}")
    if actor.user_id is None or actor.user_id == request.asked_by:
        raise DomainError("自己的申请须由另一位审核岗决定")


def _decide(actor: Actor, request: StageRequest, state: RequestState, said: str) -> None:
    request.state, request.decision = state, said
    request.decided_by, request.decided_name, request.decided_at = actor.user_id, actor.name, clock.now()


def _said(text: str, field: str, needed: str = "") -> str:
    text = clean(text)
    if needed and not text:
        raise DomainError(needed, field)
    if has_control(text) or len(text) > 500:
        raise DomainError("最多 500 个字，不能含有不可见字符", field)
    return text


def _note(session: Session, actor: Actor, request: StageRequest, action: str, **words: str) -> None:
    after = {
        "request_from": request.from_stage.value,
        "request_to": request.to_stage.value,
        "effective_on": request.effective_on,
        "reason": request.reason,
        **words,
    }
    note(session, actor, action=action, entity="project", entity_id=request.project_id, after=after)
