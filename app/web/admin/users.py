"""People of the zone."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.models import UserAccount
from app.accounts.operations import (
    UserData,
    add_user,
    change_user,
    disable_user,
    enable_user,
    reset_password,
)
from app.accounts.queries import get_user
from app.accounts.queries import list_users as users_of
from app.accounts.rules import Permission, Role, is_locked
from app.directory.queries import labels, list_choices
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.admin.blueprint import blueprint
from app.web.admin.forms import UserForm
from app.web.errors import refuse, show_form
from app.web.guards import needs
from app.web.session import current, db


@blueprint.get("/users")
@needs(Permission.administer)
def list_users() -> str:
    """Everybody of the zone."""
    zone_id, now = current().scope.zone_id, clock.now()
    users = [(user, is_locked(user.locked_until, now)) for user in users_of(db(), zone_id)]
    return render_template("admin/users.html", users=users, units=labels(db(), zone_id, "unit"))


@blueprint.route("/users/new", methods=["GET", "POST"])
@needs(Permission.administer)
def new_user() -> Response | str:
    """Add a person; the password is shown once, on the page that answers."""
    form = _form(None)
    if form.validate_on_submit():
        try:
            user, secret = add_user(db(), current().actor, data=_data(form))
        except DomainError as error:
            refuse(form, error)
        else:
            return render_template("admin/password.html", user=user, secret=secret)
    return show_form("admin/user.html", form, user=None)


@blueprint.route("/users/<int:user_id>", methods=["GET", "POST"])
@needs(Permission.administer)
def edit_user(user_id: int) -> Response:
    """Change what is known about a person."""
    user = get_user(db(), current().scope.zone_id, user_id)
    form = _form(user)
    if form.validate_on_submit():
        try:
            change_user(db(), current().actor, user, data=_data(form))
        except DomainError as error:
            refuse(form, error)
        else:
            flash(f"已修改 {user.name}")
            return redirect(url_for(".list_users"), 303)
    return show_form("admin/user.html", form, user=user)


@blueprint.post("/users/<int:user_id>/disable")
@needs(Permission.administer)
def disable(user_id: int) -> Response:
    """Let a person sign in no more. Raises ``DomainError`` for oneself."""
    if user_id == current().user_id:
        raise DomainError("不能停用自己的账号，请由另一位管理员操作")
    user = get_user(db(), current().scope.zone_id, user_id)
    disable_user(db(), current().actor, user)
    flash(f"已停用 {user.name}，其登录已全部退出")
    return redirect(url_for(".list_users"), 303)


@blueprint.post("/users/<int:user_id>/enable")
@needs(Permission.administer)
def enable(user_id: int) -> Response:
    """Let a person sign in again."""
    user = get_user(db(), current().scope.zone_id, user_id)
    enable_user(db(), current().actor, user)
    flash(f"已启用 {user.name}")
    return redirect(url_for(".list_users"), 303)


@blueprint.post("/users/<int:user_id>/reset")
@needs(Permission.administer)
def reset(user_id: int) -> str:
    """Give a person a new password for one sign-in, shown once. Raises ``DomainError`` for oneself."""
    if user_id == current().user_id:
        raise DomainError("自己的密码请在右上角“修改密码”中更改")
    user = get_user(db(), current().scope.zone_id, user_id)
    secret = reset_password(db(), current().actor, user)
    return render_template("admin/password.html", user=user, secret=secret)


def _form(user: UserAccount | None) -> UserForm:
    stored = {} if user is None else {"unit": user.unit_id}
    units = list_choices(db(), current().scope.zone_id, "unit", keep=stored.values())["unit"]
    form = UserForm(obj=user, data=stored)
    form.role.offer((role.value, role.label) for role in Role)
    form.unit.offer(units.items())
    return form


def _data(form: UserForm) -> UserData:
    return UserData(
        login=form.login.data or "",
        name=form.name.data or "",
        role=form.role.data,
        unit_id=form.unit.data,
        title=form.title.data or "",
    )
