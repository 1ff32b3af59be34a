"""The list of leads, its export, and what looks like a lead that is being typed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.directory.queries import list_labels
from app.investors.rules import read_uscc
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import clean
from app.leads.queries import (
    Alike,
    Attention,
    Sight,
    clocks_and_units,
    find_alike,
    iter_leads,
    lead_sums,
    list_leads,
)
from app.leads.rules import Kind, LeadSource, LeadState, Wanted, masked_name
from app.web.downloads import send_table
from app.web.guards import needs
from app.web.leads.blueprint import blueprint, sight, sight_under
from app.web.leads.columns import cells, columns, totals
from app.web.leads.filters import TABS, chips, read_filter, write_filter
from app.web.lists import PAGE, in_words, read_page
from app.web.session import current, db, unit_in_use


@blueprint.get("", endpoint="list_leads")
@needs(Permission.read_leads)
def show_list() -> str:
    """The leads that match the filter, with sums over all of them."""
    clocks, units = clocks_and_units(db(), current().zone.id)
    seen, lists = sight_under(clocks), {"unit": units}
    wanted = read_filter(request.args, lists)
    sums, counts = lead_sums(db(), seen, wanted, {tab.key: tab.wanted for tab in TABS})
    page, pages = read_page(request.args, sums.leads)
    rows = list_leads(db(), seen, wanted, offset=(page - 1) * PAGE, limit=PAGE)
    return render_template(
        "leads/leads.html",
        rows=[
            (row, row.lates(seen.clocks, seen.today), row.has_lapsed(seen.clocks, seen.today)) for row in rows
        ],
        sums=sums,
        page=page,
        pages=pages,
        tabs=[(tab, counts[tab.key], url_for(".list_leads", **write_filter(tab.wanted))) for tab in TABS],
        chips=chips(wanted, lists),
        wanted=wanted,
        lists=lists,
        sight=seen,
        states=list(LeadState),
        sources=list(LeadSource),
        attentions=list(Attention),
        export=url_for(".export_leads", **write_filter(wanted)),
    )


@blueprint.get("/export.xlsx")
@needs(Permission.read_leads)
def export_leads() -> Response:
    """Exactly the leads of the filtered list, with the same sums."""
    seen, unit = sight(), unit_in_use()
    lists = list_labels(db(), seen.zone_id, "unit")
    wanted = read_filter(request.args, lists)
    sums, _counts = lead_sums(db(), seen, wanted)
    return send_table(
        f"{current().zone.name}线索{clock.today():%Y%m%d}",
        columns(unit),
        cells(iter_leads(db(), seen, wanted), unit, seen),
        totals(sums, unit),
        conditions=in_words(chips(wanted, lists)),
        sheet="线索",
        title=f"{current().zone.name}招商线索（{seen.today}）",
    )


@dataclass(frozen=True)
class Shown:
    """A look-alike as the person may read it; without an address when it may not be opened."""

    alike: Alike
    name: str
    investor: str
    address: str | None


@blueprint.get("/alike")
@needs(Permission.enter)
def look_alike() -> str:
    """The part of the form that shows what looks like the lead being typed."""
    names = ("name", "investor_name", "uscc")
    typed = {name: clean(request.args.get(name, ""))[:120] for name in names}
    besides = request.args.get("besides", type=int)
    found = alikes(typed["name"], typed["investor_name"], typed["uscc"], besides=besides)
    return render_template("leads/_alike.html", alikes=found)


def alikes(name: str, investor: str, uscc: str, *, besides: int | None) -> list[Shown]:
    """What looks like the lead, others' details masked."""
    seen = sight()
    try:
        code = read_uscc(uscc) if uscc else None
    except DomainError:
        code = None  # not typed to its end yet; the form itself says what is wrong with it
    wanted = Wanted(name, investor, code)
    found = find_alike(db(), seen.zone_id, wanted, clocks=seen.clocks, today=seen.today, besides=besides)
    return [_shown(alike, seen) for alike in found]


def _shown(alike: Alike, seen: Sight) -> Shown:
    if alike.kind is Kind.project:
        address = url_for("pipeline.show_project", project_id=alike.id)
        return Shown(alike, alike.name, alike.investor, address)
    if alike.kind is Kind.investor:
        return Shown(alike, alike.name, "", None)
    if seen.unit_id is None or seen.unit_id in (alike.unit_id, alike.first_unit_id):
        return Shown(alike, alike.name, alike.investor, url_for(".show_lead", lead_id=alike.id))
    return Shown(alike, masked_name(alike.name), masked_name(alike.investor), None)
