"""Saved views of the project list, and each person's columns."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField

from app.accounts.rules import Permission
from app.kernel.errors import ConflictError, DomainError
from app.pipeline import operations
from app.pipeline.models import ProjectView
from app.pipeline.operations import ViewData
from app.pipeline.queries import get_view
from app.pipeline.rules import LONGEST_VIEW_NAME
from app.web.errors import refuse, show_form
from app.web.forms import Form, Required, TextField
from app.web.guards import needs, safe_next
from app.web.pipeline.asked import ALL, LEDGER, read_asked
from app.web.pipeline.blueprint import blueprint
from app.web.pipeline.columns import HEADS, chosen
from app.web.session import current, db

VIEW = "/views/<int(max=9223372036854775807):view_id>"


class ViewForm(Form):
    """A view's name and who sees it; the conditions come with the address."""

    name = TextField("视图名称", [Required("请给视图起个名字")], longest=LONGEST_VIEW_NAME)
    shared = BooleanField("共享给全区")
    first = BooleanField("打开“项目”时先显示它")
    version = HiddenField()


@blueprint.route("/views/new", methods=["GET", "POST"])
@needs(Permission.read)
def save_view() -> Response:
    """Keep the conditions, the order and the columns of the address under a name."""
    asked, form = read_asked(), ViewForm()
    if form.validate_on_submit():
        try:
            with db().begin_nested():
                view = operations.save_view(
                    db(), current().actor, ViewData(form.name.text, form.shared.data, asked.content())
                )
                if form.first.data:
                    operations.open_first(db(), current().actor, view.id)
        except DomainError as error:
            refuse(form, error)
        else:
            flash(f"已保存视图“{view.name}”")
            return redirect(url_for(LEDGER, **{**asked.parameters, "view": view.id}), 303)
    return show_form("pipeline/view_form.html", form, view=None, asked=asked, parameters=asked.parameters)


@blueprint.route(VIEW, methods=["GET", "POST"])
@needs(Permission.read)
def change_view(view_id: int) -> Response:
    """Rename or share a view, or let it keep the conditions of the address from now on."""
    view = _own_view(view_id)
    asked = read_asked()
    saved = asked.setting.view(view_id)
    form = ViewForm(
        data={
            "name": view.name,
            "shared": view.shared,
            "first": saved.opens_first,
            "version": str(view.version),
        }
    )
    if form.validate_on_submit():
        content = asked.content() if "conditions" in request.form else view.content
        try:
            with db().begin_nested():
                operations.change_view(
                    db(),
                    current().actor,
                    view,
                    ViewData(form.name.text, form.shared.data, content),
                    version=_version(form),
                )
                if form.first.data != saved.opens_first:
                    operations.open_first(db(), current().actor, view.id if form.first.data else None)
        except DomainError as error:
            refuse(form, error)
        else:
            flash(f"已保存视图“{view.name}”")
            return redirect(url_for(LEDGER, **{**asked.parameters, "view": view.id}), 303)
    return show_form("pipeline/view_form.html", form, view=saved, asked=asked, parameters=asked.parameters)


@blueprint.post(f"{VIEW}/remove")
@needs(Permission.read)
def remove_view(view_id: int) -> Response:
    """Take a view away; a shared one for everybody."""
    view = get_view(db(), current().zone.id, view_id, lock=True)
    administers = current().may(Permission.administer)
    if view.owner_id != current().user_id and not (administers and view.shared):
        abort(403)
    if request.form.get("sure") != "1":
        raise DomainError("要删除视图，请在“项目”页的视图菜单中点“删除视图”")
    operations.remove_view(db(), current().actor, view, administers=administers)
    flash(f"已删除视图“{view.name}”")
    return redirect(url_for(LEDGER), 303)


@blueprint.post(f"{VIEW}/first")
@needs(Permission.read)
def open_first(view_id: int) -> Response:
    """Let the list open with a view, or no longer."""
    asked = read_asked_of(view_id)
    on = request.form.get("on") == "1"
    operations.open_first(db(), current().actor, view_id if on else None)
    flash("以后打开“项目”先显示这个视图" if on else "以后打开“项目”先显示全部")
    return redirect(asked, 303)


def read_asked_of(view_id: int) -> str:
    """The address of a view the person can open. Raises ``NotFoundError``."""
    asked = read_asked()
    return asked.address_of(asked.setting.view(view_id), LEDGER)


@blueprint.post("/columns")
@needs(Permission.read)
def choose_columns() -> Response:
    """Remember which columns the person sees, and in which order, in the open view or without one."""
    asked = read_asked()
    keys: list[str] | None = [key for key in request.form.getlist("column") if key in HEADS]
    moved = request.form.get("move", "")
    if moved:
        keys = _moved(keys or [], moved)
    keys = None if "usual" in request.form else [head.key for head in chosen(keys)]
    operations.choose_columns(db(), current().actor, asked.view.id if asked.view else None, keys)
    back = safe_next(request.form.get("next")) or url_for(LEDGER, view=ALL)
    return redirect(f"{back}#columns" if moved else back, 303)


def _moved(keys: list[str], said: str) -> list[str]:
    """The keys with one of them a place up or down: ``up:jobs``."""
    way, _colon, key = said.partition(":")
    if key in keys:
        at = keys.index(key)
        to = max(0, min(len(keys) - 1, at + (1 if way == "down" else -1)))
        keys.insert(to, keys.pop(at))
    return keys


def _own_view(view_id: int) -> ProjectView:
    view = get_view(db(), current().zone.id, view_id, lock=request.method == "POST")
    if view.owner_id != current().user_id:
        abort(403)
    return view


def _version(form: ViewForm) -> int:
    text = form.version.data or ""
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise ConflictError("请从“项目”页的视图菜单修改视图")
    return int(text)
