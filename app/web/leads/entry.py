"""Registering a lead and correcting it."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.accounts.rules import Permission, Role
from app.audit.queries import list_entries
from app.directory.queries import list_choices
from app.directory.rules import origins
from app.files.operations import add_files
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from app.kernel.text import masked_phone
from app.leads import operations
from app.leads.models import Lead
from app.leads.operations import LeadData
from app.leads.rules import LeadSource
from app.web.errors import refuse, show_form
from app.web.files.forms import read_uploads
from app.web.filters import when
from app.web.guards import needs
from app.web.leads.blueprint import ONE, blueprint, own_lead
from app.web.leads.forms import LeadForm, values_of
from app.web.leads.listing import alikes
from app.web.pipeline.conflict import BASE, base_of, differences, sent_fields, settle
from app.web.session import config, current, db


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.enter)
def register_lead() -> Response:
    """The short form of a new lead."""
    form = _open({"unit": current().scope.unit_id}, sent=request.form)
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                lead = _register(form)
                _add_files(lead)
        except DomainError as error:
            refuse(form, error)
        else:
            flash(
                f"已登记线索 {lead.number}，首报时间 {when(lead.reported_at)}，保护期至 {lead.protected_until}"
            )
            return redirect(url_for(".show_lead", lead_id=lead.id), 303)
    return show_form("leads/lead_form.html", form, lead=None, **_beside(form, None))


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
@needs(Permission.enter)
def change_lead(lead_id: int) -> Response:
    """The form of a stored lead; when somebody else has saved it meanwhile, both versions side by side."""
    lead = own_lead(lead_id)
    form = _open(_stored(lead), sent=request.form, lead=lead)
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                _change(form, lead)
        except ConflictError:
            db().refresh(lead)
            return _show_conflict(form, lead)
        except DomainError as error:
            refuse(form, error)
        else:
            flash("已保存")
            return redirect(url_for(".show_lead", lead_id=lead.id), 303)
    base = request.form.get(BASE) or base_of(form)
    return show_form("leads/lead_form.html", form, lead=lead, base=base, **_beside(form, lead))


def _open(values: dict[str, Any], *, sent: MultiDict[str, str], lead: Lead | None = None) -> LeadForm:
    """The form with ``values`` in it, or with what was sent, where the writer did not choose theirs."""
    scope = current().scope
    known = list_choices(db(), scope.zone_id, "unit")["unit"]
    units = {key: name for key, name in known.items() if scope.may_edit_unit(key)}

    def make(formdata: MultiDict[str, str] | None) -> LeadForm:
        form = LeadForm(formdata=formdata, data=values)
        form.source.offer((source, source.label) for source in LeadSource)
        form.unit.offer(units.items())
        if lead is not None:
            del form.unit  # stamped at registration, for good
            del form.files  # those of a stored lead hang on its page
        elif len(units) == 1:
            form.unit.data = next(iter(units))
        return form

    return make(settle(sent, make(None)) if sent else None)


def _stored(lead: Lead) -> dict[str, Any]:
    return {**values_of(lead), "contact_phone": masked_phone(lead.contact_phone)}


def _register(form: LeadForm) -> Lead:
    person = current()
    if form.unit.data is None:
        raise DomainError("请选择首报单位", "unit")
    own = person.role is Role.officer and person.scope.unit_id == form.unit.data
    return operations.register_lead(
        db(),
        person.actor,
        form.data_of(),
        unit_id=form.unit.data,
        officer_id=person.user_id if own else None,
        prefix=person.zone.number_prefix,
        now=clock.now(),
    )


def _add_files(lead: Lead) -> None:
    uploads = read_uploads(request.files.getlist("files"))
    if uploads:
        add_files(
            db(),
            current().actor,
            uploads,
            entity="lead",
            entity_id=lead.id,
            label="",
            folder=config().instance_path,
        )


def _change(form: LeadForm, lead: Lead) -> None:
    data: LeadData = form.data_of()
    if data.contact_phone == masked_phone(lead.contact_phone):
        data = dataclasses.replace(data, contact_phone=lead.contact_phone)
    text = form.version.data or ""
    version = int(text) if text.isascii() and text.isdigit() else 0
    operations.change_lead(db(), current().actor, lead, data, version=version, today=clock.today())


def _beside(form: LeadForm, lead: Lead | None) -> dict[str, Any]:
    """What the page needs besides: the look-alikes of what was sent, and the names of places."""
    found = []
    if form.is_submitted():
        found = alikes(
            form.name.text, form.investor_name.text, form.uscc.text, besides=lead.id if lead else None
        )
    return {"alikes": found, "origins": list(origins())}


def _show_conflict(mine: LeadForm, lead: Lead) -> Response:
    theirs = _open(_stored(lead), sent=MultiDict(), lead=lead)
    last = list_entries(db(), lead.zone_id, {"lead": [lead.id]}, limit=1)
    page = render_template(
        "leads/conflict.html",
        lead=lead,
        form=mine,
        differences=differences(request.form.get(BASE, ""), mine, theirs),
        sent=sent_fields(request.form),
        last=last[0] if last else None,
    )
    return make_response(page, 409)
