"""The blueprint of the pages of 上报表."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("reporting", __name__, url_prefix="/report-forms")
