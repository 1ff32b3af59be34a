"""Uploading a ledger, the imports so far, how far one is, and the empty template."""

from __future__ import annotations

import io

from flask import Response, flash, jsonify, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.jobs.queries import jobs_about
from app.jobs.rules import IMPORTS, JobKind
from app.kernel.errors import DomainError
from app.ledger.operations import begin_batch, file_of, write_empty_ledger
from app.ledger.queries import list_batches, rows_by_verdict
from app.web.downloads import XLSX
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.ledger.blueprint import ONE, PAGES, ask, blueprint, job_of, own_batch, page_of, standing
from app.web.ledger.counts import counts_of
from app.web.ledger.forms import UploadForm
from app.web.session import config, current, db


@blueprint.route("/", methods=["GET", "POST"])
@needs(Permission.import_ledger)
def list_imports() -> BaseResponse:
    """The upload form and the imports so far; a posted file becomes a batch that is read in the background."""
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
            ask(JobKind.read, batch)
            return redirect(url_for(".show_import", batch_id=batch.id), 303)
    batches = list_batches(db(), current().zone.id)
    going = [batch.id for batch in batches if batch.state.running]
    jobs = jobs_about(db(), current().zone.id, IMPORTS, going)
    rows = rows_by_verdict(db(), current().zone.id, [batch.id for batch in batches])
    lines = [
        (batch, standing(batch, jobs.get(batch.id)), counts_of(batch, rows.get(batch.id, {})))
        for batch in batches
    ]
    return show_form("ledger/imports.html", form, lines=lines)


@blueprint.get(ONE)
@needs(Permission.import_ledger)
def show_import(batch_id: int) -> BaseResponse | str:
    """Where the import goes on: the page of its step, or how far it is, or why it failed."""
    batch = own_batch(batch_id)
    if batch.state in PAGES:
        return redirect(page_of(batch))
    return render_template("ledger/import.html", batch=batch, state=standing(batch, job_of(batch)))


@blueprint.get(f"{ONE}/progress")
@needs(Permission.import_ledger)
def show_progress(batch_id: int) -> Response:
    """How far a running import is, for the page's bar."""
    batch = own_batch(batch_id)
    return jsonify(vars(standing(batch, job_of(batch))))


@blueprint.get(f"{ONE}/file")
@needs(Permission.import_ledger)
def download_file(batch_id: int) -> BaseResponse:
    """The file as it was uploaded."""
    batch = own_batch(batch_id)
    path = file_of(config().instance_path, batch)
    if not path.is_file():
        flash("原文件已不在服务器上，请联系系统管理员", "refused")
        return redirect(page_of(batch))
    return send_file(path, "application/octet-stream", as_attachment=True, download_name=batch.file_name)


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
