"""Uploading a ledger, its verdict row by row, confirming it, and the empty template."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.kernel import clock
from app.kernel.errors import DomainError
from app.ledger.models import BatchState, ImportBatch
from app.ledger.operations import begin_batch, confirm_batch, get_batch, heard, write_empty_ledger
from app.ledger.queries import list_batches
from app.ledger.rules import Verdict
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.jobs import start_after_commit
from app.web.ledger.forms import UploadForm
from app.web.session import config, current, db

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")
RUNNING = (BatchState.reading, BatchState.writing)
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
            start_after_commit("ledger", "run-batch", str(batch.zone_id), str(batch.id))
            return redirect(url_for(".show_import", batch_id=batch.id), 303)
    batches = [(batch, _state(batch)) for batch in list_batches(db(), current().zone.id)]
    return show_form("ledger/imports.html", form, batches=batches)


@blueprint.get("/<int:batch_id>")
@needs(Permission.import_ledger)
def show_import(batch_id: int) -> str:
    """How far an import is, and its verdicts."""
    batch = get_batch(db(), current().zone.id, batch_id)
    state = _state(batch)
    report = batch.report or {"counts": {}, "rows": [], "notes": [], "added_lists": {}}
    rows = sorted(report["rows"], key=lambda row: row["verdict"] != Verdict.refused)
    return render_template(
        "ledger/import.html",
        batch=batch,
        state=state,
        report=report,
        rows=rows[:SHOWN_ROWS],
        hidden_rows=max(0, len(rows) - SHOWN_ROWS),
        verdicts=list(Verdict),
        kinds={"new": "a", "changed": "o", "same": "", "refused": "b"},
    )


@blueprint.get("/<int:batch_id>/progress")
@needs(Permission.import_ledger)
def show_progress(batch_id: int) -> Response:
    """How far a running import is, for the page's bar."""
    return jsonify(_state(get_batch(db(), current().zone.id, batch_id)))


@blueprint.post("/<int:batch_id>/confirm")
@needs(Permission.import_ledger)
def confirm(batch_id: int) -> BaseResponse:
    """Write a ledger that was judged without objection."""
    batch = get_batch(db(), current().zone.id, batch_id)
    confirm_batch(db(), current().actor, batch)
    start_after_commit("ledger", "run-batch", str(batch.zone_id), str(batch.id))
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


def _state(batch: ImportBatch) -> dict[str, Any]:
    """State, Chinese words for it, step and percent; a process that fell silent has failed."""
    words = {
        BatchState.reading: ("正在核对", "o"),
        BatchState.judged: ("核对通过，待确认", "w"),
        BatchState.writing: ("正在写入", "o"),
        BatchState.done: ("已导入", "a"),
        BatchState.refused: ("有问题，未导入", "b"),
        BatchState.failed: ("未能读取", "b"),
    }
    word, kind = words[batch.state]
    step, percent, running = batch.step, batch.percent, batch.state in RUNNING
    if running:
        step, percent, silent = heard(config().instance_path, batch, clock.now())
        if silent:
            word, kind, running = "已中断", "b", False
            step = "处理过程中断，没有写入任何数据，请重新上传"
    return {"running": running, "word": word, "kind": kind, "step": step, "percent": percent}
