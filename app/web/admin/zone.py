"""The zone's settings."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.accounts.operations import ZoneData, change_zone
from app.accounts.rules import Permission
from app.directory.rules import provinces
from app.kernel.errors import DomainError
from app.web.admin.blueprint import blueprint
from app.web.admin.forms import ZoneForm
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.session import current, db


@blueprint.route("/zone", methods=["GET", "POST"])
@needs(Permission.administer)
def change_settings() -> Response:
    """Show and change what the zone chooses for itself."""
    zone = current().zone
    form = ZoneForm(obj=zone)
    form.province.offer((name, name) for name in provinces())
    if form.validate_on_submit():
        try:
            change_zone(db(), current().actor, zone, data=_data(form))
        except DomainError as error:
            refuse(form, error)
        else:
            flash("园区设置已保存")
            return redirect(url_for(".change_settings"), 303)
    return show_form("admin/zone.html", form)


def _data(form: ZoneForm) -> ZoneData:
    day = _number(form.cutoff_day.data) or 0
    if day > 28:
        raise DomainError("统计截止日请填 1 至 28；自然月请填 0", "cutoff_day")
    return ZoneData(
        name=form.name.data or "",
        province=form.province.data,
        number_prefix=form.number_prefix.data or "",
        cutoff_day=day,
        brief_masthead=form.brief_masthead.data,
        brief_office=form.brief_office.data or "",
        brief_prefix=form.brief_prefix.data or "",
        brief_report_to=form.brief_report_to.data or "",
        brief_send_to=form.brief_send_to.data or "",
        brief_issue_to=form.brief_issue_to.data or "",
        brief_copies=_number(form.brief_copies.data) or 0,
        brief_total_before=_number(form.brief_total_before.data),
        brief_total_year=_number(form.brief_total_year.data),
        draft_day=_number(form.draft_day.data),
    )


def _number(value: object) -> int | None:
    """A whole number of a form. Raises ``DomainError`` for one that no counter holds."""
    if value is None:
        return None
    number = int(str(value).split(".")[0])
    if number > 100_000:
        raise DomainError(f"{number} 太大，请核对")
    return number
