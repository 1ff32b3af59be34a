"""From what was typed and chosen in a form to the record that an activity hangs on."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for

from app.activities.queries import AboutRow, get_about, search_about
from app.activities.rules import AboutKind, parse_about
from app.kernel.errors import DomainError
from app.kernel.text import name_key
from app.web.activities.forms import LinkForm
from app.web.session import current, db

_PAGES = {
    AboutKind.project: ("pipeline.show_project", "project_id"),
    AboutKind.lead: ("leads.show_lead", "lead_id"),
    AboutKind.investor: ("investors.show_investor", "investor_id"),
}


def chosen(form: LinkForm) -> AboutRow | None:
    """The record that the form names; None when nothing was typed.

    The choice counts as long as the text is still its name; else the text is looked up, and one record must
    fit. Raises ``DomainError`` when none or several do.
    """
    scope = current().scope
    pressed = parse_about(request.form.get("choose", ""))
    if pressed is not None:
        row = get_about(db(), scope, pressed)
        form.about.data, form.about_ref.data = row.name, str(row.about)
        return row
    text, ref = form.about.text, parse_about(form.about_ref.data or "")
    if not text:
        return None
    if ref is not None:
        row = get_about(db(), scope, ref)
        if name_key(row.name) == name_key(text):
            return row
    found = search_about(db(), scope, text, near=False)
    same = [row for row in found if name_key(row.name) == name_key(text)]
    if len(same) == 1 or (len(found) == 1 and not same):
        return (same or found)[0]
    if found:
        raise DomainError(f"有 {len(found)} 个记录名称相近，请在下面选择一个", "about")
    raise DomainError("没有找到您可以关联的项目、线索或企业，换几个字再找；也可以清空，以后再关联", "about")


def offers(form: LinkForm) -> list[AboutRow]:
    """What fits the text that was refused, to choose from."""
    return search_about(db(), current().scope, form.about.text) if form.about.errors else []


def as_json(row: AboutRow) -> dict[str, Any]:
    """One suggestion."""
    return {"ref": str(row.about), "name": row.name, "kind": row.about.kind.label, "detail": row.detail}


def about_address(about: tuple[AboutKind, int, str] | None) -> str | None:
    """Where the page of the record is, if there is one yet."""
    if about is None:
        return None
    endpoint, argument = _PAGES[about[0]]
    if endpoint not in current_app.view_functions:
        return None
    arguments: dict[str, Any] = {argument: about[1]}
    return url_for(endpoint, **arguments)
