"""The blueprint that the pages of arrivals share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.web.files.forms import allow_uploads

blueprint = Blueprint("funds", __name__, url_prefix="/funds")
ONE = "/<int:arrival_id>"
WITH_FILES = frozenset({"funds.record_arrival", "funds.change_arrival"})


@blueprint.url_value_preprocessor
def _allow_uploads(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Entries bring their evidence along."""
    if endpoint in WITH_FILES:
        allow_uploads()
