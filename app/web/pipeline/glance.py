"""A project at a glance: the sheet at the right of the ledger."""

from __future__ import annotations

from flask import render_template

from app.accounts.rules import Permission
from app.activities.queries import project_activities
from app.audit.queries import list_entries
from app.directory.queries import list_labels
from app.funds.queries import list_for_project
from app.funds.rules import ReviewState
from app.pipeline.models import Project
from app.pipeline.queries import gate_items, get_project, list_changes, milestones_of, states_of
from app.pipeline.rules import ROAD, Course, Item, MilestoneKind, between, is_there
from app.web.activities.timeline import News, news_of
from app.web.guards import needs
from app.web.pipeline.blueprint import ONE, blueprint
from app.web.pipeline.columns import share
from app.web.pipeline.history import tell
from app.web.pipeline.words import Names
from app.web.session import current, db

NEWEST = 3
TOLD_ELSEWHERE = frozenset({"log", *Course})
"""What activities and the history of stages say themselves."""


@blueprint.get(f"{ONE}/glance")
@needs(Permission.read)
def glance(project_id: int) -> str:
    """Money, what the next stage still asks for, who, and what happened last."""
    project = get_project(db(), current().zone.id, project_id)
    arrivals = list_for_project(db(), project.zone_id, project.id)
    by_state = {
        state: sum(arrival.amount_fen for arrival in arrivals if arrival.state is state)
        for state in (ReviewState.recognised, ReviewState.pending)
    }
    recognised, waiting = by_state[ReviewState.recognised], by_state[ReviewState.pending]
    return render_template(
        "pipeline/_glance.html",
        project=project,
        recognised=recognised,
        waiting=waiting,
        rest=max(0, (project.total_fen or 0) - recognised - waiting),
        share=share,
        may_edit=current().scope.may_edit_unit(project.unit_id),
        news=_news(project),
        **_gate(project),
    )


def _gate(project: Project) -> dict[str, object]:
    """The next stage, the day it is planned for, and what its gate asks for, item by item."""
    if project.stage not in ROAD or project.stage is ROAD[-1]:
        return {"next": None}
    following = ROAD[project.stage.step]
    items: tuple[Item, ...] = between(gate_items(db(), project.zone_id), project.stage, following)
    state = states_of(db(), project.zone_id, [project.id])[project.id]
    asked = [(item, is_there(item, state)) for item in items if item.required]
    kind = following.value if following.value in MilestoneKind.__members__ else None
    milestone = milestones_of(db(), project.zone_id, project.id).get(MilestoneKind(kind)) if kind else None
    return {
        "next": following,
        "items": asked,
        "lacking": sum(not there for _item, there in asked),
        "planned_on": milestone.planned_on if milestone else None,
    }


def _news(project: Project) -> list[News]:
    done = project_activities(db(), project.zone_id, project.id, NEWEST)
    entries = list_entries(db(), project.zone_id, {"project": [project.id]}, limit=NEWEST * 2)
    names = Names(dict(list_labels(db(), project.zone_id, "unit", "area", "chain")))
    return news_of(
        [row for row in done if row.withdrawn_at is None],
        tell([entry for entry in entries if entry.action not in TOLD_ELSEWHERE], names, {}),
        list_changes(db(), project.zone_id, project.id)[-NEWEST:],
        view="",
        limit=NEWEST,
    )
