"""The reviewers' queue of requests, and their decision."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.funds.operations import check_contract_covers
from app.kernel import clock
from app.kernel.errors import ConflictError
from app.pipeline.operations import approve_request, decline_request
from app.pipeline.queries import get_project, get_request, list_requests
from app.web.guards import needs
from app.web.session import current, db
from app.web.stages.blueprint import blueprint


@blueprint.get("/stage-requests")
@needs(Permission.review)
def review_requests() -> str:
    """What waits for a decision, oldest first, and what was decided last."""
    zone_id = current().zone.id
    return render_template(
        "stages/requests.html",
        waiting=list_requests(db(), zone_id),
        decided=list_requests(db(), zone_id, waiting=False, limit=20),
        today=clock.today(),
    )


@blueprint.post("/stage-requests/<int(max=9223372036854775807):request_id>")
@needs(Permission.review)
def decide_request(request_id: int) -> Response:
    """Consent, and the project moves; or refuse with a word. Never one's own request."""
    asked = get_request(db(), current().zone.id, request_id, lock=True)
    said = request.form.get("said", "")
    if request.form.get("decision") == "approve":
        project = get_project(db(), asked.zone_id, asked.project_id, lock=True)
        approve_request(db(), current().actor, asked, project, today=clock.today(), said=said)
        check_contract_covers(db(), project)
        flash(f"已同意，“{project.name}”现为“{project.stage.label}”")
    elif request.form.get("decision") == "decline":
        decline_request(db(), current().actor, asked, said=said)
        flash("已退回申请")
    else:
        raise ConflictError("请选择同意或不同意")
    return redirect(url_for(".review_requests"), 303)
