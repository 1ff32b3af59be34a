"""The limits of stages, for the administrator."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.activities import operations, queries
from app.activities.rules import DEFAULT_LIMITS, WATCHED
from app.kernel.errors import DomainError
from app.web.activities.blueprint import blueprint
from app.web.activities.forms import LimitsForm
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.session import current, db


@blueprint.route("/limits", methods=["GET", "POST"])
@needs(Permission.administer)
def set_limits() -> Response:
    """After how many days without progress a project is 久未更新, by stage."""
    limits = queries.stage_limits(db(), current().zone.id)
    form = LimitsForm(data={stage.value: limits[stage] for stage in WATCHED})
    if form.validate_on_submit():
        try:
            changed = operations.set_limits(db(), current().actor, form.limits())
        except DomainError as error:
            refuse(form, error)
        else:
            flash("期限已保存" if changed else "没有变化")
            return redirect(url_for(".set_limits"), 303)
    return show_form("activities/limits.html", form, stages=WATCHED, usual=DEFAULT_LIMITS)
