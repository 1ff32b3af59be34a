"""The reviewer's queue: evidence beside the entry, what recognising does, the decision, the next one."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.figures.queries import Effect, recognition_effect
from app.funds import operations
from app.funds import queries as funds
from app.funds.models import FundArrival
from app.funds.queries import ArrivalFilter, ArrivalOrder, ArrivalRow
from app.funds.rules import CLAIMING, RETURN_REASONS, Check, ReviewState, review_checks
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.money import UNITS, amount_text, parse_fen
from app.web.errors import refuse
from app.web.files.shelf import Shelf, shelf_of
from app.web.files.subjects import get_subject
from app.web.funds.blueprint import ONE, blueprint
from app.web.funds.filters import original
from app.web.funds.forms import RecogniseForm, ReturnForm
from app.web.funds.undo import offered, remember
from app.web.guards import needs
from app.web.session import current, db

QUEUE = 50
DONE = 6
SAID = 8
PENDING = ArrivalFilter(states=(ReviewState.pending,))


@blueprint.get("/review")
@needs(Permission.review)
def review_queue() -> Response:
    """The entry that waits longest and is somebody else's; an empty queue says so."""
    rows = _queue()
    first = next((row for row in rows if not _is_own(row)), None)
    if first is not None:
        return redirect(url_for(".review_arrival", arrival_id=first.id), 303)
    return make_response(render_template("funds/review.html", arrival=None, **_around(rows)))


@blueprint.get("/review/<int:arrival_id>")
@needs(Permission.review)
def review_arrival(arrival_id: int) -> Response:
    """One entry of the queue; what is decided already is only shown."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id)
    if arrival.state is not ReviewState.pending:
        return redirect(url_for(".show_arrival", arrival_id=arrival.id), 303)
    return _page(arrival, RecogniseForm(formdata=None), ReturnForm(formdata=None))


@blueprint.get(f"{ONE}/effect")
@needs(Permission.review)
def show_effect(arrival_id: int) -> str:
    """What the month's figure becomes with another amount than claimed: a part of the page."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id)
    unit = request.args.get("unit", "")
    fen, refusal = arrival.claimed_fen, ""
    try:
        typed = request.args.get("amount", "").strip()
        fen = parse_fen(typed, unit if unit in UNITS else "万元") if typed else fen
        if fen > arrival.claimed_fen:
            refusal = f"不能超过登记金额 {amount_text(arrival.claimed_fen)} 万元"
    except DomainError as error:
        refusal = error.message
    return render_template(
        "funds/_effect.html",
        arrival=arrival,
        project=arrival.project,
        totals=funds.states_total(db(), arrival.zone_id, arrival.project_id),
        fen=min(fen, arrival.claimed_fen),
        refusal=refusal,
        effect=_effect(arrival, min(fen, arrival.claimed_fen)),
    )


@blueprint.post(f"{ONE}/recognise")
@needs(Permission.review)
def recognise_arrival(arrival_id: int) -> Response:
    """认定 the version that the reviewer saw, in full or less; then the next one that waits."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id, lock=True)
    form = RecogniseForm()
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                operations.recognise_arrival(
                    db(),
                    current().actor,
                    arrival,
                    today=clock.today(),
                    version=seen(form.version.data),
                    amount_fen=form.amount.data,
                    cut_reason=form.cut_reason.text,
                )
        except DomainError as error:
            if error.field not in ("amount", "cut_reason"):
                raise
            refuse(form, error)
        else:
            said = f"已认定 {amount_text(arrival.amount_fen)} 万元（{arrival.project.name}）"
            remember(said, {arrival.id: arrival.version})
            return _to_next()
    return _page(arrival, form, ReturnForm(formdata=None))


@blueprint.post(f"{ONE}/return")
@needs(Permission.review)
def return_arrival(arrival_id: int) -> Response:
    """退回 with a reason from the list and words; then the next one that waits."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id, lock=True)
    form = ReturnForm()
    if form.validate_on_submit():
        try:
            reason = form.reason_text()
            operations.return_arrival(
                db(), current().actor, arrival, reason=reason, version=seen(form.version.data)
            )
        except DomainError as error:
            if error.field != "words":
                raise
            refuse(form, error)
        else:
            said = f"已退回 {amount_text(arrival.claimed_fen)} 万元（{arrival.project.name}）"
            remember(said, {arrival.id: arrival.version})
            return _to_next()
    return _page(arrival, RecogniseForm(formdata=None), form)


@blueprint.post("/review/several")
@needs(Permission.review)
def recognise_several() -> Response:
    """认定 the ticked entries in full, each checked by itself; what was refused is said one by one."""
    versions = _ticked(request.form.getlist("pick"))
    outcomes = operations.recognise_several(db(), current().actor, versions, today=clock.today())
    done = [one for one in outcomes if not one.refusal]
    refused = [one for one in outcomes if one.refusal]
    if done:
        said = f"已认定 {len(done)} 笔，{amount_text(sum(one.amount_fen for one in done))} 万元"
        remember(said, {one.arrival_id: versions[one.arrival_id] + 1 for one in done})
    for one in refused[:SAID]:
        flash(
            f"{one.project or '（已不存在）'} {amount_text(one.amount_fen)} 万元未认定：{one.refusal}",
            "refused",
        )
    if len(refused) > SAID:
        flash(f"另有 {len(refused) - SAID} 笔未认定，请逐笔查看", "refused")
    if not outcomes:
        flash("没有勾选到账，请先在左侧勾选", "refused")
    return redirect(url_for(".review_queue"), 303)


def _page(arrival: FundArrival, form: RecogniseForm, returning: ReturnForm) -> Response:
    """The queue with one entry open; 422 when a decision was refused, so that nothing is saved."""
    rows = _queue()
    shelf = shelf_of(get_subject("fund_arrival", arrival.id))
    refused = form.errors or form.form_errors or returning.errors or returning.form_errors
    fen = form.amount.data or arrival.claimed_fen
    totals = funds.states_total(db(), arrival.zone_id, arrival.project_id)
    page = render_template(
        "funds/review.html",
        arrival=arrival,
        project=arrival.project,
        totals=totals,
        shares=funds.list_shares(db(), arrival.zone_id, arrival.id),
        shelf=shelf,
        paper=_paper(shelf),
        checks=_checks(arrival, shelf, totals),
        original=original(arrival),
        own_entry=arrival.recorded_by == current().user_id,
        form=form,
        returning=returning,
        reasons=RETURN_REASONS,
        fen=min(fen, arrival.claimed_fen),
        effect=_effect(arrival, min(fen, arrival.claimed_fen)),
        **_around(rows, arrival.id),
    )
    return make_response(page, 422 if refused else 200)


def _around(rows: list[ArrivalRow], here: int | None = None) -> dict[str, Any]:
    """The queue, the entries before and after the open one, how much waits, and what was done today."""
    zone_id, today = current().zone.id, clock.today()
    ids = [row.id for row in rows if not _is_own(row)]
    at = ids.index(here) if here in ids else -1
    morning = clock.midnight(today)
    return {
        "queue": [(row, _is_own(row)) for row in rows],
        "waiting": funds.arrival_sums(db(), zone_id, PENDING).of(ReviewState.pending),
        "before": ids[at - 1] if at > 0 else None,
        "after": ids[at + 1] if 0 <= at < len(ids) - 1 else None,
        "done": funds.list_reviewed(db(), zone_id, current().user_id, since=morning, limit=DONE),
        "today": today,
        "undo": offered(),
    }


def _queue() -> list[ArrivalRow]:
    order = ArrivalOrder.waiting
    return funds.list_arrivals(db(), current().zone.id, PENDING, order=order, descending=False, limit=QUEUE)


def _is_own(row: ArrivalRow) -> bool:
    return row.recorded_by == current().user_id


def _paper(shelf: Shelf) -> Any:
    """The file that lies open: the one asked for, else the first that can be shown."""
    asked = request.args.get("file", "")
    named = next((one for one in shelf.files if str(one.file.id) == asked), None)
    return named or next((one for one in shelf.files if one.has_preview), next(iter(shelf.files), None))


def _checks(arrival: FundArrival, shelf: Shelf, totals: dict[ReviewState, int]) -> list[Check]:
    project = arrival.project
    alike = funds.find_look_alike(
        db(),
        arrival.zone_id,
        project.id,
        arrived_on=arrival.arrived_on,
        amount_fen=arrival.amount_fen,
        without=arrival.id,
    )
    return review_checks(
        arrived_on=arrival.arrived_on,
        signed_on=project.signed_on,
        recorded_fen=sum(totals.get(state, 0) for state in CLAIMING),
        total_fen=project.total_fen,
        voucher=arrival.voucher,
        twice=(alike.voucher or "另一笔") if alike else "",
        payer=arrival.payer,
        investor=project.investor.name,
        files=len(shelf.files),
    )


def _effect(arrival: FundArrival, fen: int) -> Effect:
    return recognition_effect(
        db(),
        current().zone,
        arrived_on=arrival.arrived_on,
        fen=fen,
        today=clock.today(),
        at_work=current().month,
    )


def seen(version: str | None) -> int:
    """The version that the reviewer saw."""
    text = version or ""
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        abort(400)
    return int(text)


def _ticked(picks: list[str]) -> dict[int, int]:
    """Arrivals and the versions seen, as ``id:version``."""
    versions = {}
    for pick in picks[:QUEUE]:
        key, _, version = pick.partition(":")
        if not (key.isascii() and key.isdigit() and len(key) < 20):
            abort(400)
        versions[int(key)] = seen(version)
    return versions


def _to_next() -> Response:
    """The entry that stood behind the decided one, if it still waits; else the head of the queue."""
    text = request.form.get("next", "")
    if text.isascii() and text.isdigit() and len(text) < 20:
        waiting = {row.id for row in _queue() if not _is_own(row)}
        if int(text) in waiting:
            return redirect(url_for(".review_arrival", arrival_id=int(text)), 303)
    return redirect(url_for(".review_queue"), 303)
