"""The forms of the zone: uploading, copying, removing, asking for one to be filled."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.jobs.operations import ask_for
from app.jobs.queries import jobs_about
from app.jobs.rules import JobKind, JobState
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.reporting.models import ReportForm
from app.reporting.operations import begin_fill, copy_form, make_form, remove_form
from app.reporting.queries import get_form, list_fills, list_forms
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.jobs.queueing import queue_after_commit
from app.web.reporting.blueprint import blueprint
from app.web.reporting.forms import FillForm, PlainForm, UploadForm
from app.web.session import config, current, db, is_closed

OFFERED_MONTHS = 36
LOOKS = {JobState.waiting: "", JobState.running: "o", JobState.done: "a", JobState.failed: "b"}


@blueprint.get("/")
@needs(Permission.fill_form)
def list_all() -> BaseResponse:
    """The forms, and what was filled last."""
    return _page(UploadForm())


@blueprint.post("/new")
@needs(Permission.make_form)
def upload() -> BaseResponse:
    """Keep a superior's workbook; the page that ties it opens with what was recognised."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _page(form)
    try:
        made = make_form(
            db(),
            current().actor,
            name=form.name.text,
            file_name=form.file.data.filename or "",
            content=form.file.data.read(),
            folder=config().instance_path,
        )
    except DomainError as error:
        refuse(form, DomainError(error.message, error.field or "file"))
        return _page(form)
    flash(f"已识别“{made.name}”，请核对各列对应的字段，再保存")
    return redirect(url_for(".design", form_id=made.id), 303)


@blueprint.post("/<int:form_id>/copy")
@needs(Permission.make_form)
def copy(form_id: int) -> BaseResponse:
    """Another form on the same workbook."""
    form = get_form(db(), current().zone.id, form_id)
    PlainForm().validate_on_submit()
    made = copy_form(db(), current().actor, form)
    flash(f"已复制为“{made.name}”")
    return redirect(url_for(".design", form_id=made.id), 303)


@blueprint.post("/<int:form_id>/remove")
@needs(Permission.make_form)
def remove(form_id: int) -> BaseResponse:
    """The form is offered no more."""
    form = get_form(db(), current().zone.id, form_id)
    remove_form(db(), current().actor, form)
    flash(f"已删除“{form.name}”，以前填好的文件不受影响")
    return redirect(url_for(".list_all"), 303)


@blueprint.post("/<int:form_id>/fill")
@needs(Permission.fill_form)
def fill(form_id: int) -> BaseResponse:
    """Have the form filled for a month in the background."""
    form = get_form(db(), current().zone.id, form_id)
    asked = FillForm()
    month = Month.parse(asked.month.text, current().zone.cutoff_day) if asked.month.text else current().month
    return redirect(url_for(".show_fill", fill_id=ask_to_fill(form, month, live=asked.live.data)), 303)


def ask_to_fill(form: ReportForm, month: Month, *, live: bool = False) -> int:
    """Begin filling and queue the job; the id of the fill."""
    made = begin_fill(db(), current().actor, form, month, live=live)
    title = f"{form.name}（{month.label}）"
    job = ask_for(db(), current().actor, JobKind.fill, title, now=clock.now(), about_id=made.id)
    queue_after_commit(job)
    return made.id


def _page(form: UploadForm) -> BaseResponse:
    zone_id = current().zone.id
    fills = list_fills(db(), zone_id)
    jobs = jobs_about(db(), zone_id, [JobKind.fill], [one.id for one in fills])
    return show_form(
        "reporting/forms.html",
        form,
        forms=list_forms(db(), zone_id),
        fills=[(one, jobs.get(one.id)) for one in fills],
        looks=LOOKS,
        month=current().month,
        months=[(month, is_closed(month)) for month in _months()],
    )


def _months() -> list[Month]:
    """The months that are offered: the month in work and the last ones up to today's, newest first."""
    month = Month.of(clock.today(), current().zone.cutoff_day)
    found = [month := month if place == 0 else month.previous() for place in range(OFFERED_MONTHS)]
    return sorted({*found, current().month}, reverse=True)
