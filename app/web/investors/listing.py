"""The list of companies and its export; what looks like a company that is being typed."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.figures.queries.companies import company_sums, count_by_origin, iter_companies, list_companies
from app.investors.rules import InvestorType, read_uscc
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import clean
from app.leads.queries import Alike, find_alike_investors
from app.leads.rules import Wanted
from app.web.downloads import send_table
from app.web.guards import needs
from app.web.investors import columns
from app.web.investors.blueprint import blueprint
from app.web.investors.filters import NO_ORIGIN, chips, read_filter, read_order, tabs, write_filter
from app.web.lists import PAGE, in_words, read_page
from app.web.session import current, db, unit_in_use


@blueprint.get("")
@needs(Permission.read)
def list_investors() -> str:
    """The companies that match the filter, with sums over all of them."""
    zone_id = current().zone.id
    wanted = read_filter(request.args)
    order, descending = read_order(request.args)
    sums, counts = company_sums(db(), zone_id, wanted), count_by_origin(db(), zone_id)
    page, pages = read_page(request.args, sums.companies)
    rows = list_companies(
        db(), zone_id, wanted, order=order, descending=descending, offset=(page - 1) * PAGE, limit=PAGE
    )
    keep = {name: request.args[name] for name in ("sort", "dir") if name in request.args}
    return render_template(
        "investors/investors.html",
        rows=rows,
        sums=sums,
        heads=columns.HEADS,
        order=order,
        descending=descending,
        page=page,
        pages=pages,
        tabs=[(tab, url_for(".list_investors", **write_filter(tab.wanted))) for tab in tabs(counts)],
        chips=chips(wanted, keep),
        wanted=wanted,
        origins=[(row.origin or NO_ORIGIN, row.origin or "未填", row.standing) for row in counts],
        types=list(InvestorType),
        keep=keep,
        export=url_for(".export_investors", **{**keep, **write_filter(wanted)}),
    )


@blueprint.get("/export.xlsx")
@needs(Permission.read)
def export_investors() -> Response:
    """Exactly the companies of the filtered list, with the same sums."""
    zone_id, unit = current().zone.id, unit_in_use()
    wanted = read_filter(request.args)
    order, descending = read_order(request.args)
    rows = iter_companies(db(), zone_id, wanted, order=order, descending=descending)
    return send_table(
        f"{current().zone.name}企业{clock.today():%Y%m%d}",
        columns.columns(unit),
        columns.cells(rows, unit),
        columns.totals(company_sums(db(), zone_id, wanted), unit),
        conditions=in_words(chips(wanted, {})),
        sheet="企业",
        title=f"{current().zone.name}投资企业（{clock.today()}）",
    )


@blueprint.get("/alike")
@needs(Permission.enter)
def look_alike() -> str:
    """The part of the form that shows what looks like the company being typed."""
    typed = {name: clean(request.args.get(name, ""))[:120] for name in ("name", "uscc")}
    besides = request.args.get("besides", type=int)
    return render_template(
        "investors/_alike.html", alikes=alikes(typed["name"], typed["uscc"], besides=besides)
    )


def alikes(name: str, uscc: str, *, besides: int | None = None) -> list[Alike]:
    """Companies that look like it; a code that is not typed to its end yet says nothing."""
    try:
        code = read_uscc(uscc) if uscc else None
    except DomainError:
        code = None
    return find_alike_investors(db(), current().zone.id, Wanted("", name, code), besides=besides)
