"""Opinions of 合法性审查 and 公平竞争审查."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.kernel import clock
from app.pipeline import operations
from app.pipeline.models import Project
from app.pipeline.queries import list_contracts
from app.pipeline.rules import ContractKind, ReviewKind
from app.web.contracts.editing import (
    add_scan,
    correct,
    own_project,
    own_review,
    submit,
    terms_address,
    version_of,
)
from app.web.contracts.forms import NewReviewForm, ReasonForm, ReviewForm, review_values
from app.web.errors import show_form
from app.web.guards import needs
from app.web.pipeline.blueprint import ONE, blueprint
from app.web.session import current, db

OF_REVIEW = "/reviews/<int(max=9223372036854775807):review_id>"


@blueprint.route(f"{ONE}/reviews/new", methods=["GET", "POST"])
@needs(Permission.enter)
def record_review(project_id: int) -> Response:
    """The form of a new opinion, with its scan."""
    project = own_project(project_id)
    contracts = list_contracts(db(), project.zone_id, project.id)
    asked = request.args.get("kind", "")
    form = NewReviewForm(
        data={
            "kind": next((kind for kind in ReviewKind if kind == asked), None),
            "contract_id": next((c.id for c in contracts if c.kind is ContractKind.formal), None),
        }
    )
    form.offer_contracts(contracts)

    def save() -> None:
        data = form.review_data()
        review = operations.record_review(db(), current().actor, project, data, today=clock.today())
        add_scan(form.uploads(), "contract_review", review.id, f"{data.kind.label}意见")

    done = submit(form, save, project, "已登记审查意见", "reviews")
    return done or show_form("contracts/review_form.html", form, project=project, record=None, base="")


@blueprint.route(f"{OF_REVIEW}/edit", methods=["GET", "POST"])
@needs(Permission.enter)
def correct_review(review_id: int) -> Response:
    """The form of a stored opinion."""
    review, project = own_review(review_id)
    contracts = _contracts_of(project)

    def make(sent: Any) -> ReviewForm:
        form = ReviewForm(formdata=sent, data=review_values(review))
        form.offer_contracts(contracts)
        return form

    def save(form: ReviewForm) -> None:
        operations.correct_review(
            db(),
            current().actor,
            project,
            review,
            form.review_data(),
            version=version_of(form),
            today=clock.today(),
        )

    return correct(make, save, review, project, template="contracts/review_form.html", anchor="reviews")


@blueprint.route(f"{OF_REVIEW}/withdraw", methods=["GET", "POST"])
@needs(Permission.enter)
def withdraw_review(review_id: int) -> Response:
    """Undo an entry, with a reason."""
    review, project = own_review(review_id)
    form = ReasonForm(data={"version": review.version})

    def save() -> None:
        operations.withdraw_review(
            db(), current().actor, review, reason=form.reason.text, version=version_of(form)
        )

    done = submit(form, save, project, "已撤销登记，内容留在历史中", "reviews")
    return done or show_form(
        "contracts/reason_form.html",
        form,
        project=project,
        title="撤销审查意见登记",
        said=f"{review.kind.label}，{review.body} {review.opined_on} 出具，{review.result.label}",
        advice="只用于登记有误。审查机构重新出具意见的，请另登记一条，以最新的一条为准。",
        verb="撤销登记",
        back=terms_address(project, "reviews"),
    )


def _contracts_of(project: Project) -> list[Any]:
    return list_contracts(db(), project.zone_id, project.id)
