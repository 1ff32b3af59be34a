"""What the page of a project says about its warnings."""

from __future__ import annotations

from typing import Any

from app.figures.queries.fired import list_fired
from app.pipeline.models import Project
from app.warnings.queries import list_excuses
from app.warnings.rules import KINDS
from app.web.session import db
from app.web.warnings.sight import look_among


def warnings_of_project(project: Project) -> dict[str, Any]:
    """The warnings of the reference day and the excuses on record. Three queries."""
    return {
        "fired": list_fired(db(), look_among(project_id=project.id)),
        "excuses": list_excuses(db(), project.zone_id, project.id),
        "warning_kinds": KINDS,
    }
