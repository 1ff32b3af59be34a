"""Entering an arrival with its evidence, and correcting one."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.directory.queries import labels
from app.files.operations import Upload, add_files
from app.funds import operations
from app.funds import queries as funds
from app.funds.models import FundArrival
from app.funds.rules import CNY, CURRENCIES, ReviewState, check_rate, cny_fen, source_of
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.money import UNITS, amount_text, parse_fen, parse_number
from app.pipeline.models import Project
from app.pipeline.queries import get_project, search_projects
from app.web.errors import refuse, show_form
from app.web.files.shelf import shelf_of
from app.web.files.subjects import get_subject
from app.web.filters import in_words
from app.web.funds.blueprint import ONE, blueprint
from app.web.funds.forms import PURPOSES, RATE_SOURCES, ArrivalForm, values_of
from app.web.guards import needs
from app.web.lists import read_text
from app.web.session import config, current, db

FOUND = 20


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.enter)
def record_arrival() -> Response | str:
    """The form of a new arrival; without ``project`` in the address one is looked for first."""
    if not request.args.get("project"):
        return _pick_project()
    project = _own_project(request.args["project"])
    proposed = {"source": source_of(project.investor.origin, current().zone.province)}
    form = ArrivalForm(units=_units(), data={**proposed, "payer": project.investor.name})
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                data = form.arrival_data()
                if not form.twice.data:
                    operations.check_not_twice(db(), project, data)
                arrival = operations.record_arrival(db(), current().actor, project, data, today=clock.today())
                _add_evidence(arrival, form)
        except DomainError as error:
            refuse(form, error)
        else:
            flash(f"已登记到账 {amount_text(data.amount_fen)} 万元，等待审核")
            return redirect(url_for("pipeline.show_project", project_id=project.id) + "#funds", 303)
    return _show_entry(form, project, None)


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
@needs(Permission.enter)
def change_arrival(arrival_id: int) -> Response | str:
    """The form of an arrival that waits, was returned or withdrawn; saved, it waits for review."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id, lock=request.method == "POST")
    project = _own_project(str(arrival.project_id))
    if arrival.state in (ReviewState.recognised, ReviewState.voided):
        abort(403)
    shares = funds.list_shares(db(), current().zone.id, arrival.id)
    form = ArrivalForm(units=_units(), data=values_of(arrival, shares))
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                data = form.arrival_data()
                if not form.twice.data:
                    operations.check_not_twice(db(), project, data, without=arrival)
                _change(form, arrival, project, data)
                _add_evidence(arrival, form)
        except DomainError as error:
            refuse(form, error)
        else:
            flash("已保存，等待审核")
            return redirect(url_for(".show_arrival", arrival_id=arrival.id), 303)
    return _show_entry(form, project, arrival)


@blueprint.get("/equivalent")
@needs(Permission.enter)
def read_equivalent() -> dict[str, str]:
    """What typed foreign money comes to in yuan, in figures and in words."""
    asked = request.args
    unit, currency = asked.get("unit", ""), asked.get("currency", "")
    if currency not in CURRENCIES or currency == CNY:
        return {"words": ""}
    try:
        minor = parse_fen(asked.get("amount", ""), unit if unit in UNITS else "万元")
        rate = parse_number(asked.get("rate", ""))
        check_rate(currency, rate)
    except DomainError as error:
        return {"words": error.message}
    fen = cny_fen(minor, rate)
    return {"words": f"折人民币 {amount_text(fen)} 万元，即 {in_words(fen)}"}


def _own_project(text: str) -> Project:
    """The project, for somebody who may enter for it; locked while its arrivals change."""
    key = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    project = get_project(db(), current().zone.id, key, lock=request.method == "POST")
    if not current().scope.may_edit_unit(project.unit_id):
        abort(403)
    return project


def _pick_project() -> str:
    text = read_text(request.args)
    own = current().scope.unit_id
    found = search_projects(db(), current().zone.id, text, unit_id=own, contracted=True, limit=FOUND + 1)
    return render_template("funds/pick_project.html", text=text, found=found[:FOUND], more=len(found) > FOUND)


def _units() -> dict[int, str]:
    return labels(db(), current().zone.id, "unit")


def _add_evidence(arrival: FundArrival, form: ArrivalForm) -> None:
    uploads: list[Upload] = form.uploads()
    if uploads:
        add_files(
            db(),
            current().actor,
            uploads,
            entity="fund_arrival",
            entity_id=arrival.id,
            label=arrival.evidence.label if arrival.evidence else "",
            folder=config().instance_path,
        )


def _show_entry(form: ArrivalForm, project: Project, arrival: FundArrival | None) -> Response:
    return show_form(
        "funds/arrival_form.html",
        form,
        project=project,
        arrival=arrival,
        recorded=funds.recorded_total(
            db(), project.zone_id, project.id, without=arrival.id if arrival else None
        ),
        purposes=PURPOSES,
        rate_sources=RATE_SOURCES,
        currencies=CURRENCIES,
        shelf=shelf_of(get_subject("fund_arrival", arrival.id)) if arrival else None,
    )


def _change(form: ArrivalForm, arrival: FundArrival, project: Project, data: operations.ArrivalData) -> None:
    if form.version.data != str(arrival.version):
        raise ConflictError(
            "这笔到账刚刚被其他人修改或审核，您填写的内容还没有保存；请核对现在的内容后再提交"
        )
    operations.change_arrival(
        db(), current().actor, arrival, project, data, today=clock.today(), state=ReviewState.pending
    )
