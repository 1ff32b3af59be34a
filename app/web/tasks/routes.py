"""我的待办: what a person has to do, and what can be done with each task."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.activities import operations, queries
from app.activities.models import Task
from app.activities.rules import CLEARED_BY
from app.kernel import clock
from app.kernel.errors import DomainError
from app.warnings.rules import IDLE
from app.web.activities.forms import PostponeForm
from app.web.guards import needs, safe_next
from app.web.session import current, db
from app.web.tasks.day import my_day
from app.web.warnings.cures import cure_of, place_of

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")
ONE = "/<int(max=9223372036854775807):task_id>"


@blueprint.get("")
@needs(Permission.enter)
def list_tasks() -> str:
    """What is overdue, due this week and later; what was done today; projects without progress."""
    return _page()


@blueprint.post(f"{ONE}/finish")
@needs(Permission.enter)
def finish_task(task_id: int) -> Response:
    """Done; it stays in sight today, with the way back."""
    task = _own(task_id)
    operations.finish_task(db(), current().actor, task, version=_version())
    flash(f"已办结：{task.text}")
    return _back()


@blueprint.post(f"{ONE}/reopen")
@needs(Permission.enter)
def reopen_task(task_id: int) -> Response:
    """Not done after all."""
    operations.reopen_task(db(), current().actor, _own(task_id), version=_version())
    flash("已撤销办结")
    return _back()


@blueprint.post(f"{ONE}/postpone")
@needs(Permission.enter)
def postpone_task(task_id: int) -> Response | tuple[str, int]:
    """A later day, with a reason."""
    task, form = _own(task_id), PostponeForm()
    refused = "" if form.validate_on_submit() else "；".join(_errors(form))
    if not refused:
        try:
            with db().begin_nested():
                operations.postpone_task(
                    db(),
                    current().actor,
                    task,
                    due_on=form.due_on.data,
                    reason=form.reason.text,
                    today=clock.today(),
                    version=_version(),
                )
        except DomainError as error:
            refused = error.message
    if refused:
        return _page(refused=refused, at=task.id, form=form), 422
    flash(f"已延期到 {task.due_on}")
    return _back()


@blueprint.post(f"{ONE}/hand")
@needs(Permission.enter)
def hand_task(task_id: int) -> Response:
    """Give it to a colleague."""
    task, person = _own(task_id), current()
    colleagues = queries.list_colleagues(db(), person.scope)
    chosen = request.form.get("owner_id", "")
    owner_id = next((key for key in colleagues if str(key) == chosen), None)
    if owner_id is None:
        raise DomainError("请从列表中选择一位本单位的同事", "owner_id")
    operations.hand_task(
        db(), person.actor, task, owner_id=owner_id, of_unit=person.scope.unit_id, version=_version()
    )
    flash(f"已交给{colleagues[owner_id]}")
    return _back()


def _own(task_id: int) -> Task:
    return queries.get_task(db(), current().zone.id, current().user_id, task_id)


def _version() -> int:
    """The version that was on the page; a form without one was not ours."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _errors(form: PostponeForm) -> list[str]:
    return [str(message) for messages in form.errors.values() for message in messages]


def _back() -> Response:
    return redirect(safe_next(request.form.get("next")) or url_for(".list_tasks"), 303)


def _page(*, refused: str = "", at: int | None = None, form: PostponeForm | None = None) -> str:
    person, today = current(), clock.today()
    colleagues = queries.list_colleagues(db(), person.scope)
    return render_template(
        "tasks/tasks.html",
        day=my_day(db(), person.scope, person.user_id, today),
        colleagues={key: name for key, name in colleagues.items() if key != person.user_id},
        cleared_by=CLEARED_BY,
        idle=list(IDLE),
        cure_of=cure_of,
        place_of=place_of,
        refused=refused,
        at=at,
        form=form,
    )
