"""Arrivals: the list and its export, entering and correcting one, and the review."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.directory.queries import list_labels
from app.figures.queries import recognition_effect
from app.funds import operations
from app.funds import queries as funds
from app.funds.models import FundArrival
from app.funds.queries import ArrivalFilter, ArrivalOrder
from app.funds.rules import CNY, CURRENCIES, FundSource, ReviewState, check_rate, cny_fen, source_of
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.money import UNITS, amount_text, parse_fen, parse_number
from app.pipeline.models import Project
from app.pipeline.queries import get_project, search_projects
from app.web.downloads import send_table
from app.web.errors import refuse, show_form
from app.web.filters import in_words
from app.web.funds.filters import (
    STATE_WORDS,
    cells,
    chips,
    columns,
    original,
    read_filter,
    read_order,
    tabs,
    totals,
    write_filter,
)
from app.web.funds.forms import PURPOSES, RATE_SOURCES, ArrivalForm, ReturnForm, values_of
from app.web.guards import needs
from app.web.lists import PAGE, read_page, read_text
from app.web.session import current, db, unit_in_use

blueprint = Blueprint("funds", __name__, url_prefix="/funds")
ONE = "/<int(max=9223372036854775807):arrival_id>"
QUEUE = 20
FOUND = 20
PENDING = ArrivalFilter(states=(ReviewState.pending,))


@blueprint.get("")
@needs(Permission.read)
def list_arrivals() -> str:
    """The arrivals that match the filter, with sums over all of them."""
    zone_id = current().zone.id
    lists = list_labels(db(), zone_id, "unit")
    wanted = read_filter(request.args, lists)
    order, descending = read_order(request.args)
    sums = funds.arrival_sums(db(), zone_id, wanted)
    page, pages = read_page(request.args, sums.arrivals)
    rows = funds.list_arrivals(
        db(), zone_id, wanted, order=order, descending=descending, offset=(page - 1) * PAGE, limit=PAGE
    )
    keep = {name: request.args[name] for name in ("sort", "dir") if name in request.args}
    usual = tabs(current().month, sums)
    return render_template(
        "funds/arrivals.html",
        rows=rows,
        sums=sums,
        order=order,
        descending=descending,
        page=page,
        pages=pages,
        tabs=[(tab, url_for(".list_arrivals", **write_filter(tab.wanted))) for tab in usual],
        chips=chips(wanted, lists, keep),
        wanted=wanted,
        lists=lists,
        sources=list(FundSource),
        words=STATE_WORDS,
        original=original,
        today=clock.today(),
        keep=keep,
        export=url_for(".export_arrivals", **{**keep, **write_filter(wanted)}),
    )


@blueprint.get("/export.xlsx")
@needs(Permission.read)
def export_arrivals() -> Response:
    """Exactly the arrivals of the filtered list, with the same sums."""
    zone_id, unit = current().zone.id, unit_in_use()
    wanted = read_filter(request.args, list_labels(db(), zone_id, "unit"))
    order, descending = read_order(request.args)
    sums = funds.arrival_sums(db(), zone_id, wanted)
    rows = funds.iter_arrivals(db(), zone_id, wanted, order=order, descending=descending)
    return send_table(
        f"{current().zone.name}到位资金{clock.today():%Y%m%d}",
        columns(unit),
        cells(rows, unit),
        totals(sums, unit),
        sheet="到位资金",
        title=f"{current().zone.name}到位资金明细",
    )


@blueprint.get(ONE)
@needs(Permission.read)
def show_arrival(arrival_id: int) -> str:
    """One arrival: what it says, what it would do to the month's figure, and the review."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id)
    return _arrival_page(arrival, ReturnForm())


@blueprint.post(f"{ONE}/recognise")
@needs(Permission.review)
def recognise_arrival(arrival_id: int) -> Response:
    """认定 the version that the reviewer saw; then the next one that waits."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id, lock=True)
    operations.recognise_arrival(db(), current().actor, arrival, today=clock.today(), version=_seen_version())
    flash(f"已认定 {amount_text(arrival.amount_fen)} 万元（{arrival.project.name}）")
    return _to_next()


@blueprint.post(f"{ONE}/return")
@needs(Permission.review)
def return_arrival(arrival_id: int) -> Response | tuple[str, int]:
    """退回 with a reason; then the next one that waits."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id, lock=True)
    form = ReturnForm()
    if not form.validate_on_submit():
        return _arrival_page(arrival, form), 422
    operations.return_arrival(
        db(), current().actor, arrival, reason=form.reason.text, version=_seen_version()
    )
    flash(f"已退回 {amount_text(arrival.amount_fen)} 万元（{arrival.project.name}）")
    return _to_next()


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.enter)
def record_arrival() -> Response | str:
    """The form of a new arrival; without ``project`` in the address one is looked for first."""
    if not request.args.get("project"):
        return _pick_project()
    project = _own_project(request.args["project"])
    form = ArrivalForm(data={"source": source_of(project.investor.origin, current().zone.province)})
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                data = form.arrival_data()
                if not form.twice.data:
                    operations.check_not_twice(db(), project, data)
                operations.record_arrival(db(), current().actor, project, data, today=clock.today())
        except DomainError as error:
            refuse(form, error)
        else:
            flash(f"已登记到账 {amount_text(data.amount_fen)} 万元，等待审核")
            return redirect(url_for("pipeline.show_project", project_id=project.id) + "#funds", 303)
    return _show_entry(form, project, None)


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
@needs(Permission.enter)
def change_arrival(arrival_id: int) -> Response | str:
    """The form of an arrival that waits or was returned; saved, it waits for review."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id, lock=request.method == "POST")
    project = _own_project(str(arrival.project_id))
    if arrival.state is ReviewState.recognised:
        abort(403)
    form = ArrivalForm(data=values_of(arrival))
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                data = form.arrival_data()
                if not form.twice.data:
                    operations.check_not_twice(db(), project, data, without=arrival)
                _change(form, arrival, project, data)
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
    )


def _change(form: ArrivalForm, arrival: FundArrival, project: Project, data: operations.ArrivalData) -> None:
    if form.version.data != str(arrival.version):
        raise ConflictError(
            "这笔到账刚刚被其他人修改或审核，您填写的内容还没有保存；请核对现在的内容后再提交"
        )
    operations.change_arrival(
        db(), current().actor, arrival, project, data, today=clock.today(), state=ReviewState.pending
    )


def _arrival_page(arrival: FundArrival, form: ReturnForm) -> str:
    zone, today = current().zone, clock.today()
    may_review = current().may(Permission.review)
    queue = funds.list_arrivals(
        db(), zone.id, PENDING, order=ArrivalOrder.waiting, descending=False, limit=QUEUE
    )
    context: dict[str, Any] = {"effect": None}
    if arrival.state is ReviewState.pending:
        context["effect"] = recognition_effect(
            db(),
            zone,
            arrived_on=arrival.arrived_on,
            fen=arrival.amount_fen,
            today=today,
            at_work=current().month,
        )
    return render_template(
        "funds/arrival.html",
        arrival=arrival,
        project=arrival.project,
        totals=funds.states_total(db(), zone.id, arrival.project_id),
        form=form,
        queue=queue if may_review else [],
        today=today,
        original=original(arrival),
        words=STATE_WORDS,
        may_review=may_review,
        own_entry=arrival.recorded_by == current().user_id,
        may_edit=current().scope.may_edit_unit(arrival.project.unit_id),
        **context,
    )


def _seen_version() -> int:
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        abort(400)
    return int(text)


def _to_next() -> Response:
    """The arrival that waits longest, for the reviewer's hand stays in the queue; else the list."""
    waiting = funds.list_arrivals(
        db(), current().zone.id, PENDING, order=ArrivalOrder.waiting, descending=False, limit=1
    )
    if waiting and request.form.get("stay") != "1":
        return redirect(url_for(".show_arrival", arrival_id=waiting[0].id), 303)
    return redirect(url_for(".list_arrivals"), 303)
