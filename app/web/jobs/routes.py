"""What is being done in the background and what came of it: mine, and for the administrator the zone's."""

from __future__ import annotations

from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.briefs.operations.steps import begin_again as make_again
from app.briefs.queries import get_brief
from app.jobs.models import Job
from app.jobs.operations import Said, ask_again, ask_for, file_of, is_served
from app.jobs.queries import Mine, count_jobs, get_job, list_jobs, list_open
from app.jobs.rules import IMPORTS, JobKind, JobState
from app.kernel import clock
from app.kernel.errors import DomainError, NotFoundError
from app.kernel.text import clean
from app.ledger.models import BatchState
from app.ledger.operations import begin_again as import_again
from app.ledger.queries import get_batch
from app.web.downloads import DOCX, XLSX
from app.web.guards import guard_of, needs, safe_next
from app.web.jobs.forms import ExportForm
from app.web.jobs.queueing import COOKIE, how_far, queue_after_commit
from app.web.lists import PAGE, read_page
from app.web.session import MONTH_COOKIE, UNIT_COOKIE, config, current, db

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")
BRIEFS = (JobKind.brief, JobKind.draft)
EDITIONS = (JobKind.word, JobKind.phone)
STATES = {
    JobKind.read: BatchState.reading,
    JobKind.judge: BatchState.judging,
    JobKind.write: BatchState.writing,
    JobKind.undo: BatchState.undoing,
}
NEEDED = {
    JobKind.brief: Permission.make_brief,
    JobKind.draft: Permission.make_brief,
    **dict.fromkeys(IMPORTS, Permission.import_ledger),
    JobKind.close: Permission.close_month,
    JobKind.export: Permission.read,
    JobKind.fill: Permission.fill_form,
    JobKind.word: Permission.read,
    JobKind.phone: Permission.read,
}
TYPES = {".xlsx": XLSX, ".pdf": "application/pdf", ".docx": DOCX}
LOOKS = {JobState.waiting: "", JobState.running: "o", JobState.done: "a", JobState.failed: "b"}
MAX_EXPORTS = 5


@dataclass(frozen=True)
class Line:
    """One job on the page."""

    job: Job
    look: str
    said: Said
    address: str | None
    """Where what it works on is seen."""
    own: bool
    fetchable: bool
    repeatable: bool


def _mine() -> Mine:
    return Mine(current().user_id, with_system=current().may(Permission.make_brief))


def _own(job_id: int) -> Job:
    job = get_job(db(), current().zone.id, job_id)
    if not _mine().holds(job):
        raise NotFoundError("没有这项任务，可能不属于您")
    return job


@blueprint.get("/")
@needs(Permission.read)
def list_all() -> str:
    """My jobs, newest first; with ``?all=1`` those of the zone, for the administrator."""
    whole = "all" in request.args and current().may(Permission.administer)
    zone_id, mine = current().zone.id, None if whole else _mine()
    total = count_jobs(db(), zone_id, mine)
    page, pages = read_page(request.args, total)
    jobs = list_jobs(db(), zone_id, mine, offset=(page - 1) * PAGE, limit=PAGE)
    lines = [_line(job) for job in jobs]
    return render_template(
        "jobs/jobs.html",
        lines=lines,
        whole=whole,
        served=is_served(config().instance_path),
        going=any(line.own and not line.job.state.ended for line in lines),
        page=page,
        pages=pages,
        total=total,
    )


@blueprint.get("/running")
@needs(Permission.read)
def show_running() -> Response:
    """How far my jobs are, for the page's bars and the sign in the frame of every page."""
    jobs = list_open(db(), current().zone.id, _mine())
    said = {str(job.id): how_far(job) for job in jobs}
    answer = jsonify({key: {"step": each.step, "percent": each.percent} for key, each in said.items()})
    if not jobs:
        answer.delete_cookie(COOKIE, path="/")
    return answer


@blueprint.post("/export")
@needs(Permission.read)
def ask_export() -> BaseResponse:
    """Have a long table written in the background."""
    form = ExportForm()
    address = safe_next(form.address.data)
    if not form.validate_on_submit() or address is None:
        abort(400)
    permission = _export_permission(address)
    if permission is None:
        abort(400)
    if not current().may(permission):
        abort(403)
    running = [job for job in list_open(db(), current().zone.id, _mine()) if job.kind is JobKind.export]
    cookies = {name: request.cookies[name] for name in (MONTH_COOKIE, UNIT_COOKIE) if name in request.cookies}
    arguments = {"address": address, "cookies": cookies}
    if all(job.arguments != arguments for job in running):
        if len(running) >= MAX_EXPORTS:
            raise DomainError(f"已有 {MAX_EXPORTS} 份表格在导出，请等其中一份完成后再导")
        title = clean(form.name.data or "")[:150] or "表格"
        queue_after_commit(
            ask_for(db(), current().actor, JobKind.export, title, now=clock.now(), arguments=arguments)
        )
    return redirect(url_for(".list_all"), 303)


@blueprint.post("/<int:job_id>/retry")
@needs(Permission.read)
def retry(job_id: int) -> BaseResponse:
    """Try a failed job once more."""
    job = _own(job_id)
    if not current().may(NEEDED[job.kind]):
        abort(403)
    ask_again(db(), current().actor, job, now=clock.now())
    if job.about_id is not None and job.kind in BRIEFS:
        make_again(db(), get_brief(db(), job.zone_id, job.about_id), now=clock.now())
    elif job.about_id is not None and job.kind in IMPORTS:
        import_again(db(), get_batch(db(), job.zone_id, job.about_id), STATES[job.kind])
    queue_after_commit(job)
    flash(f"已重新提交“{job.title}”")
    return redirect(url_for(".list_all"), 303)


@blueprint.get("/<int:job_id>/file")
@needs(Permission.read)
def download(job_id: int) -> Response:
    """The file that my job made."""
    job = _own(job_id)
    path = file_of(config().instance_path, job)
    if job.file_name is None or not path.is_file():
        raise NotFoundError("文件已过保存期限，请重新导出")
    shown = job.kind is JobKind.phone
    return send_file(path, TYPES[job.kind.suffix], as_attachment=not shown, download_name=job.file_name)


def _line(job: Job) -> Line:
    own = _mine().holds(job)
    address = None
    if job.kind is JobKind.close:
        address = url_for("closing.show_month", period=(job.arguments or {})["month"])
    elif job.kind in EDITIONS:
        address = url_for("briefs.edit_document", document_id=(job.arguments or {})["document"])
    elif job.about_id is not None and current().may(NEEDED[job.kind]):
        if job.kind in BRIEFS:
            address = url_for("briefs.show_brief", brief_id=job.about_id)
        elif job.kind is JobKind.fill:
            address = url_for("reporting.show_fill", fill_id=job.about_id)
        elif job.kind in IMPORTS:
            address = url_for("ledger.show_import", batch_id=job.about_id)
    return Line(
        job=job,
        look=LOOKS[job.state],
        said=Said(job.said, 100) if job.state.ended else how_far(job),
        address=address,
        own=own,
        fetchable=own and job.file_name is not None,
        repeatable=own and job.state is JobState.failed and current().may(NEEDED[job.kind]),
    )


def _export_permission(address: str) -> Permission | None:
    """What the export at ``address`` asks for; None when there is no export."""
    try:
        endpoint, _values = current_app.create_url_adapter(request).match(  # type: ignore[union-attr]
            address.partition("?")[0], method="GET"
        )
    except HTTPException:
        return None
    if not endpoint.rpartition(".")[2].startswith("export_"):
        return None
    return guard_of(current_app, endpoint)
