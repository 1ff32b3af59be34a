"""The blueprint that the pages of projects share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("pipeline", __name__, url_prefix="/projects")
ONE = "/<int(max=9223372036854775807):project_id>"
