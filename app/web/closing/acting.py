"""What is done with a month: waiving what is open, closing, reopening."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.closing.operations import reopen_month, waive_item, waive_row
from app.closing.queries import check_records
from app.closing.rules import ItemCode, refuse_open
from app.jobs.operations import ask_for
from app.jobs.rules import JobKind
from app.journal.operations import lock_books
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.periods import Month
from app.kernel.text import clean, has_control
from app.web.closing.blueprint import blueprint, books_of_zone, month_of
from app.web.closing.months import running_job, situation
from app.web.closing.records import show_record
from app.web.guards import needs
from app.web.jobs.queueing import queue_after_commit
from app.web.session import current, db


@blueprint.post("/<period>/waive")
@needs(Permission.close_month)
def waive(period: str) -> Response | tuple[str, int]:
    """Take one row (``row``) of an item, or all that are open of it, upon oneself, with a reason."""
    month = month_of(period)
    item, row = request.form.get("item", ""), request.form.get("row", "")
    if item not in list(ItemCode) or not (row == "" or (row.isascii() and row.isdigit() and len(row) < 19)):
        raise DomainError("没有这一项，请刷新后再看")
    code = ItemCode(item)
    asked = {"zone": current().zone, "month": month, "code": code, "reason": _reason()}
    try:
        with db().begin_nested():
            if row:
                waive_row(db(), current().actor, subject_id=int(row), **asked)  # type: ignore[arg-type]
                said = f"已豁免{code.label} 1 {code.counter}"
            else:
                number = waive_item(db(), current().actor, **asked)  # type: ignore[arg-type]
                said = f"已豁免{code.label} {number} {code.counter}"
    except DomainError as error:
        if error.field != "reason":
            raise
        return _again(month, error, item=code, row=row)
    flash(f"{said}，记您的姓名和原因")
    return redirect(url_for(".show_month", period=month, _anchor=code.value), 303)


@blueprint.post("/<period>/close")
@needs(Permission.close_month)
def close(period: str) -> Response | tuple[str, int]:
    """Have the month closed in the background. Refused at once when it cannot be; the worker asks everything anew."""
    month, zone = month_of(period), current().zone
    books = lock_books(db(), zone)
    books.check_close(month, clock.today())
    job = running_job(month)
    if job is not None and not job.state.ended:
        raise ConflictError(f"{job.made_name}已提交{month.label}关账，正在办理，不必再交")
    if request.form.get("agreed") != "yes":
        return _again(month, DomainError("请先勾选“已核对”，再关账", "agreed"))
    try:
        refuse_open(month, check_records(db(), zone, month, books))
    except DomainError as error:
        return _again(month, error)
    arguments = {"month": str(month)}
    title = f"{month.label}关账"
    queue_after_commit(
        ask_for(db(), current().actor, JobKind.close, title, now=clock.now(), arguments=arguments)
    )
    return redirect(url_for(".show_month", period=month), 303)


@blueprint.post("/<period>/reopen")
@needs(Permission.reopen_month)
def reopen(period: str) -> Response | tuple[str, int]:
    """Open the month closed last again, with a reason."""
    month = month_of(period)
    try:
        with db().begin_nested():
            reopen_month(db(), current().actor, zone=current().zone, month=month, reason=_reason())
    except DomainError as error:
        step = books_of_zone().find(month)
        if error.field != "reason" or step is None:
            raise
        return show_record(month, books_of_zone(), step, refused=error, typed=_typed()), 422
    flash(f"{month.label}已重开，原因已记入账册")
    return redirect(url_for(".show_month", period=month), 303)


def _typed() -> str:
    return request.form.get("reason", "")


def _reason() -> str:
    """What was typed; the rule says whether it is a reason. Raises ``DomainError`` for what cannot be printed."""
    text = _typed()
    if has_control(text.replace("\r", "").replace("\n", "")):
        text = "".join(character for character in text if not has_control(character))
    return clean(text)


def _again(month: Month, error: DomainError, **where: object) -> tuple[str, int]:
    """The page with the refusal beside the field, or above the checklist; nothing was saved."""
    page = render_template(
        "closing/month.html",
        month=month,
        refused=error,
        typed=_typed()[:400],
        where=where,
        **situation(month),
    )
    return page, 422
