"""The page of one lead: what it is, what has to happen, what happened."""

from __future__ import annotations

from flask import make_response, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import names_of
from app.accounts.rules import Permission
from app.activities.queries import lead_activities
from app.audit.queries import list_entries
from app.directory.queries import labels
from app.kernel.text import masked_phone
from app.leads import operations
from app.leads.models import Lead
from app.leads.queries import Sight, course_of, list_decisions, officers_of
from app.leads.rules import ALIVE, DecisionKind, LeadState, has_lapsed, lates, next_due, protected_to
from app.pipeline.queries import get_project
from app.web.files.shelf import shelf_of
from app.web.files.subjects import get_subject
from app.web.forms import Form
from app.web.guards import needs
from app.web.leads.blueprint import ONE, blueprint, lead_in_sight, sight
from app.web.leads.forms import AssessForm, DecisionForm, OfficerForm, TextForm
from app.web.leads.history import people_of, tell
from app.web.session import current, db

ACTIVITIES = 100


@blueprint.get(ONE)
@needs(Permission.read_leads)
def show_lead(lead_id: int) -> Response:
    """One lead."""
    seen = sight()
    return show(lead_in_sight(lead_id, seen), seen)


@blueprint.post(f"{ONE}/phone")
@needs(Permission.read_leads)
def read_phone(lead_id: int) -> Response:
    """The page with the contact's full number; that it was read is on record."""
    seen = sight()
    lead = lead_in_sight(lead_id, seen)
    return show(lead, seen, phone=operations.read_phone(db(), current().actor, lead))


def show(lead: Lead, seen: Sight, *, phone: str | None = None, **refused: Form) -> Response:
    """The page; 422 when it comes back with a form that was ``refused``."""
    zone_id, scope = lead.zone_id, current().scope
    units = labels(db(), zone_id, "unit")
    entries = list_entries(db(), zone_id, {"lead": [lead.id]})
    officers = officers_of(db(), zone_id, lead.unit_id)
    people = names_of(db(), zone_id, {*people_of(entries), *([lead.officer_id] if lead.officer_id else [])})
    course = course_of(lead)
    may_edit = scope.may_edit_unit(lead.unit_id)
    page = render_template(
        "leads/lead.html",
        lead=lead,
        officer=people.get(lead.officer_id or 0, ""),
        phone=phone or masked_phone(lead.contact_phone),
        masked=bool(lead.contact_phone) and phone is None,
        lates=lates(course, seen.clocks, seen.today),
        due=next_due(course, seen.clocks),
        protected_to=protected_to(course, seen.clocks),
        lapsed=has_lapsed(course, seen.clocks, seen.today),
        alive=lead.state in ALIVE,
        clocks=seen.clocks,
        decisions=[
            (decision, DecisionKind(decision.kind)) for decision in list_decisions(db(), zone_id, lead.id)
        ],
        units=units,
        activities=lead_activities(db(), zone_id, lead.id, ACTIVITIES),
        history=tell(entries, units, people),
        project=get_project(db(), zone_id, lead.project_id) if lead.project_id else None,
        may_edit=may_edit,
        shelf=shelf_of(get_subject("lead", lead.id)),
        may_assess=may_edit and lead.state not in (LeadState.lapsed, LeadState.converted),
        may_decide=scope.may(Permission.review) and lead.state is not LeadState.converted,
        forms=_forms(lead, units, officers, refused),
        refused=next(iter(refused), ""),
        back=url_for(".list_leads"),
    )
    return make_response(page, 422 if refused else 200)


def decision_form(units: dict[int, str]) -> DecisionForm:
    """The form of a decision with what can be chosen."""
    form = DecisionForm()
    form.kind.offer((kind, kind.label) for kind in DecisionKind)
    form.to_unit_id.offer(units.items())
    return form


def officer_form(lead: Lead, officers: dict[int, str]) -> OfficerForm:
    """The form of a handover with the unit's officers."""
    form = OfficerForm()
    form.officer_id.offer((key, name) for key, name in officers.items() if key != lead.officer_id)
    return form


def _forms(
    lead: Lead, units: dict[int, str], officers: dict[int, str], refused: dict[str, Form]
) -> dict[str, Form]:
    """The forms on the page; ids are prefixed by the form's own name so that no two fields share one."""
    made: dict[str, Form] = {}
    made["answer"] = refused.get("answer") or TextForm(formdata=None)
    made["report"] = refused.get("report") or TextForm(formdata=None)
    made["assess"] = refused.get("assess") or AssessForm(formdata=None)
    made["hand"] = refused.get("hand") or officer_form(lead, officers)
    made["decide"] = refused.get("decide") or decision_form(units)
    for name, form in made.items():
        for field in form:
            field.id = f"{name}-{field.short_name}"
            field.label.field_id = field.id
    return made
