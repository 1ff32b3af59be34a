"""Who may use a route. Every view carries a mark; one without it stops the application from starting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.kernel.text import has_control
from app.web.session import SAFE_METHODS, find_current

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "guarded_by"
_PUBLIC = "public"
_BEFORE_OWN_PASSWORD = ("accounts.change_password", "accounts.sign_out")


def needs(permission: Permission) -> Callable[[View], View]:
    """Mark a view as open to the roles that hold ``permission``."""

    def mark(view: View) -> View:
        setattr(view, _MARK, permission)
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as open to visitors."""
    setattr(view, _MARK, _PUBLIC)
    return view


def guard_of(app: Flask, endpoint: str) -> Permission | None:
    """The permission an endpoint asks for; None when visitors may use it."""
    mark = getattr(app.view_functions[endpoint], _MARK)
    return None if mark == _PUBLIC else Permission(mark)


def check_guards(app: Flask) -> None:
    """Refuse to start with a view that nobody has thought about."""
    missing = sorted(name for name, view in app.view_functions.items() if not hasattr(view, _MARK))
    if missing:
        raise RuntimeError(f"views without @needs(…) or @public: {', '.join(missing)}")


def safe_next(target: str | None) -> str | None:
    """``target`` when it is a path of this site, else None; nothing that a browser could read as another host."""
    if (
        not target
        or not target.startswith("/")
        or "\\" in target
        or has_control(target)
        or len(target) > 2000
    ):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or target.startswith("//") or any(c in target for c in "\t\r\n"):
        return None
    return target


def register_guards(app: Flask) -> None:
    """Ask before each view whether the person may use it."""
    public(app.view_functions["static"])

    @app.before_request
    def guard() -> Response | None:
        if request.endpoint is None or request.endpoint not in app.view_functions:
            return None  # there is no such page; the answer is 404 (or 405) for everybody
        permission = guard_of(app, request.endpoint)
        if permission is None:
            return None
        person = find_current()
        if person is None:
            return _to_sign_in()
        if not person.may(permission):
            abort(403)
        if person.must_change_password and request.endpoint not in _BEFORE_OWN_PASSWORD:
            return redirect(url_for("accounts.change_password"), 303)
        return None


def _to_sign_in() -> Response:
    """A visitor signs in first and comes back; a form that was sent comes back to its page."""
    if request.method in SAFE_METHODS:
        wanted = request.full_path.rstrip("?")
    else:
        referrer = urlsplit(request.referrer or "")
        wanted = referrer.path if referrer.netloc == request.host else "/"
    address = url_for("accounts.sign_in", next=safe_next(wanted) or "/", lost=None if _is_safe() else 1)
    if "HX-Request" in request.headers or request.headers.get("X-Requested-With") == "fetch":
        return Response(
            "请重新登录", 401, {"HX-Redirect": address, "Content-Type": "text/plain; charset=utf-8"}
        )
    return redirect(address, 303)


def _is_safe() -> bool:
    return request.method in SAFE_METHODS
