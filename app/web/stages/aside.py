"""暂停, 恢复, 终止, 流失; and asking a reviewer to go back."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.pipeline.models import Project
from app.pipeline.operations import approve, ask, move_stage, take_back_approval, withdraw_request
from app.pipeline.queries import get_project, reasons_of, waiting_request
from app.pipeline.rules import ASIDE, Course, How, ReasonKind, Stage
from app.web.errors import refuse, show_form
from app.web.forms import Form
from app.web.guards import needs
from app.web.pipeline.day import as_of
from app.web.session import current, db
from app.web.stages.blueprint import ONE, blueprint, own_project
from app.web.stages.forms import AsideForm, RequestForm
from app.web.stages.gate import Road, road_of


@blueprint.route(f"{ONE}/aside", methods=["GET", "POST"])
@needs(Permission.enter)
def step_aside(project_id: int) -> Response:
    """The page that takes a project off the road, or back on it after 暂停."""
    project = own_project(project_id)
    road = road_of(db(), project, as_of())
    if not road.aside:
        flash(f"项目已{project.stage.label}，要恢复推进请申请退回")
        return _to_project(project)
    reasons = reasons_of(db(), project.zone_id)
    offered = [one for one in reasons if one.kind.value in [course.value for course in road.aside]]
    form = AsideForm(data={"course": _asked(road), "effective_on": clock.today(), "version": project.version})
    form.offer(road.aside, offered)
    if form.validate_on_submit():
        course, day = form.course.data, form.effective_on.data

        def act() -> None:
            if form.version.data != str(project.version):
                raise ConflictError("该项目刚刚被其他人修改，请刷新后核对再提交")
            move_stage(
                db(), current().actor, project, ASIDE.get(course, road.base),
                effective_on=day, today=clock.today(), source=How.form,
                reason_code=form.reason_for(course), remark=form.remark.text, went_to=form.went_to.text,
            )  # fmt: skip

        if _done(form, act):
            flash(f"已办理{course.label}")
            return _to_project(project)
        project = get_project(db(), current().zone.id, project_id)
    return show_form(
        "stages/aside.html",
        form,
        project=project,
        road=road,
        reasons=offered,
        kinds=ReasonKind,
        courses=Course,
    )


def _asked(road: Road) -> Course:
    return next((course for course in road.aside if course.value == request.args.get("to")), road.aside[0])


@blueprint.route(f"{ONE}/stage-request", methods=["GET", "POST"])
@needs(Permission.enter)
def ask_stage(project_id: int) -> Response:
    """The form that asks a reviewer: back to an earlier stage, or ahead with papers owed."""
    project = own_project(project_id)
    road = road_of(db(), project, as_of())
    form = RequestForm(data={"effective_on": clock.today(), "to": _asked_stage(road)})
    form.offer(_askable(road), reasons_of(db(), project.zone_id, ReasonKind.back))
    if form.validate_on_submit():
        to, day = form.to.data, form.effective_on.data

        def act() -> None:
            ask(
                db(), current().actor, project, to,
                effective_on=day, today=clock.today(),
                reason_code=form.reason_code.data or "", remark=form.remark.text,
            )  # fmt: skip

        if _done(form, act):
            flash("申请已提交，由审核岗决定")
            return _to_project(project)
        project = get_project(db(), current().zone.id, project_id)
    return show_form("stages/request.html", form, project=project, road=road)


def _askable(road: Road) -> list[Stage]:
    """Earlier stages, and the next one as an exception."""
    back = [to for to, course in road.moves.items() if course is Course.back]
    return back + ([road.gate.to] if road.gate and road.gate.to in road.ahead else [])


def _asked_stage(road: Road) -> Stage | None:
    return next((stage for stage in _askable(road) if stage.value == request.args.get("to")), None)


@blueprint.post(f"{ONE}/stage-request/withdraw")
@needs(Permission.enter)
def withdraw(project_id: int) -> Response:
    """The asker takes the waiting request back."""
    project = own_project(project_id)
    waiting = waiting_request(db(), project.zone_id, project.id)
    if waiting is None:
        raise ConflictError("没有待审核的申请，可能已经审核")
    withdraw_request(db(), current().actor, waiting)
    flash("已撤回申请")
    return _to_project(project)


@blueprint.post(f"{ONE}/approvals/<string:item>")
@needs(Permission.review)
def approve_item(project_id: int, item: str) -> Response:
    """A reviewer consents to an item of the gate, or takes the consent back."""
    project = own_project(project_id)
    if "undo" in request.form:
        take_back_approval(db(), current().actor, project, item)
        flash("已收回审批意见")
    else:
        remark = request.form.get("remark", "")
        approve(db(), current().actor, project, item, today=clock.today(), remark=remark)
        flash("已审批同意")
    return redirect(url_for(".advance", project_id=project.id), 303)


def _done(form: Form, act: Callable[[], None]) -> bool:
    """Whether it was done; a refusal stands in the form."""
    try:
        with db().begin_nested():
            act()
    except DomainError as error:
        refuse(form, error)
        return False
    return True


def _to_project(project: Project) -> Response:
    return redirect(url_for("pipeline.show_project", project_id=project.id), 303)
