"""Registering a company and correcting it."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.audit.queries import list_entries
from app.directory.rules import origins
from app.figures.queries.companies import moving_figures
from app.figures.rules import Figure, Values
from app.investors.models import Investor
from app.investors.operations import CompanyData, ContactData, InvestorData, add_contact, correct_investor
from app.investors.operations.registering import make_investor
from app.investors.queries import find_by_name, find_by_uscc, names_of
from app.investors.rules import InvestorType
from app.kernel.errors import ConflictError, DomainError
from app.kernel.money import amount_text
from app.leads.rules import Level
from app.pipeline.operations.companies import index_projects_of
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.investors.blueprint import ONE, blueprint, own_company
from app.web.investors.forms import InvestorForm, values_of
from app.web.investors.listing import alikes
from app.web.pipeline.conflict import BASE, base_of, differences, sent_fields, settle
from app.web.session import current, db

Moving = list[tuple[Figure, Values]]


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.enter)
def register_investor() -> Response:
    """The form of a new company, with its first contact."""
    form = InvestorForm()
    form.offer_types()
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                investor = _register(form)
        except DomainError as error:
            refuse(form, error)
        else:
            flash("已登记企业")
            return redirect(url_for(".show_investor", investor_id=investor.id), 303)
    found = alikes(form.name.text, form.uscc.text) if form.is_submitted() else []
    return show_form(
        "investors/investor_form.html", form, investor=None, alikes=found, origins=list(origins())
    )


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
@needs(Permission.enter)
def save_investor(investor_id: int) -> Response:
    """The form of a stored company; when somebody else has saved it meanwhile, both versions side by side."""
    investor = own_company(investor_id).investor
    if investor.merged_into_id is not None:
        flash("这家企业已并入另一家，请在并入后的企业上修改", "refused")
        return redirect(url_for(".show_investor", investor_id=investor.id), 303)
    moving = moving_figures(db(), current().zone, current().month, [investor.id])
    form = _open(investor, sent=request.form)
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                changed = _correct(form, investor, moving)
        except ConflictError:
            db().refresh(investor)
            return _show_conflict(form, investor)
        except DomainError as error:
            refuse(form, error)
        else:
            flash("已保存" if changed else "没有改动")
            return redirect(url_for(".show_investor", investor_id=investor.id), 303)
    return show_form(
        "investors/investor_form.html",
        form,
        investor=investor,
        alikes=[],
        origins=list(origins()),
        moving=moving,
        base=request.form.get(BASE) or base_of(form),
    )


def _register(form: InvestorForm) -> Investor:
    data = form.investor_data()
    known = find_by_name(db(), current().zone.id, data.name)
    if known is not None:
        raise DomainError(f"已有企业“{known.name}”，不用重复登记", "name")
    coded = find_by_uscc(db(), current().zone.id, data.uscc) if data.uscc else None
    if coded is not None:
        raise DomainError(f"信用代码 {data.uscc} 已登记为“{coded.name}”", "uscc")
    near = [one for one in alikes(data.name, data.uscc or "") if one.level >= Level.near]
    reason = form.likeness_reason.text
    if near and len(reason) < 2:
        raise DomainError(
            f"与已有企业“{near[0].name}”相近，请核对；确不是同一家的，写明区别", "likeness_reason"
        )
    actor = current().actor
    parent = _parent_of(form)
    investor = make_investor(
        db(), actor, data, parent_id=parent.id if parent else None, reason=reason if near else ""
    )
    person = ContactData(form.contact_name.text, form.contact_title.text, form.contact_phone.text)
    if person != ContactData(""):
        _add_first(investor, person)
    return investor


def _add_first(investor: Investor, person: ContactData) -> None:
    try:
        add_contact(db(), current().actor, investor, person)
    except DomainError as error:
        raise DomainError(error.message, f"contact_{error.field}") from error


def _correct(form: InvestorForm, investor: Investor, moving: Moving) -> bool:
    data: InvestorData = form.investor_data()
    kind = data.investor_type or InvestorType.unknown
    parent = _parent_of(form)
    moves = [
        f"{label}由“{old}”改为“{new}”"
        for label, old, new in (
            ("来源地", investor.origin or "未填", data.origin or "未填"),
            ("企业性质", investor.investor_type.label, kind.label),
        )
        if old != new
    ]
    version = int(form.version.data or "0") if (form.version.data or "").isdecimal() else 0
    if moves and moving and not form.confirm.data and version == investor.version:
        raise DomainError(f"{'，'.join(moves)}，会移动下列各数，请核对后勾选", "confirm")
    remark = f"{'，'.join(moves)}：{in_words(moving)}" if moves and moving else ""
    wanted = CompanyData(data.name, data.uscc, data.origin, kind, parent.id if parent else None)
    name = investor.name
    changed = correct_investor(db(), current().actor, investor, wanted, version=version, remark=remark)
    if investor.name != name:
        index_projects_of(db(), investor.zone_id, investor.id)
    return changed


def in_words(moving: Moving) -> str:
    """The part of a company in this month's figures: 2024年6月 到位资金 本月 700.00、累计 700.00 万元."""
    month = current().month.label
    parts = []
    for figure, values in moving:
        said = [
            str(value) if figure.unit == "个" else amount_text(value) for value in (values.month, values.ytd)
        ]
        parts.append(f"{figure.name}本月 {said[0]}、累计 {said[1]} {figure.unit}")
    return f"{month} " + "；".join(parts)


def _parent_of(form: InvestorForm) -> Investor | None:
    text = form.parent.text
    if not text:
        return None
    parent = find_by_name(db(), current().zone.id, text)
    if parent is None:
        raise DomainError("没有这家企业，请先登记母公司，或从列表中选择", "parent")
    return parent


def _open(investor: Investor, *, sent: MultiDict[str, str]) -> InvestorForm:
    """The form with what is stored, or with what was sent, where the writer did not choose theirs."""
    zone_id = investor.zone_id
    parents = names_of(db(), zone_id, [investor.parent_id]) if investor.parent_id else {}
    values: dict[str, Any] = values_of(investor, parents.get(investor.parent_id or 0, ""))

    def make(formdata: MultiDict[str, str] | None) -> InvestorForm:
        form = InvestorForm(formdata=formdata, data=values)
        form.offer_types()
        for name in ("likeness_reason", "contact_name", "contact_title", "contact_phone"):
            delattr(form, name)
        return form

    return make(settle(sent, make(None)) if sent else None)


def _show_conflict(mine: InvestorForm, investor: Investor) -> Response:
    theirs = _open(investor, sent=MultiDict())
    for form in (mine, theirs):
        del form.confirm
    last = list_entries(db(), investor.zone_id, {"investor": [investor.id]}, limit=1)
    page = render_template(
        "investors/conflict.html",
        investor=investor,
        form=mine,
        differences=differences(request.form.get(BASE, ""), mine, theirs),
        sent=sent_fields(request.form),
        last=last[0] if last else None,
    )
    return make_response(page, 409)
