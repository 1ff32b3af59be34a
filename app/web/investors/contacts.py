"""The people at a company, and its other names."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.investors import operations
from app.investors.models import Contact
from app.investors.queries import get_contact
from app.investors.rules import NameKind
from app.kernel.errors import ConflictError, DomainError
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.investors.blueprint import ONE, Company, blueprint, company, own_company
from app.web.investors.forms import ContactForm, NameForm, contact_values
from app.web.investors.page import show
from app.web.session import current, db

CONTACT = f"{ONE}/contacts/<int(max=9223372036854775807):contact_id>"


@blueprint.post(f"{ONE}/contacts")
@needs(Permission.enter)
def add_contact(investor_id: int) -> Response:
    """A new contact, from the form on the company's page."""
    found, form = company(investor_id), ContactForm()
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                operations.add_contact(db(), current().actor, found.investor, form.contact_data())
        except DomainError as error:
            refuse(form, error)
        else:
            return _back(found, "已添加联系人")
    return show(found, contact=form)


@blueprint.route(f"{CONTACT}/edit", methods=["GET", "POST"])
@needs(Permission.enter)
def change_contact(investor_id: int, contact_id: int) -> Response:
    """The form of a contact; numbers stay masked in it until they are typed anew."""
    found, contact = _own(investor_id, contact_id)
    form = ContactForm(data=contact_values(contact))
    if form.validate_on_submit():
        version = _number(form.version.data or "")
        try:
            with db().begin_nested():
                operations.change_contact(
                    db(), current().actor, found.investor, contact, form.contact_data(), version=version
                )
        except ConflictError:
            db().refresh(contact)
            form.form_errors.append(
                "在您填写期间，别人已更新了这位联系人。下面是您填写的内容，请核对后再保存一次。"
            )
            form.version.data = str(contact.version)
            form.version.raw_data = None
        except DomainError as error:
            refuse(form, error)
        else:
            return _back(found, "已保存")
    return show_form("investors/contact_form.html", form, company=found, contact=contact)


@blueprint.post(f"{CONTACT}/switch")
@needs(Permission.enter)
def switch_contact(investor_id: int, contact_id: int) -> Response:
    """The person has left, or is there again."""
    found, contact = _own(investor_id, contact_id)
    off = request.form.get("off") == "1"
    operations.switch_contact(db(), current().actor, found.investor, contact, off=off)
    return _back(found, "已停用，仍留在记录里" if off else "已重新启用")


@blueprint.post(f"{ONE}/names")
@needs(Permission.enter)
def add_name(investor_id: int) -> Response:
    """Another name under which the company is found."""
    found, form = own_company(investor_id), NameForm()
    form.offer_kinds()
    if form.validate_on_submit():
        kind: NameKind = form.kind.data
        try:
            with db().begin_nested():
                operations.add_former_name(db(), current().actor, found.investor, form.name.text, kind)
        except DomainError as error:
            refuse(form, error)
        else:
            return _back(found, "已添加，按这个名称也能找到")
    return show(found, name=form)


@blueprint.post(f"{ONE}/names/remove")
@needs(Permission.enter)
def remove_name(investor_id: int) -> Response:
    """Take a former name away."""
    found = own_company(investor_id)
    name_id = _number(request.form.get("name_id", ""))
    if not name_id:
        raise DomainError("请在企业页“其他名称”里点“移除”")
    operations.remove_former_name(db(), current().actor, found.investor, name_id)
    return _back(found, "已移除")


def _own(investor_id: int, contact_id: int) -> tuple[Company, Contact]:
    """The contact, for somebody who may correct the company, or who recorded it."""
    found = company(investor_id)
    writing = request.method == "POST"
    contact = get_contact(db(), found.investor.zone_id, investor_id, contact_id, lock=writing)
    recorded = contact.recorded_by == current().user_id and found.may_add
    if not (found.may_correct or recorded):
        abort(403)
    return found, contact


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _back(found: Company, said: str) -> Response:
    flash(said)
    address = url_for(".show_investor", investor_id=found.investor.id, _anchor="contacts")
    return redirect(address, 303)
