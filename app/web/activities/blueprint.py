"""The blueprint that the pages of activities share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("activities", __name__, url_prefix="/activities")
ONE = "/<int(max=9223372036854775807):activity_id>"
