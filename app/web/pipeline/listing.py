"""The ledger of projects and its export."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.funds import queries as funds
from app.kernel import clock
from app.pipeline.queries import extra_heads
from app.web.downloads import send_table
from app.web.guards import needs
from app.web.lists import PAGE, read_page
from app.web.pipeline import columns
from app.web.pipeline.asked import (
    LEDGER,
    Asked,
    opening,
    page_parts,
    read_asked,
    tab_address,
    usual_tabs,
)
from app.web.pipeline.blueprint import blueprint
from app.web.pipeline.day import as_of, warnings_of
from app.web.session import current, db, unit_in_use


@blueprint.get("")
@needs(Permission.read)
def list_projects() -> str | Response:
    """The ledger: the projects that match the filter, with sums over all of them."""
    asked = read_asked()
    first = opening(asked.setting, asked)
    if first is not None:
        return redirect(asked.address_of(first, LEDGER))
    return show_ledger(asked)


def show_ledger(asked: Asked) -> str:
    """The page of the ledger for what was asked."""
    zone_id, usual, extra = current().zone.id, usual_tabs(asked), columns.asked_of(asked.heads)
    sums, counts = funds.project_sums(
        db(), zone_id, asked.wanted, {tab.key: tab.wanted for tab in usual}, extra=extra
    )
    page, pages = read_page(request.args, sums.projects)
    rows = funds.list_projects(
        db(),
        zone_id,
        asked.wanted,
        order=asked.order,
        descending=asked.descending,
        offset=(page - 1) * PAGE,
        limit=PAGE,
        extra=extra,
    )
    return render_template(
        "pipeline/projects.html",
        **page_parts(asked, LEDGER),
        rows=[(row, _warnings(row, asked)) for row in rows],
        sums=sums,
        share=columns.share,
        value=columns.value,
        total=columns.total,
        heads=asked.heads,
        width=columns.table_width(asked.heads),
        order=asked.order,
        descending=asked.descending,
        page=page,
        pages=pages,
        tabs=[(tab, counts[tab.key], tab_address(tab, asked, LEDGER)) for tab in usual],
        export=url_for(".export_projects", **asked.parameters),
        others=[
            ("合同清单", url_for(".export_contracts", **asked.parameters)),
            ("承诺清单", url_for(".export_commitments", **asked.parameters)),
        ],
    )


@blueprint.get("/export.xlsx")
@needs(Permission.read)
def export_projects() -> Response:
    """Exactly the projects of the filtered list, with the chosen columns and the same sums."""
    asked, zone_id, unit = read_asked(), current().zone.id, unit_in_use()
    extra = columns.asked_of(asked.heads)
    sums, _counts = funds.project_sums(db(), zone_id, asked.wanted, extra=extra)
    rows = funds.iter_projects(
        db(), zone_id, asked.wanted, order=asked.order, descending=asked.descending, extra=extra
    )
    own = extra_heads(db(), zone_id, asked.wanted) if "extra" in extra else ()
    past = asked.wanted.as_of
    return send_table(
        f"{current().zone.name}项目台账{past or clock.today():%Y%m%d}",
        columns.columns(asked.heads, unit, own),
        columns.cells(rows, asked.heads, unit, asked.day, own),
        columns.totals(sums, asked.heads, unit, own),
        conditions=asked.words,
        sheet="项目台账",
        title=f"{current().zone.name}招商引资项目台账（{f'截至 {past}' if past else as_of()}）",
    )


def _warnings(row: funds.ProjectRow, asked: Asked) -> list[str]:
    """What is wrong with a project now; of a day in the past nothing is said."""
    return [] if asked.wanted.as_of else warnings_of(row.stage, row.signed_on, row.recognised_fen)
