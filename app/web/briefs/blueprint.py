"""The blueprint of the briefs."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("briefs", __name__, url_prefix="/briefs")
