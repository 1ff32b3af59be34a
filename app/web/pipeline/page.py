"""What the page of one project shows, gathered from the domains."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.audit.queries import list_entries
from app.directory.queries import labels, list_labels
from app.directory.rules import divisions
from app.funds.queries import list_for_project
from app.funds.rules import ReviewState
from app.investors.queries import names_of
from app.pipeline.models import Project
from app.pipeline.queries import list_contracts, list_responsibilities, main_contract, milestones_of
from app.pipeline.rules import is_big
from app.web.pipeline.history import investor_ids, tell
from app.web.pipeline.rail import steps
from app.web.pipeline.words import Names

TIMELINE = 12
"""Entries in the side column; the whole history stands below."""


def project_page(session: Session, project: Project, day: dt.date) -> dict[str, Any]:
    """Contracts, milestones, money and history of ``project`` as it looks on ``day``."""
    zone_id = project.zone_id
    contracts = list_contracts(session, zone_id, project.id)
    milestones = milestones_of(session, zone_id, project.id)
    arrivals = list_for_project(session, zone_id, project.id)
    entries = list_entries(
        session,
        zone_id,
        {
            "project": [project.id],
            "fund_arrival": [arrival.id for arrival in arrivals],
            "investor": [project.investor_id],
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
    by_state = {
        state: sum(arrival.amount_fen for arrival in arrivals if arrival.state is state)
        for state in ReviewState
    }
    return {
        "project": project,
        "contracts": contracts,
        "main": main_contract(contracts),
        "rail": steps(project.stage, project.signed_on, milestones, day),
        "milestones": milestones,
        "arrivals": arrivals,
        "recognised": by_state[ReviewState.recognised],
        "waiting": by_state[ReviewState.pending],
        "rest": max(
            0, (project.total_fen or 0) - by_state[ReviewState.recognised] - by_state[ReviewState.pending]
        ),
        "big": project.total_fen is not None and is_big(project.total_fen),
        "industry": _industry(project.industry),
        "units": [
            (entry.from_on, lists["unit"][entry.unit_id])
            for entry in list_responsibilities(session, zone_id, project.id)
        ],
        "history": happenings,
        "timeline": happenings[:TIMELINE],
    }


def _industry(code: str | None) -> str:
    if not code:
        return ""
    found = divisions().get(code[1:3])
    return f"{code} {found.name}" if found else code
