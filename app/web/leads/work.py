"""What the unit does with a lead, and the reviewer's decisions, each a form on the lead's page."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.activities.operations import carry_to_project
from app.directory.queries import list_choices
from app.directory.rules import origins
from app.kernel import clock
from app.kernel.errors import DomainError
from app.leads import operations
from app.leads.models import Lead
from app.leads.queries import officer_name, officers_of
from app.leads.rules import DecisionKind, LeadState, Verdict, check_convertible, day_of
from app.pipeline.queries import next_number
from app.web.errors import refuse, show_form
from app.web.forms import Form
from app.web.guards import needs
from app.web.leads.blueprint import ONE, blueprint, lead_in_sight, own_lead, sight
from app.web.leads.forms import AssessForm, ConvertForm, DecisionForm, TextForm
from app.web.leads.page import decision_form, officer_form, show
from app.web.session import current, db


@blueprint.post(f"{ONE}/answer")
@needs(Permission.enter)
def answer_lead(lead_id: int) -> Response:
    """Record that the investor was answered."""
    lead, form = own_lead(lead_id), TextForm()

    def act() -> None:
        operations.answer_lead(db(), current().actor, lead, text=form.text.text, now=clock.now())

    return _settle(lead, "answer", form, act, "已记录响应")


@blueprint.post(f"{ONE}/assess")
@needs(Permission.enter)
def assess_lead(lead_id: int) -> Response:
    """Record what the unit makes of the lead."""
    lead, form = own_lead(lead_id), AssessForm()

    def act() -> None:
        verdict = Verdict(form.verdict.data)
        operations.assess_lead(
            db(), current().actor, lead, verdict=verdict, text=form.text.text, now=clock.now()
        )

    return _settle(lead, "assess", form, act, "已记录研判意见")


@blueprint.post(f"{ONE}/report")
@needs(Permission.enter)
def report_progress(lead_id: int) -> Response:
    """Report progress."""
    lead, form = own_lead(lead_id), TextForm()

    def act() -> None:
        operations.report_progress(db(), current().actor, lead, text=form.text.text, now=clock.now())

    return _settle(lead, "report", form, act, "已报进展")


@blueprint.post(f"{ONE}/officer")
@needs(Permission.enter)
def hand_to_officer(lead_id: int) -> Response:
    """Give the lead to another officer of the unit."""
    lead = own_lead(lead_id)
    form = officer_form(lead, officers_of(db(), lead.zone_id, lead.unit_id))

    def act() -> None:
        operations.hand_to_officer(db(), current().actor, lead, officer_id=form.officer_id.data)

    return _settle(lead, "hand", form, act, "已移交责任人")


@blueprint.post(f"{ONE}/decisions")
@needs(Permission.review)
def decide(lead_id: int) -> Response:
    """A reviewer's decision on record."""
    lead = lead_in_sight(lead_id)
    form = decision_form(list_choices(db(), lead.zone_id, "unit", keep=[lead.unit_id])["unit"])
    return _settle(lead, "decide", form, lambda: _decide(lead, form), "裁定已记录")


def _decide(lead: Lead, form: DecisionForm) -> None:
    session, actor, reason, now = db(), current().actor, form.reason.text, clock.now()
    to_unit_id = form.to_unit_id.data
    kind = form.kind.data
    if kind is DecisionKind.transfer:
        operations.transfer_lead(session, actor, lead, to_unit_id=to_unit_id, reason=reason, now=now)
    elif kind is DecisionKind.dispute:
        operations.settle_dispute(session, actor, lead, to_unit_id=to_unit_id, reason=reason, now=now)
    elif kind is DecisionKind.extend:
        operations.extend_protection(session, actor, lead, until=form.until_on.data, reason=reason, now=now)
    else:
        operations.lapse_lead(session, actor, lead, reason=reason, now=now)


@blueprint.route(f"{ONE}/convert", methods=["GET", "POST"])
@needs(Permission.enter)
def convert_lead(lead_id: int) -> Response:
    """The form of the project that a lead becomes; what is known stands in it."""
    lead = own_lead(lead_id)
    if lead.state is LeadState.converted:
        return redirect(url_for("pipeline.show_project", project_id=lead.project_id), 303)
    check_convertible(lead.state)
    form = _convert_form(lead)
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                project = operations.convert_lead(
                    db(),
                    current().actor,
                    lead,
                    investor=form.investor_data(),
                    project=form.project_data(lead.unit_id),
                    today=clock.today(),
                )
                carry_to_project(db(), current().actor, lead_id=lead.id, project_id=project.id)
        except DomainError as error:
            refuse(form, error)
        else:
            flash(f"线索 {lead.number} 已转为项目“{project.name}”，阶段为在谈")
            return redirect(url_for("pipeline.show_project", project_id=project.id), 303)
    return show_form("leads/convert_form.html", form, lead=lead, origins=list(origins()))


def _convert_form(lead: Lead) -> ConvertForm:
    zone, today = current().zone, clock.today()
    lists = list_choices(db(), zone.id, "chain", "area")
    form = ConvertForm(
        data={
            "number": next_number(db(), zone.id, zone.number_prefix, today.year),
            "name": lead.name,
            "investor": lead.investor_name,
            "uscc": lead.uscc or "",
            "origin": lead.origin or "",
            "investment": lead.amount_fen,
            "officer": officer_name(db(), zone.id, lead.officer_id),
            "first_contact": day_of(lead.answered_at) if lead.answered_at else None,
            "content": lead.content,
        }
    )
    form.chain_id.offer(lists["chain"].items())
    form.area_id.offer(lists["area"].items())
    return form


def _settle(lead: Lead, name: str, form: Form, act: Callable[[], object], said: str) -> Response:
    """Do it and come back to the page; or the page again with the refusal beside its field."""
    if form.validate():
        try:
            with db().begin_nested():
                act()
        except DomainError as error:
            refuse(form, error)
        else:
            flash(said)
            return redirect(url_for(".show_lead", lead_id=lead.id), 303)
    seen = sight()
    return show(lead_in_sight(lead.id, seen), seen, **{name: form})
