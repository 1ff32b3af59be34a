"""What people write in a draft: paragraphs as JSON while they type, sections by a form."""

from __future__ import annotations

from typing import Any

from flask import abort, jsonify, request
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.briefs.operations.prose import (
    add_paragraph,
    leave_out,
    set_outline,
    use_generated,
    write_paragraph,
)
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.web.briefs.blueprint import blueprint
from app.web.briefs.documents import ONE, back_to, get_seen
from app.web.briefs.forms import StepForm, read_outline
from app.web.guards import needs
from app.web.session import current, db


@blueprint.post(f"{ONE}/paragraphs/<string:key>")
@needs(Permission.make_brief)
def save_paragraph(document_id: int, key: str) -> Any:
    """The words of one paragraph, as JSON ``{"runs": […], "version": n}``; answers with its new version."""
    document, sent = get_seen(document_id), _sent()
    try:
        row = write_paragraph(
            db(), current().actor, document, key, sent.get("runs"), version=_version(sent), now=clock.now()
        )
    except DomainError as error:
        return _refused(error)
    return jsonify(
        {"version": row.version, "document": document.version, "said": f"{row.written_name} 已保存"}
    )


@blueprint.post(f"{ONE}/sections/<string:section>/paragraphs")
@needs(Permission.make_brief)
def new_paragraph(document_id: int, section: str) -> Any:
    """A free paragraph behind the one named in ``after``; the page shows the paper anew."""
    document, sent = get_seen(document_id), _sent()
    try:
        row = add_paragraph(
            db(),
            current().actor,
            document,
            section,
            sent.get("runs"),
            after=str(sent.get("after", "")),
            now=clock.now(),
        )
    except DomainError as error:
        return _refused(error)
    return jsonify({"key": row.key, "version": row.version})


@blueprint.post(f"{ONE}/paragraphs/<string:key>/<any(leave,restore):what>")
@needs(Permission.make_brief)
def change_paragraph(document_id: int, key: str, what: str) -> Response:
    """不印本段 (a free paragraph is removed), or back to the system's words."""
    document = get_seen(document_id)
    form = StepForm()
    if not form.validate_on_submit():
        abort(400)
    version = form.version.data or 0
    if what == "leave":
        leave_out(db(), current().actor, document, key, version=version, now=clock.now())
    else:
        use_generated(db(), current().actor, document, key, version=version)
    return back_to(document, key.split(".")[0])


@blueprint.post(f"{ONE}/outline")
@needs(Permission.make_brief)
def change_outline(document_id: int) -> Response:
    """Order, names, which are printed, and a new section: one row of fields each."""
    document = get_seen(document_id)
    form = StepForm()
    if not form.validate_on_submit():
        abort(400)
    outline = read_outline(request.form)
    set_outline(db(), current().actor, document, outline, version=form.version.data or 0)
    return back_to(document)


def _sent() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        abort(400)
    return sent


def _version(sent: dict[str, Any]) -> int:
    version = sent.get("version")
    return version if isinstance(version, int) and not isinstance(version, bool) else -1


def _refused(error: DomainError) -> Any:
    """A refusal the page can put beside the paragraph; the status makes the request roll back."""
    return jsonify({"message": error.message}), 409 if isinstance(error, ConflictError) else 422
