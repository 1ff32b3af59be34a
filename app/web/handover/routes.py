"""Handing a person's work over: who, to whom, what it is, and the one button."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.models import UserAccount
from app.accounts.operations import disable_user
from app.accounts.queries import get_user, list_users
from app.accounts.rules import Permission
from app.activities.operations import hand_over_work
from app.activities.queries import in_hand, list_takers
from app.directory.queries import labels
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.web.guards import needs
from app.web.session import current, db

blueprint = Blueprint("handover", __name__, url_prefix="/handover")


@blueprint.get("")
@needs(Permission.hand_over)
def preview() -> Response:
    """Choose who gives and who takes; below, what would go over."""
    return _page()


@blueprint.post("")
@needs(Permission.hand_over)
def hand_over() -> Response:
    """Do what the preview has shown; on wish the giver's account is closed in the same breath."""
    giver, taker = _person("from"), _person("to")
    if giver is None or taker is None:
        raise DomainError("请选择交出人和接手人")
    disable = "disable" in request.form
    if disable and (not current().may(Permission.administer) or giver.id == current().user_id):
        raise DomainError("只有系统管理员可以停用账号，且不能停用自己的账号")
    try:
        with db().begin_nested():
            done = hand_over_work(
                db(),
                current().actor,
                giver,
                taker,
                seen=request.form.get("seen", ""),
                today=clock.today(),
            )
            if disable:
                disable_user(db(), current().actor, giver)
    except ConflictError as error:
        return _page(error.message, 409)
    except DomainError as error:
        return _page(error.message, 422)
    flash(
        f"已把 {giver.name} 的 {len(done.projects)} 个项目、{len(done.leads)} 条线索、{len(done.tasks)} 件待办、"
        f"{len(done.returned)} 笔退回的到账交给 {taker.name}" + ("，账号已停用" if disable else "")
    )
    return redirect(url_for(".preview"), 303)


def _person(name: str) -> UserAccount | None:
    """The person whose number stands under ``name``; None without one. Raises ``NotFoundError``."""
    text = request.values.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFoundError("没有这个用户")
    return get_user(db(), current().scope.zone_id, int(text))


def _page(refused: str = "", status: int = 200) -> Response:
    giver, taker = _person("from"), _person("to")
    zone_id = current().scope.zone_id
    takers = list_takers(db(), giver) if giver else []
    if taker is not None and taker not in takers:
        taker = None
    page = render_template(
        "handover/preview.html",
        people=list_users(db(), zone_id),
        units=labels(db(), zone_id, "unit"),
        giver=giver,
        taker=taker,
        takers=takers,
        found=in_hand(db(), giver) if giver else None,
        refused=refused,
        may_disable=current().may(Permission.administer) and (not giver or giver.id != current().user_id),
    )
    return make_response(page, status)
