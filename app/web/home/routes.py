"""工作台, the month in work, and the echo of a typed amount."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.briefs.queries import list_newest
from app.briefs.queries.documents import list_submitted
from app.figures.rules import WindowName
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.money import UNITS, parse_fen
from app.kernel.periods import Month
from app.web.briefs.documents import works_on_briefs
from app.web.filters import in_words
from app.web.frame import waits
from app.web.guards import needs, safe_next
from app.web.home.overview import look, look_out
from app.web.home.own import own_unit, waiting_arrivals
from app.web.session import MONTH_COOKIE, current, db, set_cookie
from app.web.tasks.day import my_day
from app.web.warnings.cures import cure_of, place_of
from app.web.warnings.sight import in_force

blueprint = Blueprint("home", __name__)
LAST_BRIEFS = 4


@blueprint.get("/")
@needs(Permission.read)
def home() -> str:
    """How the zone is doing, which big project is in trouble, and what waits for the person."""
    person = current()
    window = WindowName.month if request.args.get("w") == "month" else WindowName.ytd
    thresholds, _clocks = in_force()
    overview = look(db(), person.zone, person.month, window, clock.today(), thresholds=thresholds)
    own = own_unit(db(), person.scope, overview)
    return render_template(
        "home/home.html",
        overview=overview,
        outlook=look_out(db(), person.zone, overview) if own is None else None,
        own=own,
        day=my_day(db(), person.scope, person.user_id, clock.today()),
        waits=waits(),
        cure_of=cure_of,
        place_of=place_of,
        waiting=waiting_arrivals(db(), person.scope),
        unsigned=list_submitted(db(), person.zone.id) if person.may(Permission.issue_brief) else [],
        briefs=list_newest(db(), person.zone.id, drafts=works_on_briefs())[:LAST_BRIEFS]
        if own is None
        else None,
    )


@blueprint.post("/month")
@needs(Permission.read)
def choose_month() -> Response:
    """Work on another month; remembered in this browser. Raises ``DomainError`` for a month that is none."""
    month = Month.parse(request.form.get("month", ""))
    response = redirect(safe_next(request.form.get("next")) or url_for("home.home"), 303)
    set_cookie(response, MONTH_COOKIE, str(month), max_age=90 * 86400)
    return response


@blueprint.get("/amount")
@needs(Permission.read)
def read_amount() -> dict[str, Any]:
    """What a typed amount means, in 亿元 and in capitals; the form says it below the field."""
    unit = request.args.get("unit", "")
    try:
        fen = parse_fen(request.args.get("text", ""), unit if unit in UNITS else "万元")
    except DomainError as error:
        return {"words": error.message}
    return {"words": in_words(fen)}
