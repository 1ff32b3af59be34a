"""The blueprint that the pages of leads share, and how each of them finds its lead."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request

from app.kernel import clock
from app.leads.models import Lead
from app.leads.queries import Sight, clocks_of, get_lead
from app.leads.rules import Clocks, unit_in_sight
from app.web.files.forms import allow_uploads
from app.web.session import SAFE_METHODS, current, db

blueprint = Blueprint("leads", __name__, url_prefix="/leads")
WITH_FILES = frozenset({"leads.register_lead"})


@blueprint.url_value_preprocessor
def _allow_uploads(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A new lead brings its scans and photos along."""
    if endpoint in WITH_FILES:
        allow_uploads()


ONE = "/<int(max=9223372036854775807):lead_id>"


def sight() -> Sight:
    """Whose leads the person sees."""
    return sight_under(clocks_of(db(), current().zone.id))


def sight_under(clocks: Clocks) -> Sight:
    """Whose leads the person sees under the zone's clocks."""
    unit_id = unit_in_sight(current().scope, shared=clocks.shared)
    return Sight(current().zone.id, unit_id, clocks, clock.today())


def lead_in_sight(lead_id: int, seen: Sight | None = None) -> Lead:
    """The lead, for somebody who may read it. Raises ``NotFoundError``."""
    seen = seen or sight()
    lock = request.method not in SAFE_METHODS
    return get_lead(db(), seen.zone_id, lead_id, unit_id=seen.unit_id, lock=lock)


def own_lead(lead_id: int) -> Lead:
    """The lead, for somebody who may work on it: its unit's officers, and reviewers; locked while written."""
    lead = lead_in_sight(lead_id)
    if not current().scope.may_edit_unit(lead.unit_id):
        abort(403)
    return lead
