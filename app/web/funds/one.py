"""One arrival: what it says, its evidence, its shares, what became of it, and what may be done about it."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.funds import queries as funds
from app.funds.models import FundArrival
from app.web.files.shelf import shelf_of
from app.web.files.subjects import get_subject
from app.web.funds.blueprint import ONE, blueprint
from app.web.funds.closed import closed_month
from app.web.funds.filters import STATE_WORDS, original
from app.web.funds.forms import ReasonForm
from app.web.guards import needs
from app.web.session import current, db


@blueprint.get(ONE)
@needs(Permission.read)
def show_arrival(arrival_id: int) -> Response:
    """The page of one arrival."""
    return show_page(funds.get_arrival(db(), current().zone.id, arrival_id))


def show_page(arrival: FundArrival, form: ReasonForm | None = None, step: str = "") -> Response:
    """The page; 422 with ``form`` open when the ``step`` was refused, so that nothing is saved."""
    page = render_template(
        "funds/arrival.html",
        arrival=arrival,
        project=arrival.project,
        totals=funds.states_total(db(), arrival.zone_id, arrival.project_id),
        shares=funds.list_shares(db(), arrival.zone_id, arrival.id),
        revocations=funds.list_revocations(db(), arrival.zone_id, arrival.id),
        shelf=shelf_of(get_subject("fund_arrival", arrival.id)),
        original=original(arrival),
        words=STATE_WORDS,
        closed=closed_month(arrival),
        may_review=current().may(Permission.review),
        own_entry=arrival.recorded_by == current().user_id,
        may_edit=current().scope.may_edit_unit(arrival.project.unit_id),
        form=form,
        step=step,
    )
    return make_response(page, 422 if form else 200)
