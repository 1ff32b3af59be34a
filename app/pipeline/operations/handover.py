"""Handing a project over to another unit: old credit stays where it was (figures.md §1)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.pipeline.models import Contract, Milestone, Project, Responsibility


def hand_over(session: Session, actor: Actor, project: Project, unit_id: int, *, from_on: dt.date) -> None:
    """Make ``unit_id`` responsible from ``from_on`` on; contracts and milestones of later days go with it.

    A handover entered before for that day or a later one is overruled.

    Arrivals of later days follow through ``app.funds.operations.follow_handover``.
    """
    session.execute(
        delete(Responsibility).where(
            Responsibility.zone_id == project.zone_id,
            Responsibility.project_id == project.id,
            Responsibility.from_on >= from_on,
        )
    )
    session.add(
        Responsibility(zone_id=project.zone_id, project_id=project.id, from_on=from_on, unit_id=unit_id)
    )
    old = project.unit_id
    project.unit_id = unit_id
    for record, day in ((Contract, Contract.signed_on), (Milestone, Milestone.reached_on)):
        session.execute(
            update(record)
            .where(record.zone_id == project.zone_id, record.project_id == project.id, day >= from_on)
            .values(unit_id=unit_id)
        )
    session.flush()
    note(
        session,
        actor,
        action="hand_over",
        entity="project",
        entity_id=project.id,
        before={"unit_id": old},
        after={"unit_id": unit_id, "from_on": from_on},
    )
