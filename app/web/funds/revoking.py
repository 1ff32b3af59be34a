"""撤销, 撤回, 作废, 恢复: taking back decisions and entries."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.funds import operations
from app.funds import queries as funds
from app.funds.models import FundArrival
from app.kernel.errors import DomainError
from app.kernel.money import amount_text
from app.web.funds.blueprint import ONE, blueprint
from app.web.funds.closed import closed_month
from app.web.funds.forms import ReasonForm
from app.web.funds.one import show_page
from app.web.funds.review import SAID, seen
from app.web.funds.undo import forget, offered
from app.web.guards import needs
from app.web.session import current, db

AT_ONCE = "审核后当即撤销"
"""The reason on record when a decision is taken back from the bar that follows it."""


@blueprint.post(f"{ONE}/revoke")
@needs(Permission.review)
def revoke_review(arrival_id: int) -> Response:
    """撤销认定 or 撤销退回, with a reason: the arrival waits again."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id, lock=True)
    form = ReasonForm()
    closed = closed_month(arrival)
    later = f"；{closed.label}已关账，差额随下次关账列入“本月调整以前月份数据”" if closed else ""
    return _step(
        arrival,
        form,
        "revoke",
        f"已撤销，{amount_text(arrival.claimed_fen)} 万元重新等待审核{later}",
        lambda: operations.revoke_review(
            db(), current().actor, arrival, reason=form.reason.text, version=seen(form.version.data)
        ),
    )


@blueprint.post("/review/undo")
@needs(Permission.review)
def undo_review() -> Response:
    """撤销 exactly what was decided last; what was changed since stays, and is said one by one."""
    undo = offered()
    if undo is None:
        flash("没有可以撤销的审核结果；较早的请到该笔到账页面撤销", "refused")
        return redirect(url_for(".review_queue"), 303)
    outcomes = operations.revoke_several(db(), current().actor, undo.versions, reason=AT_ONCE)
    done = [one for one in outcomes if not one.refusal]
    if done:
        flash(f"已撤销 {len(done)} 笔，{amount_text(sum(one.amount_fen for one in done))} 万元重新等待审核")
    for one in [one for one in outcomes if one.refusal][:SAID]:
        flash(
            f"{one.project or '（已不存在）'} {amount_text(one.amount_fen)} 万元未撤销：{one.refusal}",
            "refused",
        )
    forget()
    return redirect(url_for(".review_queue"), 303)


@blueprint.post(f"{ONE}/withdraw")
@needs(Permission.enter)
def withdraw_arrival(arrival_id: int) -> Response:
    """撤回 before its review; corrected, it can be submitted again."""
    arrival, form = _own(arrival_id), ReasonForm()
    return _step(
        arrival,
        form,
        "withdraw",
        "已撤回；改正后可以重新提交审核",
        lambda: operations.withdraw_arrival(db(), current().actor, arrival, version=seen(form.version.data)),
    )


@blueprint.post(f"{ONE}/void")
@needs(Permission.enter)
def void_arrival(arrival_id: int) -> Response:
    """作废 a wrong entry, with a reason."""
    arrival, form = _own(arrival_id), ReasonForm()
    return _step(
        arrival,
        form,
        "void",
        "已作废，不再列入到位资金；可以随时恢复",
        lambda: operations.void_arrival(
            db(), current().actor, arrival, reason=form.reason.text, version=seen(form.version.data)
        ),
    )


@blueprint.post(f"{ONE}/restore")
@needs(Permission.enter)
def restore_arrival(arrival_id: int) -> Response:
    """恢复 a void entry to what it was."""
    arrival, form = _own(arrival_id), ReasonForm()
    return _step(
        arrival,
        form,
        "restore",
        "已恢复",
        lambda: operations.restore_arrival(db(), current().actor, arrival, version=seen(form.version.data)),
    )


def _step(arrival: FundArrival, form: ReasonForm, step: str, said: str, work: Any) -> Response:
    """Do it and come back to the arrival; a refused reason stands beside its field."""
    if not form.validate_on_submit():
        return show_page(arrival, form, step)
    try:
        with db().begin_nested():
            work()
    except DomainError as error:
        if error.field != "reason":
            raise
        form.reason.errors = [error.message]
        return show_page(arrival, form, step)
    flash(said)
    return redirect(url_for(".show_arrival", arrival_id=arrival.id), 303)


def _own(arrival_id: int) -> FundArrival:
    """The arrival, for somebody who may enter for its project."""
    arrival = funds.get_arrival(db(), current().zone.id, arrival_id, lock=request.method == "POST")
    if not current().scope.may_edit_unit(arrival.project.unit_id):
        abort(403)
    return arrival
