"""Everything that speaks HTTP: pages, forms, sign-in, guards, headers."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from app.web.blueprints import BLUEPRINTS
from app.web.errors import register_errors
from app.web.filters import register_filters
from app.web.frame import register_frame
from app.web.guards import check_guards, register_guards
from app.web.headers import register_headers
from app.web.session import register_session
from config import Config

MAX_UPLOAD = 20 * 1024 * 1024
MAX_FORM = 2 * 1024 * 1024


class RecordNumber(IntegerConverter):
    """An identity in an address; a number that no column holds is no page."""

    def __init__(self, url_map: Map, max: int = 2**63 - 1, **options: Any) -> None:
        super().__init__(url_map, max=max, **options)


def register_web(app: Flask) -> None:
    """Put the pages onto the application, with all that stands before and after them."""
    config: Config = app.extensions["config"]
    app.config.from_mapping(
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=MAX_FORM,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 86400,
        SESSION_COOKIE_NAME="zhaoshang_form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookie,
        TRUSTED_HOSTS=list(config.trusted_hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,  # a token lasts as long as the sign-in session it belongs to
        WTF_I18N_ENABLED=False,
    )
    app.url_map.converters["int"] = RecordNumber
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    register_headers(app)
    register_session(app)
    # A visitor is sent to sign in before his form's token is looked at: it may be that of a lost session.
    register_guards(app)
    CSRFProtect(app)
    register_filters(app)
    register_errors(app)
    register_frame(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    check_guards(app)
