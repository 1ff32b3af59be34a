"""What the page of one project shows, gathered from the domains."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.activities.queries import project_activities
from app.audit.queries import list_entries
from app.directory.queries import labels, list_labels
from app.directory.rules import divisions
from app.funds.queries import list_for_project
from app.funds.rules import ReviewState
from app.investors.queries import names_of
from app.leads.queries import find_for_project
from app.pipeline.models import Project
from app.pipeline.queries import list_responsibilities, main_contract, milestones_of
from app.pipeline.rules import ENDED, Course, is_big
from app.web.activities.timeline import VIEWS, news_of
from app.web.contracts.page import terms_of
from app.web.pipeline.history import investor_ids, tell
from app.web.pipeline.rail import steps
from app.web.pipeline.words import Names
from app.web.stages.gate import road_of

TIMELINE = 12
"""Entries in the side column; the whole history stands below."""
TOLD_BY_ACTIVITY = frozenset({"log", "add_file"})
"""What the activity's own entry in the side column says already."""
TOLD_BY_STAGE = frozenset(Course)
"""What the history of stages says already, on the day it took effect."""
ACTIVITIES = 100
"""The newest activities are looked at; the whole list has its own page."""


def project_page(session: Session, project: Project, day: dt.date, *, view: str = "") -> dict[str, Any]:
    """Contracts, milestones, money, activities and history of ``project`` as it looks on ``day``.

    ``view`` narrows the side column to activities or to what the system says.
    """
    zone_id = project.zone_id
    road = road_of(session, project, day)
    terms = terms_of(session, project, day)
    contracts = terms.contracts
    milestones = milestones_of(session, zone_id, project.id)
    arrivals = list_for_project(session, zone_id, project.id)
    done = project_activities(session, zone_id, project.id, ACTIVITIES)
    activities = [row for row in done if row.withdrawn_at is None]
    entries = list_entries(
        session,
        zone_id,
        {
            "project": [project.id],
            **terms.record_ids,
            "fund_arrival": [arrival.id for arrival in arrivals],
            "investor": [project.investor_id],
            "activity": [row.id for row in done],
        },
    )
    lists: dict[str, Any] = list_labels(session, zone_id, "unit", "area", "chain")
    names = Names(
        {
            **lists,
            "segment": labels(session, zone_id, "segment"),
            "investor": names_of(session, zone_id, investor_ids(entries)),
        }
    )
    happenings = tell(entries, names, {arrival.id: arrival.amount_fen for arrival in arrivals})
    system = [
        told
        for entry, told in zip(entries, happenings, strict=True)
        if (entry.entity != "activity" or entry.action not in TOLD_BY_ACTIVITY)
        and (entry.entity != "project" or entry.action not in TOLD_BY_STAGE)
    ]
    by_state = {
        state: sum(arrival.amount_fen for arrival in arrivals if arrival.state is state)
        for state in ReviewState
    }
    return {
        "project": project,
        "contracts": contracts,
        "terms": terms,
        "main": main_contract(contracts),
        "rail": steps(road.base, project.signed_on, milestones, day),
        "road": road,
        "milestones": milestones,
        "arrivals": arrivals,
        "recognised": by_state[ReviewState.recognised],
        "waiting": by_state[ReviewState.pending],
        "rest": max(
            0, (project.total_fen or 0) - by_state[ReviewState.recognised] - by_state[ReviewState.pending]
        ),
        "big": project.total_fen is not None and is_big(project.total_fen),
        "industry": _industry(project.industry),
        "lead": find_for_project(session, zone_id, project.id),
        "units": [
            (entry.from_on, lists["unit"][entry.unit_id])
            for entry in list_responsibilities(session, zone_id, project.id)
        ],
        "history": happenings,
        "ended_stages": ENDED,
        "activities": activities,
        "timeline": news_of(activities, system, road.changes, view=view, limit=TIMELINE),
        "news_views": VIEWS,
        "news_view": view,
    }


def _industry(code: str | None) -> str:
    if not code:
        return ""
    found = divisions().get(code[1:3])
    return f"{code} {found.name}" if found else code
