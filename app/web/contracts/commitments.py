"""Commitments of both sides: entering, correcting, what became of them."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.kernel import clock
from app.pipeline import operations
from app.pipeline.models import Commitment
from app.pipeline.queries import list_contracts
from app.pipeline.rules import ContractKind, Side
from app.web.contracts.editing import (
    add_scan,
    correct,
    own_commitment,
    own_project,
    submit,
    terms_address,
    version_of,
)
from app.web.contracts.forms import CommitmentForm, ReasonForm, SettleForm, commitment_values
from app.web.errors import show_form
from app.web.guards import needs
from app.web.pipeline.blueprint import ONE, blueprint
from app.web.session import current, db

OF_COMMITMENT = "/commitments/<int(max=9223372036854775807):commitment_id>"


@blueprint.route(f"{ONE}/commitments/new", methods=["GET", "POST"])
@needs(Permission.enter)
def record_commitment(project_id: int) -> Response:
    """The form of a new commitment; ``side`` in the address is whose."""
    project = own_project(project_id)
    contracts = list_contracts(db(), project.zone_id, project.id)
    asked = request.args.get("side", "")
    form = CommitmentForm(
        data={
            "side": next((side for side in Side if side == asked), None),
            "contract_id": next((c.id for c in contracts if c.kind is ContractKind.formal), None),
        }
    )
    form.offer_contracts(contracts)

    def save() -> None:
        operations.record_commitment(db(), current().actor, project, form.commitment_data())

    done = submit(form, save, project, "已登记承诺", "commitments")
    return done or show_form("contracts/commitment_form.html", form, project=project, record=None, base="")


@blueprint.route(f"{OF_COMMITMENT}/edit", methods=["GET", "POST"])
@needs(Permission.enter)
def correct_commitment(commitment_id: int) -> Response:
    """The form of a stored commitment."""
    commitment, project = own_commitment(commitment_id)
    contracts = list_contracts(db(), project.zone_id, project.id)

    def make(sent: Any) -> CommitmentForm:
        form = CommitmentForm(formdata=sent, data=commitment_values(commitment))
        form.offer_contracts(contracts)
        return form

    def save(form: CommitmentForm) -> None:
        operations.correct_commitment(
            db(), current().actor, project, commitment, form.commitment_data(), version=version_of(form)
        )

    return correct(
        make, save, commitment, project, template="contracts/commitment_form.html", anchor="commitments"
    )


@blueprint.route(f"{OF_COMMITMENT}/settle", methods=["GET", "POST"])
@needs(Permission.enter)
def settle_commitment(commitment_id: int) -> Response:
    """What became of it: kept, broken or waived, with evidence."""
    commitment, project = own_commitment(commitment_id)
    form = SettleForm(data={"version": commitment.version, "settled_on": clock.today()})
    form.offer_outcomes()

    def save() -> None:
        operations.settle_commitment(
            db(),
            current().actor,
            commitment,
            state=form.state.data,
            settled_on=form.settled_on.data,
            remark=form.settled_note.text,
            version=version_of(form),
            today=clock.today(),
        )
        add_scan(form.uploads(), "commitment", commitment.id, "兑现凭证")

    done = submit(form, save, project, "已登记兑现结果", "commitments")
    return done or show_form("contracts/settle_form.html", form, project=project, commitment=commitment)


@blueprint.route(f"{OF_COMMITMENT}/reopen", methods=["GET", "POST"])
@needs(Permission.enter)
def reopen_commitment(commitment_id: int) -> Response:
    """Take the outcome back, with a reason."""
    return _with_reason(
        commitment_id,
        operations.reopen_commitment,
        title="撤回兑现结果",
        advice="承诺回到“待兑现”，到期会再提醒。",
        verb="撤回结果",
        done="已撤回，承诺回到待兑现",
    )


@blueprint.route(f"{OF_COMMITMENT}/withdraw", methods=["GET", "POST"])
@needs(Permission.enter)
def withdraw_commitment(commitment_id: int) -> Response:
    """Undo an entry, with a reason."""
    return _with_reason(
        commitment_id,
        operations.withdraw_commitment,
        title="撤销承诺登记",
        advice="只用于登记有误。不再执行的承诺，请登记结果“停止执行”。",
        verb="撤销登记",
        done="已撤销登记，内容留在历史中",
    )


def _with_reason(commitment_id: int, operation: Any, *, done: str, **page: Any) -> Response:
    commitment, project = own_commitment(commitment_id)
    form = ReasonForm(data={"version": commitment.version})

    def save() -> None:
        operation(db(), current().actor, commitment, reason=form.reason.text, version=version_of(form))

    return submit(form, save, project, done, "commitments") or show_form(
        "contracts/reason_form.html",
        form,
        project=project,
        said=said_of(commitment),
        back=terms_address(project, "commitments"),
        **page,
    )


def said_of(commitment: Commitment) -> str:
    """园区承诺：……，2025-06-30 前"""
    due = f"，{commitment.due_on} 前" if commitment.due_on else ""
    return f"{commitment.side.label}承诺：{commitment.what}{due}"
