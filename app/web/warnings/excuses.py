"""情况说明: asked for by whoever works on the project, acknowledged by somebody else."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.figures.queries.fired import Fired, list_fired
from app.kernel.errors import DomainError, NotFoundError
from app.pipeline.models import Project
from app.pipeline.queries import get_project
from app.warnings import operations
from app.warnings.queries import get_excuse
from app.warnings.rules import WarningKind
from app.web.errors import refuse, show_form
from app.web.guards import needs, safe_next
from app.web.session import SAFE_METHODS, current, db
from app.web.warnings.blueprint import blueprint
from app.web.warnings.forms import DecisionForm, ExcuseForm
from app.web.warnings.sight import look_among

ID = "int(max=9223372036854775807)"


@blueprint.route(f"/<{ID}:project_id>/excuse/<warning>", methods=["GET", "POST"])
@needs(Permission.enter)
def excuse_project(project_id: int, warning: str) -> Response:
    """Say why the project is warned about for good reason; one that is not is led back to."""
    writing = request.method not in SAFE_METHODS
    project = get_project(db(), current().zone.id, project_id, lock=writing)
    if not current().scope.may_edit_unit(project.unit_id):
        abort(403)
    one = _warning(project, warning)
    if one is None:
        flash("该项目目前没有这条预警，不需要说明")
        return redirect(url_for("pipeline.show_project", project_id=project.id), 303)
    form = ExcuseForm()
    if form.validate_on_submit():
        try:
            operations.ask_excuse(
                db(),
                current().actor,
                project,
                one.kind,
                level=one.level,
                reason=form.reason.text,
                until_on=form.until_on.data,
                day=one.day,
            )
        except DomainError as error:
            refuse(form, error)
        else:
            flash("情况说明已提交，由审核岗或领导确认后生效")
            return redirect(url_for("pipeline.show_project", project_id=project.id), 303)
    return show_form("warnings/excuse_form.html", form, project=project, one=one)


def _warning(project: Project, warning: str) -> Fired | None:
    if warning not in WarningKind.__members__:
        raise NotFoundError("没有这条预警规则")
    for one in list_fired(db(), look_among(project_id=project.id)):
        if one.kind.value == warning and one.arrival_id is None:
            return one
    return None


@blueprint.post(f"/excuses/<{ID}:excuse_id>/<any(grant, refuse):verdict>")
@needs(Permission.acknowledge)
def decide_excuse(excuse_id: int, verdict: str) -> Response:
    """Acknowledge an excuse or turn it down. Raises ``DomainError`` for one's own and a second decision."""
    excuse = get_excuse(db(), current().zone.id, excuse_id)
    form, grants = DecisionForm(), verdict == "grant"
    if not form.validate_on_submit():
        raise DomainError("；".join(str(text) for texts in form.errors.values() for text in texts), "answer")
    operations.decide_excuse(db(), current().actor, excuse, grants=grants, answer=form.answer.text)
    flash("已确认情况说明，预警单列到有效期满" if grants else "未采纳，预警照常显示")
    return redirect(safe_next(request.form.get("next")) or url_for(".list_warnings", tab="asked"), 303)
