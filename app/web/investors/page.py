"""The page of one company: who it is, its group, people, projects, money, visits, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import make_response, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.activities.operations.merging import why_not_undone
from app.activities.queries.companies import company_activities
from app.audit.models import AuditEntry
from app.audit.queries import list_entries
from app.figures.queries.companies import company_rows, money_by_year
from app.figures.rules import share_percent
from app.funds.queries.companies import list_for_company
from app.investors.models import Contact, InvestorMerge
from app.investors.operations import reveal_phone
from app.investors.queries import get_contact, get_investor, list_contacts, list_group, list_merges
from app.kernel.text import masked_phone, masked_phones
from app.leads.models import Lead
from app.leads.queries import Sight
from app.leads.queries.companies import list_for_company as leads_of
from app.web.audit.deeds import ACTIONS, ENTITIES
from app.web.audit.records import record_names
from app.web.audit.words import Change, changes, ids_in
from app.web.files.shelf import shelf_of
from app.web.files.subjects import get_subject
from app.web.forms import Form
from app.web.guards import needs
from app.web.investors.blueprint import ONE, Company, blueprint, company
from app.web.investors.forms import ContactForm, NameForm
from app.web.investors.listing import alikes
from app.web.leads.blueprint import sight
from app.web.session import current, db

MOST = 50
"""So many activities and leads are shown; the newest."""


@dataclass(frozen=True)
class Person:
    """A contact as the page shows it: masked, unless it was just asked for."""

    contact: Contact
    phone: str
    wechat: str
    note: str
    shown: bool
    may_reveal: bool


@dataclass(frozen=True)
class Happening:
    """One entry of the history, and each field old and new."""

    entry: AuditEntry
    what: str
    about: str
    changes: list[Change]


@blueprint.get(ONE)
@needs(Permission.read)
def show_investor(investor_id: int) -> Response:
    """One company; of a merged one, where it went and its history."""
    return show(company(investor_id))


@blueprint.post(f"{ONE}/contacts/<int(max=9223372036854775807):contact_id>/phone")
@needs(Permission.read_phone)
def read_phone(investor_id: int, contact_id: int) -> Response:
    """The page with one contact's whole number; that it was read is on record."""
    found = company(investor_id)
    contact = get_contact(db(), found.investor.zone_id, investor_id, contact_id)
    if not found.may_reveal(contact):
        return make_response(_refuse_phone(), 403)
    reveal_phone(db(), current().actor, contact)
    db().flush()
    return show(found, shown=contact.id)


def show(found: Company, *, shown: int | None = None, **refused: Form) -> Response:
    """The page; 422 when it comes back with a form that was ``refused``."""
    investor, zone = found.investor, current().zone
    contacts = list_contacts(db(), zone.id, investor.id)
    group = list_group(db(), zone.id, investor.id)
    rows = company_rows(db(), zone.id, {investor.id, *(member.id for member in group)})
    merges = list_merges(db(), zone.id, investor.id)
    here = url_for(".show_investor", investor_id=investor.id)
    page = render_template(
        "investors/investor.html",
        company=found,
        investor=investor,
        row=rows[investor.id],
        rows=rows,
        share=share_percent(rows[investor.id].recognised_fen, rows[investor.id].total_fen)
        if rows[investor.id].total_fen
        else None,
        kept=get_investor(db(), zone.id, investor.merged_into_id) if investor.merged_into_id else None,
        group=group if len(group) > 1 else [],
        people=[_person(found, contact, shown) for contact in contacts],
        projects=list_for_company(db(), zone.id, [investor.id]),
        years=money_by_year(db(), zone, [investor.id]),
        leads=_leads(found),
        activities=company_activities(db(), current().scope, found.known, limit=MOST),
        alikes=_doubles(found),
        merge=_undoable(found, merges),
        history=_history(found, contacts),
        shelf=shelf_of(get_subject("investor", investor.id)),
        here=here,
        forms=_forms(refused),
        refused=next(iter(refused), ""),
    )
    return make_response(page, 422 if refused else 200)


def _refuse_phone() -> str:
    return render_template(
        "errors/page.html",
        status=403,
        title="没有权限",
        advice="您所在的单位没有与这家企业往来的记录，不能查看联系电话。确需联系的，请找负责单位或审核岗。",
    )


def _person(found: Company, contact: Contact, shown: int | None) -> Person:
    open_ = shown == contact.id
    return Person(
        contact,
        contact.phone if open_ else masked_phone(contact.phone),
        contact.wechat if open_ else masked_phones(contact.wechat),
        contact.note if open_ else masked_phones(contact.note),
        open_,
        found.may_reveal(contact) and any((contact.phone, contact.wechat)),
    )


def _leads(found: Company) -> list[Lead]:
    """The company's leads as far as the person sees leads."""
    if not current().may(Permission.read_leads):
        return []
    seen: Sight = sight()
    return leads_of(db(), seen, found.known, limit=MOST)


def _doubles(found: Company) -> list[Any]:
    """What may be the same company, for those who could merge it."""
    if found.investor.merged_into_id is not None or not current().may(Permission.merge_investors):
        return []
    return alikes(found.investor.name, found.investor.uscc or "", besides=found.investor.id)[:5]


def _undoable(found: Company, merges: list[InvestorMerge]) -> tuple[InvestorMerge, str] | None:
    """The last merge of which the company is a part, and why it cannot be taken back (empty: it can)."""
    last = next((merge for merge in merges if merge.undone_at is None), None)
    if last is None:
        return None
    zone_id = found.investor.zone_id
    kept, merged = (get_investor(db(), zone_id, key) for key in (last.kept_id, last.merged_id))
    return last, why_not_undone(db(), last, kept, merged)


def _history(found: Company, contacts: list[Contact]) -> list[Happening]:
    """What happened to the company, to the rows merged into it and to its contacts, newest first."""
    zone_id = found.investor.zone_id
    subjects = {"investor": found.known.ids, "contact": [contact.id for contact in contacts]}
    entries = list_entries(db(), zone_id, subjects)
    names = record_names(db(), zone_id, ids_in(entries), leads=False)
    people = {contact.id: contact.name for contact in contacts}
    told = []
    for entry in entries:
        about = names.get(entry.entity_id, "") if entry.entity_id != found.investor.id else ""
        if entry.entity == "contact":
            about = f"{ENTITIES['contact']} {people.get(entry.entity_id, '')}"
        fields = [one for one in changes(entry, names) if one.old != one.new and one.label != "投资方"]
        told.append(Happening(entry, ACTIONS.get(entry.action, entry.action), about, fields))
    return told


def _forms(refused: dict[str, Form]) -> dict[str, Form]:
    """The forms on the page; ids are prefixed by the form's own name so that no two fields share one."""
    names = NameForm(formdata=None)
    names.offer_kinds()
    made: dict[str, Form] = {
        "contact": refused.get("contact") or ContactForm(formdata=None),
        "name": refused.get("name") or names,
    }
    for name, form in made.items():
        for field in form:
            field.id = f"{name}-{field.short_name}"
            field.label.field_id = field.id
    return made
