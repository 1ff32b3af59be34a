"""The zone's clocks for leads. An administrator sets them without reading a lead."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.kernel.errors import DomainError
from app.leads.operations import set_clocks
from app.leads.queries import clocks_of
from app.web.admin.blueprint import blueprint
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.leads.forms import ClockForm
from app.web.session import current, db


@blueprint.route("/leads", methods=["GET", "POST"])
@needs(Permission.administer)
def change_clocks() -> Response:
    """Show and change protection, response times, and whether units see each other's leads."""
    stored = asdict(clocks_of(db(), current().scope.zone_id))
    shared = stored.pop("shared")
    form = ClockForm(data={**{name: Decimal(days) for name, days in stored.items()}, "shared": shared})
    if form.validate_on_submit():
        try:
            set_clocks(db(), current().actor, form.clocks())
        except DomainError as error:
            refuse(form, error)
        else:
            flash("线索时限已保存")
            return redirect(url_for(".change_clocks"), 303)
    return show_form("admin/leads.html", form)
