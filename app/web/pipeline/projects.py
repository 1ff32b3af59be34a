"""The page of one project, and the forms."""

from __future__ import annotations

import re

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.audit.queries import get_entry, list_entries
from app.funds.operations import check_contract_covers, follow_handover
from app.investors.operations import register_investor
from app.investors.queries import list_names
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.leads.queries import may_read_lead
from app.pipeline import operations
from app.pipeline.models import Project
from app.pipeline.queries import get_project, next_number
from app.web.errors import refuse, show_form
from app.web.files.shelf import shelf_of
from app.web.files.subjects import get_subject
from app.web.guards import needs
from app.web.lists import read_text
from app.web.pipeline.blueprint import ONE, blueprint
from app.web.pipeline.columns import share
from app.web.pipeline.conflict import BASE, base_of, differences, sent_fields
from app.web.pipeline.day import as_of
from app.web.pipeline.forms import ProjectForm, SupplementForm
from app.web.pipeline.opening import form_lists, open_form, stored_values
from app.web.pipeline.page import project_page
from app.web.session import current, db
from app.web.warnings.project import warnings_of_project

SOURCE = "网页登记"
"""Where milestones entered here say they come from."""


@blueprint.get(ONE)
@needs(Permission.read)
def show_project(project_id: int) -> str:
    """One project: head, stage rail, money, facts, contracts, arrivals, files, history."""
    project = get_project(db(), current().zone.id, project_id)
    page = project_page(db(), project, as_of(), view=request.args.get("news", ""))
    return render_template(
        "pipeline/project.html",
        **page,
        **warnings_of_project(project),
        share=share,
        may_edit=current().scope.may_edit_unit(project.unit_id),
        lead_open=page["lead"] is not None and may_read_lead(current().scope, page["lead"]),
        shelf=shelf_of(get_subject("project", project.id)),
    )


@blueprint.get("/investors")
@needs(Permission.enter)
def suggest_investors() -> list[str]:
    """Names of companies that contain what is being typed."""
    text = read_text(request.args)
    return list_names(db(), current().zone.id, text) if len(text) > 1 else []


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.enter)
def register_project() -> Response:
    """The form of a new project; its number is proposed."""
    zone, today = current().zone, clock.today()
    number = next_number(db(), zone.id, zone.number_prefix, today.year)
    form = open_form(db(), current().scope, None, {"number": number, "unit_id": current().scope.unit_id})
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                investor = register_investor(db(), current().actor, form.investor_data())
                project = operations.register_project(
                    db(), current().actor, investor.id, form.project_data(), today=today, source=SOURCE
                )
        except DomainError as error:
            refuse(form, error)
        else:
            flash(f"已登记项目“{project.name}”")
            return redirect(url_for(".show_project", project_id=project.id), 303)
    return show_form("pipeline/project_form.html", form, project=None, **form_lists(db(), zone.id))


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
@needs(Permission.enter)
def save_project(project_id: int) -> Response:
    """The form of a stored project; when somebody else has saved it meanwhile, both versions side by side."""
    project = _own_project(project_id)
    stored = stored_values(db(), project)
    form = open_form(db(), current().scope, project, stored, sent=request.form)
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                _save(form, project)
        except ConflictError:
            db().refresh(project)
            return _show_conflict(form, project)
        except DomainError as error:
            refuse(form, error)
        else:
            flash("已保存")
            return redirect(url_for(".show_project", project_id=project.id), 303)
    base = request.form.get(BASE) or base_of(form)
    lists = form_lists(db(), project.zone_id)
    return show_form("pipeline/project_form.html", form, project=project, base=base, **lists)


@blueprint.route(f"{ONE}/supplements/new", methods=["GET", "POST"])
@needs(Permission.enter)
def sign_supplement(project_id: int) -> Response:
    """The form of a supplementary agreement."""
    project = _own_project(project_id)
    form = SupplementForm()
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                operations.sign_supplement(
                    db(),
                    current().actor,
                    project,
                    number=form.number.text,
                    signed_on=form.signed_on.data,
                    amount_fen=form.amount.data,
                    today=clock.today(),
                )
        except DomainError as error:
            refuse(form, error)
        else:
            flash("已登记补充协议")
            return redirect(url_for(".show_project", project_id=project.id), 303)
    return show_form("pipeline/supplement_form.html", form, project=project)


@blueprint.post(f"{ONE}/restore")
@needs(Permission.enter)
def restore_value(project_id: int) -> Response:
    """Bring one field back to what it was before an entry of the history."""
    project = _own_project(project_id)
    asked, version = request.form.get("entry", ""), request.form.get("version", "")
    if not (re.fullmatch(r"[0-9]{1,15}", asked) and re.fullmatch(r"[0-9]{1,9}", version)):
        raise DomainError("请在项目页“历史”中点“恢复”")
    entry = get_entry(db(), project.zone_id, "project", project.id, int(asked))
    field = request.form.get("field", "")
    operations.restore_value(
        db(), current().actor, project, entry, field, version=int(version), today=clock.today()
    )
    check_contract_covers(db(), project)
    flash("已恢复，历史中留有记录")
    return redirect(url_for(".show_project", project_id=project.id, _anchor="history"), 303)


def _own_project(project_id: int) -> Project:
    """The project, for somebody who may change it; locked while it is being changed."""
    writing = request.method == "POST"
    project = get_project(db(), current().zone.id, project_id, lock=writing)
    if not current().scope.may_edit_unit(project.unit_id):
        abort(403)
    return project


def _save(form: ProjectForm, project: Project) -> None:
    today, unit = clock.today(), project.unit_id
    data = form.project_data()
    if form.version.data != str(project.version):
        raise ConflictError("该项目刚刚被其他人修改")
    investor = register_investor(db(), current().actor, form.investor_data())
    operations.save_project(
        db(), current().actor, project, investor.id, data, today=today, source=SOURCE, version=project.version
    )
    if project.unit_id != unit:
        follow_handover(db(), project, from_on=data.unit_from or today)
    check_contract_covers(db(), project)


def _show_conflict(mine: ProjectForm, project: Project) -> Response:
    theirs = open_form(db(), current().scope, project, stored_values(db(), project), sent=MultiDict())
    last = list_entries(db(), project.zone_id, {"project": [project.id]}, limit=1)
    page = render_template(
        "pipeline/conflict.html",
        project=project,
        form=mine,
        differences=differences(request.form.get(BASE, ""), mine, theirs),
        sent=sent_fields(request.form),
        last=last[0] if last else None,
    )
    return make_response(page, 409)
