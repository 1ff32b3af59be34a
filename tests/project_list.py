"""Makes what the tests of the project list need besides projects: saved views and histories of stages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, Zone
from app.pipeline.models import Project, ProjectView, StageChange
from app.pipeline.rules import How, Stage
from tests.factories import NOW


def make_view(session: Session, zone: Zone, owner: UserAccount, **fields: Any) -> ProjectView:
    """A private view of all projects in talks."""
    content = {"filter": {"stage": ["talks"]}, "sort": "signed", "dir": "desc", "columns": ["name", "stage"]}
    values: dict[str, Any] = {"name": "在谈的", "shared": False, "content": content, "made_at": NOW, **fields}
    view = ProjectView(zone_id=zone.id, owner_id=owner.id, **values)
    session.add(view)
    session.flush()
    return view


def make_stages(session: Session, project: Project, *steps: tuple[Stage, dt.date]) -> None:
    """The project's history, in place of what its dates tell: in which stage from which day on."""
    session.execute(
        delete(StageChange).where(
            StageChange.zone_id == project.zone_id, StageChange.project_id == project.id
        )
    )
    before = None
    for seq, (stage, day) in enumerate(steps, 1):
        session.add(
            StageChange(
                zone_id=project.zone_id,
                project_id=project.id,
                seq=seq,
                from_stage=before,
                to_stage=stage,
                effective_on=day,
                how=How.register,
                person_name="吴建军",
                recorded_at=NOW,
            )
        )
        before = stage
    session.flush()
