"""Opening the form of a project: what can be chosen, and what stands in it."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.accounts.rules import Scope
from app.directory.queries import labels, list_choices, list_segments
from app.directory.rules import divisions, origins
from app.pipeline.models import Project
from app.pipeline.queries import list_contracts, main_contract, milestones_of
from app.web.pipeline.conflict import settle
from app.web.pipeline.forms import ProjectForm, values_of


def open_form(
    session: Session,
    scope: Scope,
    project: Project | None,
    values: dict[str, Any],
    *,
    sent: MultiDict[str, str] | None = None,
) -> ProjectForm:
    """The form with ``values`` in it, or with what was sent; ``project`` is the stored one, if there is one."""
    own = project.unit_id if project else None
    keep = (own, project.area_id, project.chain_id) if project else ()
    lists = list_choices(session, scope.zone_id, "unit", "area", "chain", keep=keep)
    chain_of = {segment.id: segment.chain_id for segment in list_segments(session, scope.zone_id)}
    segments = {
        key: name
        for key, name in labels(session, scope.zone_id, "segment").items()
        if chain_of[key] in lists["chain"]
    }
    units = {key: name for key, name in lists["unit"].items() if key == own or scope.may_edit_unit(key)}
    sent = request.form if sent is None else sent

    def make(formdata: MultiDict[str, str] | None) -> ProjectForm:
        form = ProjectForm(formdata=formdata, data=values)
        form.offer_lists(lists, units, segments)
        return form

    return make(settle(sent, make(None)) if sent else None)


def stored_values(session: Session, project: Project) -> dict[str, Any]:
    """The stored project as the form's values."""
    contracts = list_contracts(session, project.zone_id, project.id)
    return values_of(project, main_contract(contracts), milestones_of(session, project.zone_id, project.id))


def form_lists(session: Session, zone_id: int) -> dict[str, Any]:
    """What the form's page needs besides: which segments belong to which chain, origins and industries."""
    return {
        "chain_of": {segment.id: segment.chain_id for segment in list_segments(session, zone_id)},
        "origins": list(origins()),
        "industries": [f"{i.section}{i.division} {i.name}" for i in divisions().values()],
    }
