"""The zone's own lists: areas, units, chains with their segments."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.directory.models import Chain, Segment
from app.directory.operations import add_entry, mark_leading, move_entry, rename_entry, switch_entry
from app.directory.queries import NAMES, get_entry, labels, list_entries, list_segments
from app.kernel.errors import DomainError, NotFoundError
from app.web.admin.blueprint import blueprint
from app.web.guards import needs
from app.web.session import current, db


@blueprint.get("/lists")
@needs(Permission.administer)
def show_lists() -> Response:
    """All lists on one page."""
    return _page()


@blueprint.post("/lists/<name>")
@needs(Permission.administer)
def add(name: str) -> Response:
    """Add a name to a list. Raises ``NotFoundError`` for an unknown list."""
    if name not in NAMES:
        raise NotFoundError("没有这个名单")
    text = request.form.get("name", "")
    chain_id = request.form.get("chain", type=int)
    if name == "segment" and chain_id not in labels(db(), current().scope.zone_id, "chain"):
        raise NotFoundError("没有这个产业链")
    try:
        entry = add_entry(db(), current().actor, list_name=name, name=text, chain_id=chain_id)
    except NotFoundError:
        raise
    except DomainError as error:
        return _page(error, name, chain_id)
    flash(f"已添加{NAMES[name]}“{entry.name}”")
    return _back(name)


@blueprint.post("/lists/<name>/<int:entry_id>")
@needs(Permission.administer)
def rename(name: str, entry_id: int) -> Response:
    """Rename an entry, everywhere it is shown."""
    entry = get_entry(db(), current().scope.zone_id, name, entry_id)
    try:
        rename_entry(db(), current().actor, entry, name=request.form.get("name", ""))
    except DomainError as error:
        return _page(error, name, getattr(entry, "chain_id", None))
    flash(f"已改为“{entry.name}”")
    return _back(name)


@blueprint.post("/lists/<name>/<int:entry_id>/move")
@needs(Permission.administer)
def move(name: str, entry_id: int) -> Response:
    """Move an entry one place up, or down; lists, tables and the brief follow this order."""
    entry = get_entry(db(), current().scope.zone_id, name, entry_id)
    move_entry(db(), current().actor, entry, up=request.form.get("to") != "down")
    return _back(name)


@blueprint.post("/lists/<name>/<int:entry_id>/switch")
@needs(Permission.administer)
def switch(name: str, entry_id: int) -> Response:
    """停用 or 启用 an entry; a segment goes with its chain."""
    entry = get_entry(db(), current().scope.zone_id, name, entry_id)
    if isinstance(entry, Segment):
        raise NotFoundError("环节随产业链停用")
    off = request.form.get("to") == "off"
    switch_entry(db(), current().actor, entry, off=off)
    flash(
        f"已停用“{entry.name}”：不能再选用；原有项目、筛选和统计照旧，可以随时启用"
        if off
        else f"已启用“{entry.name}”"
    )
    return _back(name)


@blueprint.post("/lists/chain/<int:entry_id>/leading")
@needs(Permission.administer)
def lead(entry_id: int) -> Response:
    """Mark a chain as leading, or not."""
    chain = get_entry(db(), current().scope.zone_id, "chain", entry_id)
    if isinstance(chain, Chain):
        mark_leading(db(), current().actor, chain, leading="leading" in request.form)
    return _back("chain")


def _back(name: str) -> Response:
    anchor = "chain" if name == "segment" else name
    return redirect(url_for(".show_lists", _anchor=anchor), 303)


def _page(error: DomainError | None = None, name: str = "", chain_id: int | None = None) -> Response:
    zone_id = current().scope.zone_id
    if error:
        db().expire_all()  # what was typed and refused is shown as an error, not as the list
    segments = list_segments(db(), zone_id)
    page = render_template(
        "admin/lists.html",
        lists={each: list_entries(db(), zone_id, each) for each in ("area", "unit", "chain")},
        segments={c: [s for s in segments if s.chain_id == c] for c in {s.chain_id for s in segments}},
        names=NAMES,
        refused=error.message if error else None,
        refused_list=name,
        refused_chain=chain_id,
        typed=request.form.get("name", ""),
    )
    return make_response(page, 422 if error else 200)
