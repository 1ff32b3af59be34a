"""Uploading a ledger, its verdict row by row, confirming it, and the empty template."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.jobs.models import Job
from app.jobs.operations import ask_for
from app.jobs.queries import jobs_about
from app.jobs.rules import IMPORTS, JobKind
from app.kernel import clock
from app.kernel.errors import DomainError
from app.ledger.models import BatchState, ImportBatch
from app.ledger.operations import ask_judging, begin_batch, confirm_batch, write_empty_ledger
from app.ledger.queries import get_batch, list_batches, list_rows
from app.ledger.rules import Verdict
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.jobs.queueing import how_far, queue_after_commit
from app.web.ledger.forms import UploadForm
from app.web.session import config, current, db

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")
SHOWN = (Verdict.refused, Verdict.question, Verdict.new, Verdict.changed)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_ROWS = 500


@blueprint.route("/", methods=["GET", "POST"])
@needs(Permission.import_ledger)
def list_imports() -> BaseResponse:
    """The upload form and the imports so far; a posted file becomes a batch that is judged in the background."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            batch = begin_batch(
                db(),
                current().actor,
                file_name=form.file.data.filename,
                content=form.file.data.read(),
                folder=config().instance_path,
                add_lists=form.add_lists.data,
            )
        except DomainError as error:
            refuse(form, error)
        else:
            title = f"识别台账 {batch.file_name}"
            queue_after_commit(
                ask_for(db(), current().actor, JobKind.read, title, now=clock.now(), about_id=batch.id)
            )
            return redirect(url_for(".show_import", batch_id=batch.id), 303)
    batches = list_batches(db(), current().zone.id)
    jobs = jobs_about(
        db(), current().zone.id, IMPORTS, [batch.id for batch in batches if batch.state.running]
    )
    states = [(batch, _state(batch, jobs.get(batch.id))) for batch in batches]
    return show_form("ledger/imports.html", form, batches=states)


@blueprint.get("/<int:batch_id>")
@needs(Permission.import_ledger)
def show_import(batch_id: int) -> str:
    """How far an import is, and its verdicts."""
    batch = get_batch(db(), current().zone.id, batch_id)
    state = _state(batch, _job(batch))
    report = batch.report or {"counts": {}, "notes": [], "added_lists": {}}
    rows = [row for verdict in SHOWN for row in list_rows(db(), batch, verdicts=[verdict], size=SHOWN_ROWS)]
    return render_template(
        "ledger/import.html",
        batch=batch,
        state=state,
        report=report,
        rows=rows[:SHOWN_ROWS],
        hidden_rows=max(0, len(rows) - SHOWN_ROWS),
        verdicts=list(Verdict),
        kinds={"new": "a", "changed": "o", "same": "", "question": "w", "refused": "b"},
    )


@blueprint.get("/<int:batch_id>/progress")
@needs(Permission.import_ledger)
def show_progress(batch_id: int) -> Response:
    """How far a running import is, for the page's bar."""
    batch = get_batch(db(), current().zone.id, batch_id)
    return jsonify(_state(batch, _job(batch)))


@blueprint.post("/<int:batch_id>/confirm")
@needs(Permission.import_ledger)
def confirm(batch_id: int) -> BaseResponse:
    """Judge a ledger that was recognised, write one that was judged."""
    batch = get_batch(db(), current().zone.id, batch_id)
    if batch.state is BatchState.recognised:
        ask_judging(db(), current().actor, batch)
        kind = JobKind.judge
    else:
        confirm_batch(db(), current().actor, batch)
        kind = JobKind.write
    title = f"{kind.label} {batch.file_name}"
    queue_after_commit(ask_for(db(), current().actor, kind, title, now=clock.now(), about_id=batch.id))
    return redirect(url_for(".show_import", batch_id=batch.id), 303)


@blueprint.get("/template.xlsx")
@needs(Permission.read)
def download_template() -> Response:
    """The empty ledger with drop-downs from the zone's lists."""
    stream = io.BytesIO()
    write_empty_ledger(db(), current().zone, stream)
    stream.seek(0)
    return send_file(
        stream, XLSX, as_attachment=True, download_name=f"{current().zone.name}招商引资项目台账模板.xlsx"
    )


def _job(batch: ImportBatch) -> Job | None:
    records = [batch.id] if batch.state.running else []
    return jobs_about(db(), batch.zone_id, IMPORTS, records).get(batch.id)


def _state(batch: ImportBatch, job: Job | None) -> dict[str, Any]:
    """State, Chinese words for it, step and percent."""
    kind = {BatchState.done: "a", BatchState.failed: "b", BatchState.undone: ""}.get(batch.state, "w")
    step, percent, running = batch.step, batch.percent, batch.state.running
    word, kind = batch.state.label, "o" if running else kind
    if running and job is not None:
        said = how_far(job)
        step, percent = said.step, said.percent
    return {"running": running, "word": word, "kind": kind, "step": step, "percent": percent}
