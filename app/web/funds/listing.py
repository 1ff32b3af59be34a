"""The list of arrivals and its export."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.directory.queries import list_labels
from app.funds import queries as funds
from app.funds.rules import FundSource
from app.kernel import clock
from app.web.downloads import send_table
from app.web.funds.blueprint import blueprint
from app.web.funds.filters import (
    STATE_WORDS,
    cells,
    chips,
    columns,
    original,
    read_filter,
    read_order,
    tabs,
    totals,
    write_filter,
)
from app.web.guards import needs
from app.web.lists import PAGE, in_words, read_page
from app.web.session import current, db, unit_in_use


@blueprint.get("")
@needs(Permission.read)
def list_arrivals() -> str:
    """The arrivals that match the filter, with sums over all of them."""
    zone_id = current().zone.id
    lists = list_labels(db(), zone_id, "unit")
    wanted = read_filter(request.args, lists)
    order, descending = read_order(request.args)
    sums = funds.arrival_sums(db(), zone_id, wanted)
    page, pages = read_page(request.args, sums.arrivals)
    rows = funds.list_arrivals(
        db(), zone_id, wanted, order=order, descending=descending, offset=(page - 1) * PAGE, limit=PAGE
    )
    keep = {name: request.args[name] for name in ("sort", "dir") if name in request.args}
    usual = tabs(current().month, sums)
    return render_template(
        "funds/arrivals.html",
        rows=rows,
        sums=sums,
        order=order,
        descending=descending,
        page=page,
        pages=pages,
        tabs=[(tab, url_for(".list_arrivals", **write_filter(tab.wanted))) for tab in usual],
        chips=chips(wanted, lists, keep),
        wanted=wanted,
        lists=lists,
        sources=list(FundSource),
        words=STATE_WORDS,
        original=original,
        today=clock.today(),
        keep=keep,
        export=url_for(".export_arrivals", **{**keep, **write_filter(wanted)}),
    )


@blueprint.get("/export.xlsx")
@needs(Permission.read)
def export_arrivals() -> Response:
    """Exactly the arrivals of the filtered list, with the same sums."""
    zone_id, unit = current().zone.id, unit_in_use()
    lists = list_labels(db(), zone_id, "unit")
    wanted = read_filter(request.args, lists)
    order, descending = read_order(request.args)
    sums = funds.arrival_sums(db(), zone_id, wanted)
    rows = funds.iter_arrivals(db(), zone_id, wanted, order=order, descending=descending)
    return send_table(
        f"{current().zone.name}到位资金{clock.today():%Y%m%d}",
        columns(unit),
        cells(rows, unit),
        totals(sums, unit),
        conditions=in_words(chips(wanted, lists, {})),
        sheet="到位资金",
        title=f"{current().zone.name}到位资金明细",
    )
