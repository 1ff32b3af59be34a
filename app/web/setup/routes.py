"""The first run: makes the zone and the first administrator, once."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.accounts.operations import set_up
from app.accounts.queries import has_zone
from app.directory.rules import provinces
from app.kernel.errors import ConflictError, DomainError
from app.web.errors import refuse, show_form
from app.web.guards import public
from app.web.session import db
from app.web.setup.forms import FirstRunForm

blueprint = Blueprint("setup", __name__)


@blueprint.route("/setup", methods=["GET", "POST"])
@public
def first_run() -> Response:
    """Set up an empty installation; as soon as there is a zone, this page is not there any more."""
    if has_zone(db()):
        abort(404)
    form = FirstRunForm()
    form.province.offer((name, name) for name in provinces())
    if form.validate_on_submit():
        try:
            set_up(
                db(),
                zone_name=form.zone_name.data or "",
                province=form.province.data,
                login=form.login.data or "",
                name=form.name.data or "",
                password=form.password.data or "",
            )
        except ConflictError:
            abort(404)
        except DomainError as error:
            refuse(
                form, DomainError(error.message, {"name": "zone_name"}.get(error.field or "", error.field))
            )
        else:
            flash("初始设置已完成，请用刚才的登录名和密码登录")
            return redirect(url_for("accounts.sign_in"), 303)
    return show_form("setup/first_run.html", form)
