"""The list of months with their briefs, a brief as pages and as a file, and the button that makes one."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.briefs.models import Brief, BriefState
from app.briefs.operations import file_of, page_of, start_brief
from app.briefs.queries import get_brief, list_documents, list_newest
from app.briefs.rules import is_silent
from app.jobs.models import Job
from app.jobs.queries import jobs_about
from app.jobs.rules import JobKind
from app.kernel import clock
from app.kernel.periods import Month
from app.web.briefs import commenting, editions, writing
from app.web.briefs.blueprint import blueprint
from app.web.briefs.documents import works_on_briefs
from app.web.briefs.forms import MakeForm
from app.web.guards import needs
from app.web.jobs import print_in_background
from app.web.jobs.queueing import how_far
from app.web.session import config, current, db, month_in_work

__all__ = ["blueprint", "commenting", "editions", "writing"]
MAKING = (JobKind.brief, JobKind.draft)
WORDS = {
    BriefState.making: ("正在生成", "o"),
    BriefState.ready: ("已生成", "a"),
    BriefState.failed: ("未生成", "b"),
}


@blueprint.get("/")
@needs(Permission.read)
def list_briefs() -> str:
    """The months of the year in work, and others that have a brief, each with its newest one."""
    works = works_on_briefs()
    newest = list_newest(db(), current().zone.id, drafts=works)
    made, jobs = {(brief.year, brief.month): brief for brief in newest}, _jobs(newest)
    documents = {
        (document.year, document.month): document
        for document in list_documents(db(), current().zone.id)
        if works or document.state.is_final
    }
    now, today = month_in_work(), clock.today()
    year = [Month(now.year, number, now.cutoff) for number in range(1, 13)]
    shown = {(m.year, m.month): m for m in year if m.window.start <= today}
    shown |= {key: Month(*key, now.cutoff) for key in (*made, *documents)}
    months = [
        {
            "month": month,
            "document": documents.get(key),
            "brief": made.get(key),
            "state": _state(made[key], jobs) if key in made else None,
        }
        for key, month in sorted(shown.items(), reverse=True)
    ]
    return render_template("briefs/briefs.html", months=months, form=MakeForm(), now=now)


@blueprint.post("/")
@needs(Permission.make_brief)
def make_brief() -> BaseResponse:
    """Begin a brief; it is made in the background. One that is being made already is shown instead."""
    form = MakeForm()
    if not form.validate_on_submit():
        abort(400)
    zone = current().zone
    month = Month.parse(form.month.data or "", zone.cutoff_day)
    brief, new = start_brief(db(), current().actor, zone, month=month, now=clock.now(), today=clock.today())
    if new:
        print_in_background(brief)
    return redirect(url_for(".show_brief", brief_id=brief.id), 303)


@blueprint.get("/<int:brief_id>")
@needs(Permission.read)
def show_brief(brief_id: int) -> str:
    """How far a brief is, or its pages."""
    brief = _brief(brief_id)
    month = Month(brief.year, brief.month, current().zone.cutoff_day)
    return render_template(
        "briefs/brief.html",
        brief=brief,
        month=month,
        state=_state(brief, _jobs([brief])),
        form=MakeForm(month=str(month)),
    )


@blueprint.get("/<int:brief_id>/progress")
@needs(Permission.read)
def show_progress(brief_id: int) -> Response:
    """How far a brief is, for the page's bar."""
    brief = _brief(brief_id)
    return jsonify(_state(brief, _jobs([brief])))


@blueprint.get("/<int:brief_id>/pages/<int:number>.png")
@needs(Permission.read)
def show_page(brief_id: int, number: int) -> Response:
    """One page as an image."""
    brief = _ready(brief_id)
    path = page_of(config().instance_path, brief, number)
    if not path.is_file():
        abort(404)
    return send_file(path, "image/png")


@blueprint.get("/<int:brief_id>/brief.pdf")
@needs(Permission.read)
def download(brief_id: int) -> Response:
    """The brief itself; with ``?open=1`` in the browser, where its figures can be clicked."""
    brief = _ready(brief_id)
    path = file_of(config().instance_path, brief)
    if not path.is_file():
        abort(404)
    name = f"{current().zone.name}{brief.year}年{brief.month}月招商引资工作简报.pdf"
    return send_file(path, "application/pdf", as_attachment="open" not in request.args, download_name=name)


def _brief(brief_id: int) -> Brief:
    """The brief; the file of a draft is as little for everybody as the draft."""
    brief = get_brief(db(), current().zone.id, brief_id)
    if brief.document_id is not None and not brief.issues and not works_on_briefs():
        abort(404)
    return brief


def _ready(brief_id: int) -> Brief:
    brief = _brief(brief_id)
    if brief.state is not BriefState.ready:
        abort(404)
    return brief


def _jobs(briefs: list[Brief]) -> dict[int, Job]:
    making = [brief.id for brief in briefs if brief.state is BriefState.making]
    return jobs_about(db(), current().zone.id, MAKING, making)


def _state(brief: Brief, jobs: dict[int, Job]) -> dict[str, Any]:
    """State in words, step and percent; one that no job makes and that never came to an end has failed."""
    word, kind = WORDS[brief.state]
    step, percent, running = brief.step, brief.percent, brief.state is BriefState.making
    job = jobs.get(brief.id)
    if running and job is not None and not job.state.ended:
        said = how_far(job)
        step, percent = said.step, said.percent
    elif running and is_silent(brief.made_at, clock.now()):
        word, kind, running = "已中断", "b", False
        step = "生成过程中断，没有生成文件，请重新生成"
    return {"running": running, "word": word, "kind": kind, "step": step, "percent": percent}
