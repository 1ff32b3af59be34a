"""What the forms of this area share: who may write, the scan that comes along, correcting with both versions in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.audit.queries import list_entries
from app.files.operations import Upload, add_files
from app.kernel.errors import ConflictError, DomainError
from app.pipeline.models import Commitment, Contract, ContractReview, Project
from app.pipeline.queries import get_commitment, get_contract, get_project, get_review
from app.web.errors import refuse, show_form
from app.web.files.forms import allow_uploads
from app.web.forms import Form
from app.web.pipeline.blueprint import blueprint
from app.web.pipeline.conflict import BASE, base_of, differences, sent_fields, settle
from app.web.session import config, current, db

SOURCE = "网页登记"
WITH_SCAN = frozenset(f"pipeline.{name}" for name in ("sign_contract", "record_review", "settle_commitment"))
AnyForm = TypeVar("AnyForm", bound=Form)


@blueprint.url_value_preprocessor
def _allow_scans(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Scans make these forms larger than others; must be said before anything reads one."""
    if endpoint in WITH_SCAN:
        allow_uploads()


def own_project(project_id: int) -> Project:
    """The project, for somebody who may change it; locked while it is being changed."""
    project = get_project(db(), current().zone.id, project_id, lock=request.method == "POST")
    if not current().scope.may_edit_unit(project.unit_id):
        abort(403)
    return project


def own_contract(contract_id: int) -> tuple[Contract, Project]:
    """The contract and its project, for somebody who may change them."""
    project = own_project(get_contract(db(), current().zone.id, contract_id).project_id)
    contract = get_contract(db(), current().zone.id, contract_id)
    return contract, project


def own_review(review_id: int) -> tuple[ContractReview, Project]:
    """The opinion and its project, for somebody who may change them."""
    review = get_review(db(), current().zone.id, review_id)
    return review, own_project(review.project_id)


def own_commitment(commitment_id: int) -> tuple[Commitment, Project]:
    """The commitment and its project, for somebody who may change them."""
    commitment = get_commitment(db(), current().zone.id, commitment_id)
    return commitment, own_project(commitment.project_id)


def terms_address(project: Project, anchor: str = "") -> str:
    """Where the terms of the project are shown."""
    return url_for("pipeline.show_terms", project_id=project.id, _anchor=anchor or None)


def add_scan(uploads: list[Upload], entity: str, entity_id: int, label: str) -> None:
    """Hang what came with the form on the record; nothing when nothing came."""
    if uploads:
        add_files(
            db(),
            current().actor,
            uploads,
            entity=entity,
            entity_id=entity_id,
            label=label,
            folder=config().instance_path,
        )


def version_of(form: Any) -> int:
    """The version that was on the page; a form without one was not ours."""
    text = str(form.version.data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def submit(form: Form, save: Callable[[], Any], project: Project, done: str, anchor: str) -> Response | None:
    """Save what was sent and go back to the terms; None when it was refused or nothing was sent."""
    if not form.validate_on_submit():
        return None
    try:
        with db().begin_nested():
            save()
    except ConflictError as error:
        form.form_errors.append(error.message)
    except DomainError as error:
        refuse(form, error)
    else:
        flash(done)
        return redirect(terms_address(project, anchor), 303)
    return None


def correct(
    make: Callable[[MultiDict[str, str] | None], AnyForm],
    save: Callable[[AnyForm], Any],
    record: Contract | ContractReview | Commitment,
    project: Project,
    *,
    template: str,
    anchor: str,
    **page: Any,
) -> Response:
    """The form of a stored record; when somebody else has saved it meanwhile, both versions side by side.

    ``make`` makes the form from what was sent, or, with None, from what is stored.
    """
    stored = make(None)
    form = make(settle(request.form, stored)) if request.method == "POST" else stored
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                save(form)
        except ConflictError:
            db().refresh(record)
            return _show_conflict(form, make(None), record, project, anchor)
        except DomainError as error:
            refuse(form, error)
        else:
            flash("已更正，历史中留有原来的内容")
            return redirect(terms_address(project, anchor), 303)
    base = request.form.get(BASE) or base_of(form)
    return show_form(template, form, project=project, record=record, base=base, **page)


def _show_conflict(mine: Form, theirs: Form, record: Any, project: Project, anchor: str) -> Response:
    last = list_entries(db(), project.zone_id, {"project": [project.id]}, limit=1)
    page = render_template(
        "contracts/conflict.html",
        project=project,
        record=record,
        back=terms_address(project, anchor),
        differences=differences(request.form.get(BASE, ""), mine, theirs),
        sent=sent_fields(request.form),
        last=last[0] if last else None,
    )
    return make_response(page, 409)
