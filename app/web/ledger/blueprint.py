"""The blueprint that the steps of an import share, how far an import is, and where it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, request, url_for

from app.jobs.models import Job
from app.jobs.operations import ask_for
from app.jobs.queries import jobs_about
from app.jobs.rules import IMPORTS, JobKind
from app.kernel import clock
from app.ledger.models import BatchState, ImportBatch
from app.ledger.queries import get_batch
from app.web.jobs.queueing import how_far, queue_after_commit
from app.web.session import SAFE_METHODS, current, db

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")
ONE = "/<int(max=9223372036854775807):batch_id>"
LOOKS = {
    BatchState.reading: "o", BatchState.recognised: "w", BatchState.judging: "o", BatchState.judged: "w",
    BatchState.writing: "o", BatchState.done: "a", BatchState.undoing: "o", BatchState.undone: "", BatchState.failed: "b",
}  # fmt: skip
PAGES = {
    BatchState.recognised: "ledger.recognise",
    BatchState.judged: "ledger.verdicts",
    BatchState.done: "ledger.result",
    BatchState.undone: "ledger.result",
}
"""Where an import that waits for a person, or has ended, is seen."""


@dataclass(frozen=True)
class HowFar:
    """Where an import stands, in words."""

    running: bool
    word: str
    look: str
    step: str
    percent: int


def own_batch(batch_id: int) -> ImportBatch:
    """The import, of the person's zone; locked while something is decided about it."""
    return get_batch(db(), current().zone.id, batch_id, lock=request.method not in SAFE_METHODS)


def job_of(batch: ImportBatch) -> Job | None:
    """The job that has the import in hand."""
    return jobs_about(db(), batch.zone_id, IMPORTS, [batch.id]).get(batch.id)


def standing(batch: ImportBatch, job: Job | None) -> HowFar:
    """State, Chinese words for it, step and percent."""
    step, percent = batch.step, batch.percent
    if batch.state.running and job is not None:
        said = how_far(job)
        step, percent = said.step, said.percent
    return HowFar(batch.state.running, batch.state.label, LOOKS[batch.state], step, percent)


def ask(kind: JobKind, batch: ImportBatch) -> None:
    """Have the next part done in the background."""
    job = ask_for(
        db(), current().actor, kind, f"{kind.label} {batch.file_name}", now=clock.now(), about_id=batch.id
    )
    queue_after_commit(job)


def page_of(batch: ImportBatch) -> str:
    """The address at which the import goes on."""
    return url_for(PAGES.get(batch.state, "ledger.show_import"), batch_id=batch.id)


def asked_number(name: str, most: int = 10_000_000) -> int | None:
    """A whole number of the address; 404 for anything else."""
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 0 < int(text) <= most):
        abort(404)
    return int(text)
