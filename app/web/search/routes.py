"""One search box for projects, investors and contracts, and arrivals by their evidence number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.funds.queries import find_by_voucher
from app.kernel.text import clean
from app.search.queries import Found, find_records
from app.search.rules import LONGEST, read_query
from app.web.guards import needs
from app.web.session import current, db

blueprint = Blueprint("search", __name__, url_prefix="/search")
ENTITIES = {"project": "项目", "investor": "企业", "contract": "合同", "contact": "联系人"}
ON_PAGE, BELOW_BOX = 50, 8


@dataclass(frozen=True)
class Hit:
    """One line of the results: where it leads, and what it says."""

    kind: str
    title: str
    subtitle: str
    address: str
    near: bool = False


@blueprint.get("")
@needs(Permission.read)
def find() -> Response:
    """The results for ``?q=``; with ``box=1`` only the short list that stands below the search box."""
    words = clean(request.args.get("q", ""))[:LONGEST]
    box = "box" in request.args
    hits = list(_hits(words, BELOW_BOX if box else ON_PAGE))
    short = bool(words) and read_query(words).is_empty
    page = "search/_box.html" if box else "search/results.html"
    return make_response(render_template(page, words=words, hits=hits, short=short))


def _hits(words: str, limit: int) -> Iterable[Hit]:
    zone_id = current().zone.id
    arrival = find_by_voucher(db(), zone_id, words) if words else None
    if arrival is not None:
        yield Hit(
            "到账",
            arrival.voucher,
            f"{arrival.arrived_on} 到账",
            url_for("pipeline.show_project", project_id=arrival.project_id, _anchor="funds"),
        )
    for found in find_records(db(), zone_id, words, entities=ENTITIES, limit=limit):
        yield Hit(ENTITIES[found.entity], found.title, found.subtitle, _address(found), found.near)


def _address(found: Found) -> str:
    if found.entity in ("investor", "contact"):
        return url_for("investors.show_investor", investor_id=found.target_id)
    return url_for("pipeline.show_project", project_id=found.target_id)
