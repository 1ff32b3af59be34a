"""The blueprint that the pages of warnings share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("warnings", __name__, url_prefix="/warnings")
