"""The list of activities and its export."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.activities import queries
from app.activities.rules import ActivityKind
from app.kernel import clock
from app.web.activities.blueprint import blueprint
from app.web.activities.filters import cells, chips, columns, read_filter, tabs, totals, write_filter
from app.web.activities.picking import about_address
from app.web.downloads import send_table
from app.web.guards import needs
from app.web.lists import PAGE, in_words, read_page
from app.web.session import current, db


@blueprint.get("")
@needs(Permission.read)
def list_activities() -> str:
    """The activities that match the filter, with 次数, 人次 and 天数 over all of them, also by unit."""
    scope = current().scope
    lists = queries.list_choices(db(), scope.zone_id)
    wanted = read_filter(request.args, lists)
    sums = queries.activity_sums(db(), scope, wanted)
    page, pages = read_page(request.args, sums.times)
    rows = queries.list_activities(db(), scope, wanted, offset=(page - 1) * PAGE, limit=PAGE)
    usual = tabs(current().month, current().user_id)
    return render_template(
        "activities/activities.html",
        rows=[(row, about_address(row.about)) for row in rows],
        sums=sums,
        page=page,
        pages=pages,
        tabs=[(tab, url_for(".list_activities", **write_filter(tab.wanted))) for tab in usual],
        chips=chips(wanted, lists, rows),
        wanted=wanted,
        lists=lists,
        kinds=list(ActivityKind),
        linked=list(queries.Linked),
        export=url_for(".export_activities", **write_filter(wanted)),
    )


@blueprint.get("/export.xlsx")
@needs(Permission.read)
def export_activities() -> Response:
    """Exactly the activities of the filtered list, with the same sums."""
    scope, zone = current().scope, current().zone
    lists = queries.list_choices(db(), scope.zone_id)
    wanted = read_filter(request.args, lists)
    return send_table(
        f"{zone.name}招商活动{clock.today():%Y%m%d}",
        columns(),
        cells(queries.iter_activities(db(), scope, wanted)),
        totals(queries.activity_sums(db(), scope, wanted)),
        conditions=in_words(chips(wanted, lists, ())),
        sheet="活动",
        title=f"{zone.name}招商活动台账",
    )
