"""One filled form: how far it is, its file, and how its sums compare with the figures."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template

from app.accounts.rules import Permission
from app.jobs.models import Job
from app.jobs.queries import jobs_about
from app.jobs.rules import JobKind
from app.kernel.periods import Month
from app.reporting.models import ReportFill
from app.reporting.queries import get_fill
from app.web.guards import needs
from app.web.jobs.queueing import how_far
from app.web.reporting.blueprint import blueprint
from app.web.session import current, db

RESULTS = {True: ("一致", "a"), None: ("有差额", "w"), False: ("不一致", "b")}


@blueprint.get("/fills/<int:fill_id>")
@needs(Permission.fill_form)
def show_fill(fill_id: int) -> str:
    """The result of filling a form for a month."""
    fill = get_fill(db(), current().zone.id, fill_id)
    job = _job(fill)
    outcome = fill.outcome or {"rows": 0, "cells": 0, "checks": []}
    return render_template(
        "reporting/fill.html",
        fill=fill,
        job=job,
        state=_state(job),
        month=Month(fill.year, fill.month),
        outcome=outcome,
        results=RESULTS,
        own=job is not None and job.made_by == current().user_id,
    )


@blueprint.get("/fills/<int:fill_id>/progress")
@needs(Permission.fill_form)
def show_progress(fill_id: int) -> Response:
    """How far it is, for the page's bar."""
    return jsonify(_state(_job(get_fill(db(), current().zone.id, fill_id))))


def _job(fill: ReportFill) -> Job | None:
    return jobs_about(db(), fill.zone_id, [JobKind.fill], [fill.id]).get(fill.id)


def _state(job: Job | None) -> dict[str, Any]:
    if job is None or job.state.ended:
        return {"running": False, "step": "", "percent": 100}
    said = how_far(job)
    return {"running": True, "step": said.step, "percent": said.percent}
