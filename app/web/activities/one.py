"""One activity: its page, correcting it, taking it back, hanging it on a record."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.activities import operations, queries
from app.activities.models import Activity
from app.activities.rules import AWAY, ActivityKind
from app.audit.queries import list_entries
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.web.activities.blueprint import ONE, blueprint
from app.web.activities.forms import ActivityForm, LinkForm, WithdrawForm, values_of
from app.web.activities.picking import about_address, chosen, offers
from app.web.errors import refuse, show_form
from app.web.files.shelf import shelf_of
from app.web.files.subjects import get_subject
from app.web.guards import needs
from app.web.pipeline.conflict import BASE, base_of, differences, sent_fields, settle
from app.web.session import current, db


@blueprint.get(ONE)
@needs(Permission.read)
def show_activity(activity_id: int) -> str:
    """One activity with its next steps and its history."""
    return _page(_activity(activity_id), LinkForm(), WithdrawForm())


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
@needs(Permission.enter)
def correct_activity(activity_id: int) -> Response:
    """The form of one's own activity; when it changed meanwhile, both versions side by side."""
    if request.method == "GET" and _activity(activity_id).logged_by != current().user_id:
        flash("只有登记人本人可以更正，请联系登记人", "refused")
        return redirect(url_for(".show_activity", activity_id=activity_id), 303)
    activity = _own(activity_id)
    stored = ActivityForm(formdata=None, data=values_of(activity))
    form = ActivityForm(
        formdata=settle(request.form, stored) if request.method == "POST" else None, data=values_of(activity)
    )
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                operations.correct_activity(
                    db(),
                    current().actor,
                    activity,
                    form.activity_data(),
                    version=_version(form.version.data),
                    today=clock.today(),
                )
        except ConflictError:
            return _show_conflict(activity, form, stored)
        except DomainError as error:
            refuse(form, error)
        else:
            flash("已更正")
            return redirect(url_for(".show_activity", activity_id=activity.id), 303)
    base = request.form.get(BASE) or base_of(form)
    return show_form("activities/correct_form.html", form, activity=activity, away=AWAY, base=base)


@blueprint.post(f"{ONE}/withdraw")
@needs(Permission.enter)
def withdraw_activity(activity_id: int) -> Response | tuple[str, int]:
    """Take back one's own activity, with a reason."""
    activity, form = _own(activity_id), WithdrawForm()
    if not form.validate_on_submit():
        return _page(activity, LinkForm(formdata=None), form), 422
    operations.withdraw_activity(
        db(), current().actor, activity, reason=form.reason.text, version=_version(form.version.data)
    )
    flash("已撤回，内容仍可在“已撤回”中查看")
    return redirect(url_for(".show_activity", activity_id=activity.id), 303)


@blueprint.post(f"{ONE}/link")
@needs(Permission.enter)
def link_activity(activity_id: int) -> Response | tuple[str, int]:
    """Hang an activity on a project, a lead or a company."""
    activity, form = _of_unit(activity_id), LinkForm()
    if not form.validate_on_submit():
        return _page(activity, form, WithdrawForm(formdata=None)), 422
    try:
        row = chosen(form)
        if row is None:
            raise DomainError("请输入项目、线索或企业的名称", "about")
        version = _version(request.form.get("version"))
        operations.link_activity(db(), current().actor, activity, row.about, version=version)
    except ConflictError:
        raise
    except DomainError as error:
        refuse(form, error)
        return _page(activity, form, WithdrawForm(formdata=None)), 422
    flash(f"已关联到“{row.name}”")
    return redirect(url_for(".show_activity", activity_id=activity.id), 303)


@blueprint.post(f"{ONE}/unlink")
@needs(Permission.enter)
def unlink_activity(activity_id: int) -> Response:
    """Take an activity off the record it hangs on."""
    activity = _of_unit(activity_id)
    operations.unlink_activity(db(), current().actor, activity, version=_version(request.form.get("version")))
    flash("已解除关联")
    return redirect(url_for(".show_activity", activity_id=activity.id), 303)


def _activity(activity_id: int) -> Activity:
    return queries.get_activity(db(), current().scope, activity_id, lock=request.method == "POST")


def _own(activity_id: int) -> Activity:
    """The activity, for who logged it."""
    activity = _activity(activity_id)
    if activity.logged_by != current().user_id:
        abort(403)
    return activity


def _of_unit(activity_id: int) -> Activity:
    """The activity, for who logged it and for colleagues of its unit."""
    activity = _activity(activity_id)
    if not _may_link(activity):
        abort(403)
    return activity


def _may_link(activity: Activity) -> bool:
    if activity.logged_by == current().user_id:
        return True
    return activity.unit_id is not None and current().scope.may_edit_unit(activity.unit_id)


def _version(text: str | None) -> int:
    """The version that was on the page; a form without one was not ours."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _page(activity: Activity, link: LinkForm, withdraw: WithdrawForm) -> str:
    scope, own = current().scope, activity.logged_by == current().user_id
    row = queries.get_row(db(), scope.zone_id, activity.id)
    stands = activity.withdrawn_at is None
    may_enter = current().may(Permission.enter)
    return render_template(
        "activities/activity.html",
        activity=activity,
        row=row,
        address=about_address(row.about),
        tasks=queries.list_tasks_after(db(), scope.zone_id, activity.id),
        history=list_entries(db(), scope.zone_id, {"activity": [activity.id]}),
        today=clock.today(),
        shelf=shelf_of(get_subject("activity", activity.id)),
        link=link,
        kind_words={kind.value: kind.label for kind in ActivityKind},
        withdraw=withdraw,
        offers=offers(link),
        may_correct=own and stands and may_enter,
        may_link=stands and may_enter and _may_link(activity),
    )


def _show_conflict(activity: Activity, mine: ActivityForm, theirs: ActivityForm) -> Response:
    last = list_entries(db(), activity.zone_id, {"activity": [activity.id]}, limit=1)
    page = render_template(
        "activities/conflict.html",
        activity=activity,
        form=mine,
        differences=differences(request.form.get(BASE, ""), mine, theirs),
        sent=sent_fields(request.form),
        last=last[0] if last else None,
    )
    return make_response(page, 409)
