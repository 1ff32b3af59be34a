"""Entering a contract, correcting it, undoing an entry, and entering it again."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.audit.queries import get_entry
from app.funds.operations import check_contract_covers
from app.kernel import clock
from app.kernel.errors import DomainError
from app.pipeline import operations
from app.pipeline.models import Project
from app.pipeline.queries import get_project
from app.pipeline.rules import ContractKind
from app.web.contracts.editing import (
    SOURCE,
    add_scan,
    correct,
    own_contract,
    own_project,
    submit,
    terms_address,
    version_of,
)
from app.web.contracts.forms import ContractForm, NewContractForm, ReasonForm, contract_values
from app.web.errors import show_form
from app.web.guards import needs
from app.web.pipeline.blueprint import ONE, blueprint
from app.web.session import current, db

OF_CONTRACT = "/contracts/<int(max=9223372036854775807):contract_id>"
AGREEMENTS = (ContractKind.framework, ContractKind.intent)


def kinds_for(project: Project) -> tuple[ContractKind, ...]:
    """Which kinds can be entered now: one formal contract, supplements after it, agreements at any time."""
    first = ContractKind.supplement if project.signed_on else ContractKind.formal
    return (first, *AGREEMENTS)


@blueprint.route(f"{ONE}/contracts/new", methods=["GET", "POST"])
@needs(Permission.enter)
def sign_contract(project_id: int) -> Response:
    """The form of a new contract; ``kind`` in the address is the one that is meant."""
    project = own_project(project_id)
    kinds = kinds_for(project)
    asked = request.args.get("kind", "")
    form = NewContractForm(data={"kind": next((kind for kind in kinds if kind == asked), kinds[0])})
    form.offer_kinds(kinds)

    def save() -> None:
        contract = operations.sign_contract(
            db(), current().actor, project, form.contract_data(), today=clock.today(), source=SOURCE
        )
        add_scan(form.uploads(), "contract", contract.id, f"{contract.kind.label}扫描件")

    done = submit(form, save, project, "已登记合同", "contracts")
    return done or show_form("contracts/contract_form.html", form, project=project, record=None, base="")


@blueprint.route(f"{OF_CONTRACT}/edit", methods=["GET", "POST"])
@needs(Permission.enter)
def correct_contract(contract_id: int) -> Response:
    """The form of a stored contract."""
    contract, project = own_contract(contract_id)

    def make(sent: Any) -> ContractForm:
        form = ContractForm(formdata=sent, data=contract_values(contract))
        form.offer_kinds(AGREEMENTS if contract.kind in AGREEMENTS else [contract.kind])
        return form

    def save(form: ContractForm) -> None:
        operations.correct_contract(
            db(),
            current().actor,
            project,
            contract,
            form.contract_data(),
            version=version_of(form),
            today=clock.today(),
            source=SOURCE,
        )
        check_contract_covers(db(), project)

    return correct(
        make,
        save,
        contract,
        project,
        template="contracts/contract_form.html",
        anchor=f"contract-{contract.id}",
    )


@blueprint.route(f"{OF_CONTRACT}/withdraw", methods=["GET", "POST"])
@needs(Permission.enter)
def withdraw_contract(contract_id: int) -> Response:
    """Undo an entry, with a reason; that of a formal contract, which moves the stage back, is the reviewer's."""
    contract, project = own_contract(contract_id)
    form = ReasonForm(data={"version": contract.version})

    def save() -> None:
        if contract.kind is ContractKind.formal and not current().may(Permission.review):
            raise DomainError("撤销正式合同会使项目退回签约之前，请由审核岗办理", "reason")
        operations.withdraw_contract(
            db(),
            current().actor,
            project,
            contract,
            reason=form.reason.text,
            version=version_of(form),
            today=clock.today(),
            source=SOURCE,
        )
        check_contract_covers(db(), project)

    done = submit(form, save, project, "已撤销登记，可在“已撤销的合同”中恢复", "contracts")
    return done or show_form(
        "contracts/reason_form.html",
        form,
        project=project,
        title="撤销合同登记",
        said=f"{contract.kind.label} {contract.number}，{contract.signed_on} 签订",
        advice="只用于登记有误。撤销后不再计入统计，内容留在历史中，可以恢复；合同履行中解除的，请填终止日期。",
        verb="撤销登记",
        back=terms_address(project, f"contract-{contract.id}"),
    )


@blueprint.post(f"{ONE}/contracts/restore")
@needs(Permission.enter)
def enter_again(project_id: int) -> Response:
    """Enter a contract again that was withdrawn, as it was."""
    project = own_project(project_id)
    asked = request.form.get("entry", "")
    if not re.fullmatch(r"[0-9]{1,15}", asked):
        raise DomainError("请在“已撤销的合同”中点“恢复”")
    entry = get_entry(db(), project.zone_id, "project", project.id, int(asked))
    operations.enter_again(db(), current().actor, project, entry, today=clock.today(), source=SOURCE)
    flash("已恢复登记")
    return redirect(terms_address(get_project(db(), project.zone_id, project.id), "contracts"), 303)
