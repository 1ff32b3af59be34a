"""Dated paragraphs of a ledger as activities of their project, each once, under the name the ledger gives."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from sqlalchemy import select

from app.activities.models import Activity
from app.activities.operations import ActivityData
from app.activities.rules import LONGEST_TEXT, ActivityKind
from app.ledger.operations.context import Context
from app.ledger.rules import Change
from app.pipeline.models import Project


class Progress:
    """Keeps what a row tells of its project's progress."""

    def __init__(self, context: Context) -> None:
        self._here = context

    def keep(self, project: Project) -> list[Change]:
        """Log the paragraphs that are not on record yet."""
        here, found = self._here, []
        for step in here.history.steps:
            key = (project.id, step.on_day, step.text[:LONGEST_TEXT])
            if key in self._known:
                continue
            made = here.entry.log(project, ActivityData(ActivityKind.note, step.on_day, key[2]))
            here.memory.put(self._known, key, made)
            found.append(Change("进展记录", "", f"{step.on_day} {step.text}"[:200]))
        return found

    @cached_property
    def _known(self) -> dict[tuple[int, dt.date, str], int]:
        query = select(Activity.project_id, Activity.on_day, Activity.text, Activity.id).where(
            Activity.zone_id == self._here.zone.id, Activity.project_id.is_not(None)
        )
        rows = self._here.session.execute(query)
        return {(project, day, text): key for project, day, text, key in rows if project is not None}
