"""The ledger of projects and its export."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.directory.queries import list_labels
from app.funds import queries as funds
from app.kernel import clock
from app.pipeline.queries import Standing
from app.pipeline.rules import Stage
from app.web.downloads import send_table
from app.web.guards import needs
from app.web.lists import PAGE, read_page
from app.web.pipeline import columns
from app.web.pipeline.blueprint import blueprint
from app.web.pipeline.day import as_of, warnings_of
from app.web.pipeline.filters import chips, read_filter, read_order, tabs, write_filter
from app.web.session import current, db, unit_in_use


@blueprint.get("")
@needs(Permission.read)
def list_projects() -> str:
    """The ledger: the projects that match the filter, with sums over all of them."""
    zone_id = current().zone.id
    lists = list_labels(db(), zone_id, "unit", "area", "chain")
    wanted = read_filter(request.args, lists)
    order, descending = read_order(request.args)
    usual = tabs(current().month)
    sums, counts = funds.project_sums(db(), zone_id, wanted, {tab.key: tab.wanted for tab in usual})
    page, pages = read_page(request.args, sums.projects)
    rows = funds.list_projects(
        db(), zone_id, wanted, order=order, descending=descending, offset=(page - 1) * PAGE, limit=PAGE
    )
    keep = {name: request.args[name] for name in ("sort", "dir") if name in request.args}
    return render_template(
        "pipeline/projects.html",
        rows=[(row, warnings_of(row.stage, row.signed_on, row.recognised_fen)) for row in rows],
        sums=sums,
        share=columns.share,
        day=as_of(),
        heads=columns.HEADS,
        order=order,
        descending=descending,
        page=page,
        pages=pages,
        tabs=[(tab, counts[tab.key], url_for(".list_projects", **write_filter(tab.wanted))) for tab in usual],
        chips=chips(wanted, lists, keep),
        wanted=wanted,
        lists=lists,
        stages=list(Stage),
        standings=list(Standing),
        keep=keep,
        export=url_for(".export_projects", **{**keep, **write_filter(wanted)}),
    )


@blueprint.get("/export.xlsx")
@needs(Permission.read)
def export_projects() -> Response:
    """Exactly the projects of the filtered list, with the same columns and sums."""
    zone_id, unit = current().zone.id, unit_in_use()
    wanted = read_filter(request.args, list_labels(db(), zone_id, "unit", "area", "chain"))
    order, descending = read_order(request.args)
    sums, _counts = funds.project_sums(db(), zone_id, wanted)
    rows = funds.iter_projects(db(), zone_id, wanted, order=order, descending=descending)
    return send_table(
        f"{current().zone.name}项目台账{clock.today():%Y%m%d}",
        columns.columns(unit),
        columns.cells(rows, unit, as_of()),
        columns.totals(sums, unit),
        sheet="项目台账",
        title=f"{current().zone.name}招商引资项目台账（{as_of()}）",
    )
