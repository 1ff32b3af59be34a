"""推进阶段: day, fields and papers in one go; what is handed in stays, also when the gate holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.directory.queries import list_choices
from app.funds.operations import check_contract_covers
from app.investors.operations import InvestorData, register_investor
from app.investors.rules import read_uscc
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.pipeline.models import Project
from app.pipeline.operations import ContractData, as_it_stands, hand_in, move_stage, save_project
from app.pipeline.queries import get_project, owed_papers
from app.pipeline.rules import ContractKind, GateError, GateKind, How, Stage
from app.web.errors import refuse, show_form
from app.web.files.forms import read_uploads
from app.web.forms import Form
from app.web.guards import needs
from app.web.pipeline.day import as_of
from app.web.session import config, current, db
from app.web.stages.blueprint import ONE, blueprint, own_project
from app.web.stages.forms import FILLABLE, AdvanceForm
from app.web.stages.gate import Gate, Road, gate_to, road_of

SOURCE = "推进阶段"
FILED = (GateKind.paper, GateKind.review)
"""What files can satisfy."""


@blueprint.route(f"{ONE}/advance", methods=["GET", "POST"])
@needs(Permission.enter)
def advance(project_id: int) -> Response:
    """The page that moves a project on, and keeps what its next gates ask for."""
    project = own_project(project_id)
    road = road_of(db(), project, as_of())
    form = _form(project, road)
    if not road.ahead:
        flash(f"项目现为“{project.stage.label}”，没有可推进的下一阶段")
        return redirect(url_for("pipeline.show_project", project_id=project.id), 303)
    to = form.to.data if form.to.data in road.ahead else road.ahead[0]
    gate = gate_to(db(), project, road.base, to)
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                kept = _keep(project, form, gate)
        except DomainError as error:
            project = get_project(db(), current().zone.id, project_id)
            refuse(form, error)
        else:
            return _move(project, form, to, kept)
    return _page(form, project, road, gate)


def _page(form: AdvanceForm, project: Project, road: Road, gate: Gate) -> Response:
    contract = project.signed_on is None and gate.to.step >= Stage.signed.step
    shown = [] if contract else [t for t in gate.ticks if t.item.code == "formal_contract" and not t.there]
    fields = [
        tick for tick in gate.ticks
        if tick.item.kind is GateKind.field and (not tick.there or (tick.item.code in FILLABLE and form[tick.item.code].errors))
    ]  # fmt: skip
    return show_form(
        "stages/advance.html",
        form,
        project=project,
        road=road,
        gate=gate,
        contract=contract,
        fields=[tick for tick in fields if tick.item.code != "formal_contract"] + shown,
        fillable=FILLABLE,
        papers=[tick for tick in gate.ticks if tick.takes_files],
        approvals=[tick for tick in gate.ticks if tick.item.kind is GateKind.approval],
    )


def _form(project: Project, road: Road) -> AdvanceForm:
    """The form with what is on record in it; ``to`` of the address is chosen."""
    asked = request.args.get("to", "")
    values = {
        "to": Stage(asked) if asked in [stage.value for stage in road.ahead] else None,
        "effective_on": clock.today(),
        "officer": project.officer,
        "content": project.content,
        "area": project.area_id,
        "chain": project.chain_id,
        "uscc": project.investor.uscc or "",
        "amount": project.investment_fen,
        "contract_fixed_asset": project.fixed_asset_fen,
        "version": str(project.version),
    }
    if values["to"] is None and road.ahead:
        values["to"] = road.ahead[0]
    form = AdvanceForm(data=values)
    form.offer(road.ahead, _choices(project))
    return form


def _choices(project: Project) -> dict[str, dict[int, str]]:
    keep = (project.area_id, project.chain_id)
    return list_choices(db(), project.zone_id, "area", "chain", keep=keep)


def _keep(project: Project, form: AdvanceForm, gate: Gate) -> int:
    """Fields and papers of the gate, before the move is tried; the number of files."""
    if form.version.data != str(project.version):
        raise ConflictError("该项目刚刚被其他人修改，请刷新后核对再提交")
    _keep_fields(project, form, {tick.item.code for tick in gate.ticks if not tick.there})
    return _hand_in(project, [tick.item.code for tick in gate.ticks if tick.takes_files])


def _hand_in(project: Project, codes: Iterable[str]) -> int:
    """The files sent for each paper; their number."""
    kept = 0
    for code in codes:
        uploads = read_uploads(request.files.getlist(f"paper-{code}"))
        if uploads:
            folder = config().instance_path
            hand_in(db(), current().actor, project, code, uploads, folder=folder, today=clock.today())
            kept += len(uploads)
    return kept


def _keep_fields(project: Project, form: AdvanceForm, open_codes: set[str]) -> None:
    sent = {code for code in open_codes & set(FILLABLE) if form[code].data}
    if "uscc" in sent:
        try:
            uscc = read_uscc(form.uscc.text)
        except DomainError as error:
            raise DomainError(error.message, "uscc") from error
        register_investor(db(), current().actor, InvestorData(project.investor.name, uscc))
    names = {"officer": "officer", "content": "content", "area": "area_id", "chain": "chain_id"}
    changed = {name: form[code].data for code, name in names.items() if code in sent}
    if changed:
        data = replace(as_it_stands(db(), project), **changed)
        save_project(
            db(), current().actor, project, project.investor_id, data, today=clock.today(), source=SOURCE
        )


def _move(project: Project, form: AdvanceForm, to: Stage, kept: int) -> Response:
    """Try the move; when the gate holds, what was handed in stays and the page says what is missing."""
    said = f"已收下 {kept} 个文件" if kept else "已保存"
    if "keep" in request.form:
        flash(said)
        return redirect(url_for(".advance", project_id=project.id, to=to.value), 303)
    try:
        with db().begin_nested():
            contract = _contract(project, form, to)
            day = form.effective_on.data
            if day is None:
                raise DomainError("请填写进入该阶段的日期", "effective_on")
            move_stage(
                db(), current().actor, project, to,
                effective_on=day, today=clock.today(), source=How.form, remark=form.remark.text, contract=contract,
            )  # fmt: skip
            check_contract_covers(db(), project)
    except GateError as error:
        names = "、".join(lack.text for lack in error.missing)
        flash(f"{said}；还不能推进到“{to.label}”，缺 {len(error.missing)} 项：{names}")
        return redirect(url_for(".advance", project_id=project.id, to=to.value), 303)
    except DomainError as error:
        project = get_project(db(), current().zone.id, project.id)
        refuse(form, error)
        road = road_of(db(), project, as_of())
        return _page(form, project, road, gate_to(db(), project, road.base, to))
    flash(f"已推进到“{to.label}”")
    return redirect(url_for("pipeline.show_project", project_id=project.id), 303)


def _contract(project: Project, form: AdvanceForm, to: Stage) -> ContractData | None:
    """The formal contract entered here; None when there is one on record, or none was entered."""
    if project.signed_on is not None or to.step < Stage.signed.step or form.amount.data is None:
        return None
    day = form.effective_on.data
    if day is None:
        raise DomainError("请填写签订日期", "effective_on")
    if to is not Stage.signed:
        raise DomainError("请先推进到“签约”，登记正式合同", "to")
    return ContractData(
        ContractKind.formal, day, form.amount.data, form.contract_number.text, form.contract_fixed_asset.data
    )


@blueprint.route(f"{ONE}/owed", methods=["GET", "POST"])
@needs(Permission.enter)
def hand_in_owed(project_id: int) -> Response:
    """补交材料: the page that takes what the project passed its gates without."""
    project = own_project(project_id)
    owed = owed_papers(db(), project.zone_id, [project.id]).get(project.id, ())
    form = Form()
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                kept = _hand_in(project, [lack.code for lack in owed if lack.kind in FILED])
                if not kept:
                    raise DomainError("请选择要补交的文件")
        except DomainError as error:
            project = get_project(db(), current().zone.id, project_id)
            refuse(form, error)
        else:
            flash(f"已收下 {kept} 个文件")
            return redirect(url_for("pipeline.show_project", project_id=project.id), 303)
    return show_form("stages/owed.html", form, project=project, owed=owed, filed=FILED)
