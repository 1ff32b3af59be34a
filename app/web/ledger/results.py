"""结果: what an import wrote, the figures before and after, its undo and what that left."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rules import Permission
from app.jobs.rules import JobKind
from app.kernel.errors import DomainError
from app.ledger.models import BatchState, ImportBatch, ImportRow
from app.ledger.operations import ask_undo
from app.ledger.queries import count_taken, list_rows, verdict_counts
from app.ledger.rules import Verdict
from app.ledger.rules.report import RowOf
from app.web.guards import needs
from app.web.ledger.blueprint import ONE, ask, blueprint, own_batch, page_of
from app.web.ledger.counts import counts_of
from app.web.ledger.figures import figures_of
from app.web.lists import PAGE, read_page
from app.web.session import current, db


@blueprint.get(f"{ONE}/result")
@needs(Permission.import_ledger)
def result(batch_id: int) -> BaseResponse | str:
    """What was written, and what an undo left."""
    batch = own_batch(batch_id)
    if batch.state not in (BatchState.done, BatchState.undone):
        return redirect(page_of(batch))
    return render_template("ledger/result.html", **_page(batch))


@blueprint.post(f"{ONE}/undo")
@needs(Permission.import_ledger)
def undo(batch_id: int) -> BaseResponse:
    """Take the whole import back."""
    batch = own_batch(batch_id)
    try:
        ask_undo(db(), current().actor, batch)
    except DomainError as error:
        flash(error.message, "refused")
        return redirect(page_of(batch), 303)
    ask(JobKind.undo, batch)
    return redirect(url_for(".show_import", batch_id=batch.id), 303)


def _page(batch: ImportBatch) -> dict[str, Any]:
    counts = counts_of(batch, verdict_counts(db(), batch))
    total = count_taken(db(), batch)
    page, pages = read_page(request.args, total)
    rows = list_rows(db(), batch, taken=True, page=page, size=PAGE)
    return {
        "batch": batch,
        "counts": counts,
        "written": counts.new + counts.changed,
        "figures": figures_of(batch.figures),
        "report": batch.report or {},
        "written_rows": [(row, address_of(batch, row)) for row in rows],
        "undo_report": batch.undo_report or {},
        "total": total,
        "page": page,
        "pages": pages,
    }


def address_of(batch: ImportBatch, row: ImportRow) -> str | None:
    """Where the row's record is seen; nowhere when an undo has taken it out again."""
    if row.record_id is None or (batch.state is BatchState.undone and row.verdict is Verdict.new):
        return None
    if row.kind is RowOf.project:
        return url_for("pipeline.show_project", project_id=row.record_id)
    return url_for("funds.show_arrival", arrival_id=row.record_id) if row.kind is RowOf.arrival else None
