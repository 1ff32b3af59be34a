"""Logging an activity: the short form, one sentence from a project page, 记一笔 on the phone."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.activities import operations, queries
from app.activities.models import Activity
from app.activities.queries import AboutRow
from app.activities.rules import AWAY, ActivityKind, parse_about
from app.files.operations import add_files
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.activities.blueprint import blueprint
from app.web.activities.forms import LogForm, QuickForm
from app.web.activities.picking import as_json, chosen, offers
from app.web.errors import refuse, show_form
from app.web.files.forms import allow_uploads
from app.web.guards import needs, safe_next
from app.web.lists import read_text
from app.web.session import config, current, db

PHOTOS = "现场照片"


@blueprint.url_value_preprocessor
def _allow_photos(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Photos make the form larger than others; must be said before anything reads it."""
    if endpoint == "activities.log_activity":
        allow_uploads()


@blueprint.get("/entry")
@needs(Permission.enter)
def choose_entry() -> str:
    """记一笔 on the phone: what can be entered."""
    return render_template("activities/entry.html")


@blueprint.get("/about")
@needs(Permission.enter)
def suggest_about() -> Response:
    """Projects, leads and companies that fit what is being typed."""
    text = read_text(request.args)
    rows = queries.search_about(db(), current().scope, text) if len(text) > 1 else []
    return jsonify([as_json(row) for row in rows])


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.enter)
def log_activity() -> Response:
    """The short form; ``about`` in the address is what it hangs on."""
    person = current()
    form = LogForm(data={"on_day": clock.today(), "owner_id": person.user_id, **_asked_about()})
    form.owner_id.offer(queries.list_colleagues(db(), person.scope).items())
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                activity = _log(form, chosen(form))
        except DomainError as error:
            refuse(form, error)
        else:
            flash(f"已记{activity.kind.label}")
            return redirect(_back_to(activity), 303)
    return show_form(
        "activities/log_form.html",
        form,
        away=AWAY,
        offers=offers(form),
        next=safe_next(request.values.get("next")),
    )


@blueprint.post("/quick")
@needs(Permission.enter)
def log_quickly() -> Response:
    """One sentence of progress from the page of a record: kind 进展记录, today."""
    about = parse_about(request.form.get("about_ref", ""))
    if about is None:
        raise DomainError("请从项目页写进展，或用“记活动”登记")
    row = queries.get_about(db(), current().scope, about)
    data = operations.ActivityData(ActivityKind.note, clock.today(), QuickForm().text.text)
    activity = operations.log_activity(
        db(),
        current().actor,
        data,
        about=row.about,
        unit_id=_unit(row),
        today=clock.today(),
    )
    flash("已记进展")
    return redirect(_back_to(activity), 303)


def _asked_about() -> dict[str, Any]:
    """The record named in the address, as the form's values."""
    about = parse_about(request.args.get("about", ""))
    if about is None:
        return {}
    row = queries.get_about(db(), current().scope, about)
    return {"about": row.name, "about_ref": str(row.about)}


def _log(form: LogForm, row: AboutRow | None) -> Activity:
    scope, actor, today = current().scope, current().actor, clock.today()
    activity = operations.log_activity(
        db(),
        actor,
        form.activity_data(),
        about=row.about if row else None,
        unit_id=_unit(row),
        today=today,
    )
    photos = form.uploads()
    if photos:
        add_files(
            db(),
            actor,
            photos,
            entity="activity",
            entity_id=activity.id,
            label=PHOTOS,
            folder=config().instance_path,
        )
    task = form.task_data()
    if task is not None:
        operations.make_task(db(), actor, task, of_unit=scope.unit_id, today=today, after=activity)
    return activity


def _unit(row: AboutRow | None) -> int | None:
    """The unit an activity counts for: that of who logs it, else that of the record."""
    own = current().scope.unit_id
    return own if own is not None else row.unit_id if row else None


def _back_to(activity: Activity) -> str:
    """Where one came from, if that is a page of ours; else what it hangs on; else the activity."""
    wanted = safe_next(request.form.get("next"))
    if wanted:
        return wanted
    if activity.project_id is not None:
        return url_for("pipeline.show_project", project_id=activity.project_id, _anchor="news")
    if activity.lead_id is not None:
        return url_for("leads.show_lead", lead_id=activity.lead_id, _anchor="activities")
    if activity.investor_id is not None:
        return url_for("investors.show_investor", investor_id=activity.investor_id)
    return url_for(".show_activity", activity_id=activity.id)
