"""Signing in and out, and the own password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask import session as browser_session
from werkzeug.wrappers import Response

from app.accounts.operations import (
    change_own_password,
    close_session,
    hash_token,
    is_password,
    settle_sign_in,
)
from app.accounts.queries import find_by_login, get_user, has_zone
from app.accounts.rules import Permission
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import narrow
from app.web.accounts.forms import PasswordForm, SignInForm
from app.web.errors import refuse, show_form
from app.web.guards import needs, public, safe_next
from app.web.session import config, cookie_name, current, db, find_current, separately, set_cookie

blueprint = Blueprint("accounts", __name__)

REFUSED = "登录名或密码不正确，或者账号已停用、已暂时锁定。连续 5 次失败锁定 15 分钟。"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    """Sign in. Every failure gets the same answer after about the same time."""
    target = safe_next(request.args.get("next")) or url_for("home.home")
    if request.method == "GET" and find_current():
        return redirect(target)
    if request.method == "GET" and not has_zone(db()):
        return redirect(url_for("setup.first_run"))
    form = SignInForm()
    if form.validate_on_submit():
        token = _try(narrow(form.login.data or "").casefold(), form.password.data or "")
        if token:
            browser_session.clear()
            response = redirect(target, 303)
            set_cookie(response, cookie_name(), token)
            return response
        form.form_errors.append(REFUSED)
    return show_form("accounts/sign_in.html", form, lost="lost" in request.args)


def _try(login: str, password: str) -> str | None:
    """A new session's token when the password fits and the account is open; a failure is counted and kept."""
    with separately(read_only=True) as session:
        user = find_by_login(session, login)
    # Checking takes a sixth of a second on purpose; no transaction is open meanwhile.
    fits = is_password(user.password_hash if user else None, password)
    if user is None:
        return None
    before = request.cookies.get(cookie_name())
    with separately() as session:
        return settle_sign_in(
            session,
            (user.zone_id, user.id),
            fits=fits,
            now=clock.now(),
            hours=config().session_hours,
            address=request.remote_addr or "",
            agent=request.user_agent.string,
            replaces=hash_token(before) if before else None,
        )


@blueprint.post("/sign-out")
@needs(Permission.read)
def sign_out() -> Response:
    """End this sign-in session."""
    person = current()
    close_session(db(), person.actor, session_id=person.session_id)
    browser_session.clear()
    response = redirect(url_for("accounts.sign_in"), 303)
    response.delete_cookie(cookie_name())
    return response


@blueprint.route("/password", methods=["GET", "POST"])
@needs(Permission.read)
def change_password() -> Response:
    """Change the own password."""
    person, form = current(), PasswordForm()
    if form.validate_on_submit():
        try:
            user = get_user(db(), person.scope.zone_id, person.user_id)
            change_own_password(
                db(),
                person.actor,
                user,
                old=form.old.data or "",
                password=form.password.data or "",
                session_id=person.session_id,
            )
        except DomainError as error:
            refuse(form, error)
        else:
            flash("密码已修改，其他设备上的登录已退出")
            return redirect(url_for("home.home"), 303)
    return show_form("accounts/password.html", form, first=person.must_change_password)
