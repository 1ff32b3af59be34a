"""The request's database session and the person behind it. Only here is anything committed."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from flask import Flask, current_app, g, request
from flask import session as browser_session
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.models import UserAccount, Zone
from app.accounts.operations import hash_token, touch_session
from app.accounts.queries import SignedIn, find_signed_in
from app.accounts.rules import Permission, Role, Scope
from app.audit.rules import Actor
from app.figures.queries import latest_month
from app.journal.queries import closed_span
from app.journal.rules import ClosedSpan
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from config import Config

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TOUCH_EVERY = dt.timedelta(minutes=1)
MONTH_COOKIE = "month"
UNIT_COOKIE = "unit"
UNITS = {"wan": "万元", "yi": "亿元"}


@dataclass(frozen=True)
class Current:
    """Who is asking: the person, what they may do, and the zone they belong to."""

    user_id: int
    session_id: int
    login: str
    name: str
    title: str
    role: Role
    scope: Scope
    actor: Actor
    must_change_password: bool
    zone: Zone = field(repr=False)

    def may(self, permission: Permission | str) -> bool:
        """Whether the person holds ``permission`` (templates give its name)."""
        return self.scope.may(Permission(permission))

    @property
    def month(self) -> Month:
        """The month in work; see ``month_in_work``."""
        return month_in_work()


def config() -> Config:
    """The settings of this installation."""
    found: Config = current_app.extensions["config"]
    return found


def engine() -> Engine:
    """The engine of this installation's database."""
    found: Engine = current_app.extensions["engine"]
    return found


def db() -> Session:
    """The request's session, opened when first asked for.

    A safe request (GET, HEAD) reads only: it never waits for a writer and is never committed. An
    unsafe one is committed once, after its view, if the answer is below 400; else rolled back.
    """
    if "db" not in g:
        bind = engine()
        if request.method in SAFE_METHODS:
            bind = bind.execution_options(read_only=True)
        g.db = Session(bind)
    session: Session = g.db
    return session


def request_id() -> str:
    """The mark of this request, in the audit log and in the answer's ``X-Request-Id``."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    found: str = g.request_id
    return found


@contextmanager
def separately(*, read_only: bool = False) -> Iterator[Session]:
    """A short transaction of its own, for what must stay when the request is refused (failed sign-ins).

    To be used before ``db()`` in an unsafe request, since SQLite knows one writer at a time.
    """
    bind = engine().execution_options(read_only=True) if read_only else engine()
    with Session(bind, expire_on_commit=False) as session:
        yield session
        if not read_only:
            session.commit()


def find_current() -> Current | None:
    """The person signed in, or None for a visitor."""
    if "current" not in g:
        g.current = _load_current()
    found: Current | None = g.current
    return found


def current() -> Current:
    """The person signed in; only for views that are not public."""
    found = find_current()
    if found is None:
        raise RuntimeError("current() in a view that visitors may see")
    return found


def _load_current() -> Current | None:
    token = request.cookies.get(cookie_name(), "")
    if not token:
        return None
    now = clock.now()
    idle = dt.timedelta(minutes=config().session_idle_minutes)
    signed_in = find_signed_in(db(), hash_token(token), now=now, idle=idle)
    if signed_in is None:
        return None
    if now - signed_in.session.seen_at >= TOUCH_EVERY:
        g.touch = (signed_in.user.zone_id, signed_in.session.id, now)
    # The forms' token belongs to this sign-in session: one taken from another session is refused.
    if browser_session.get("csrf_token") != signed_in.session.csrf_secret:
        browser_session["csrf_token"] = signed_in.session.csrf_secret
    return _as_current(signed_in)


def _as_current(signed_in: SignedIn) -> Current:
    user = signed_in.user
    return Current(
        user_id=user.id,
        session_id=signed_in.session.id,
        login=user.login,
        name=user.name,
        title=user.title,
        role=user.role,
        scope=Scope(user.zone_id, user.unit_id, user.role),
        actor=Actor(
            user.zone_id,
            user.id,
            user.name,
            session_id=signed_in.session.id,
            address=request.remote_addr or "",
            request_id=request_id(),
        ),
        must_change_password=user.password_changed_at is None,
        zone=signed_in.zone,
    )


def act_for(user: UserAccount, zone: Zone) -> Current:
    """The person as a worker acts for them, with the role they have now; no sign-in session stands behind it."""
    return Current(
        user_id=user.id,
        session_id=0,
        login=user.login,
        name=user.name,
        title=user.title,
        role=user.role,
        scope=Scope(user.zone_id, user.unit_id, user.role),
        actor=Actor(user.zone_id, user.id, user.name),
        must_change_password=False,
        zone=zone,
    )


def month_in_work() -> Month:
    """The month of the address (``?month=2024-06``), else the one chosen last, else the latest with records.

    Raises ``DomainError`` for a month in the address that is none.
    """
    if "month" not in g:
        asked = request.args.get("month")
        g.month = Month.parse(asked, current().zone.cutoff_day) if asked else remembered_month()
    month: Month = g.month
    return month


def remembered_month() -> Month:
    """The month chosen last, else the latest one with records."""
    zone = current().zone
    try:
        return Month.parse(request.cookies.get(MONTH_COOKIE, ""), zone.cutoff_day)
    except DomainError:
        latest, g.closed_span = latest_month(db(), zone, clock.today())
        month: Month = latest
        return month


def is_closed(month: Month) -> bool:
    """Whether ``month`` stands closed; read once a request, with the month in work where that is looked up."""
    if "closed_span" not in g:
        g.closed_span = closed_span(db(), current().zone.id)
    span: ClosedSpan = g.closed_span
    return span.holds(month)


def unit_in_use() -> str:
    """万元 or 亿元 for the amounts of the page: of the address (``?unit=yi``), else the one chosen last."""
    for key in (request.args.get("unit"), request.cookies.get(UNIT_COOKIE)):
        if key in UNITS:
            return UNITS[key]
    return UNITS["wan"]


def cookie_name() -> str:
    """The sign-in cookie; the prefix makes browsers refuse one that a neighbouring site has set."""
    return "__Host-zhaoshang" if config().secure_cookie else "zhaoshang"


def set_cookie(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """A cookie of ours: for this site only, out of reach of scripts."""
    secure = config().secure_cookie
    response.set_cookie(name, value, max_age=max_age, path="/", httponly=True, samesite="Lax", secure=secure)


def _touch_beside(touch: tuple[int, int, dt.datetime]) -> None:
    """Note when the person was last seen, unless another writer (a long import on SQLite) is at work: no page waits."""
    bind = engine().execution_options(wait_ms=50)
    with suppress(OperationalError), Session(bind) as session:
        touch_session(session, zone_id=touch[0], session_id=touch[1], now=touch[2])
        session.commit()


def register_session(app: Flask) -> None:
    """Settle the transaction after each view, close the session after each request."""

    @app.after_request
    def settle(response: Response) -> Response:
        touch = g.pop("touch", None)
        if request.method not in SAFE_METHODS and "db" in g:
            if response.status_code < 400:
                if touch:
                    touch_session(g.db, zone_id=touch[0], session_id=touch[1], now=touch[2])
                g.db.commit()
            else:
                g.db.rollback()
        elif touch:
            _touch_beside(touch)
        response.headers["X-Request-Id"] = request_id()
        if request.args.get("unit") in UNITS:
            set_cookie(response, UNIT_COOKIE, request.args["unit"], max_age=365 * 86400)
        return response

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        session: Session | None = g.pop("db", None)
        if session is not None:
            session.close()
