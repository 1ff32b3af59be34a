"""The blueprint of the pages of stages, and the project they are about."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request

from app.pipeline.models import Project
from app.pipeline.queries import get_project
from app.web.files.forms import allow_uploads
from app.web.session import current, db

blueprint = Blueprint("stages", __name__, url_prefix="/projects")
ONE = "/<int(max=9223372036854775807):project_id>"


@blueprint.url_value_preprocessor
def _allow_uploads(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint in ("stages.advance", "stages.hand_in_owed"):
        allow_uploads()


def own_project(project_id: int) -> Project:
    """The project, for somebody who may change it; locked while it is being changed."""
    project = get_project(db(), current().zone.id, project_id, lock=request.method == "POST")
    if not current().scope.may_edit_unit(project.unit_id):
        abort(403)
    return project
