"""A lead becomes a project: everything goes along, and both records know each other."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.audit.operations import note
from app.audit.rules import Actor
from app.directory.queries import get_entry
from app.files.operations import carry_files
from app.investors.operations import InvestorData, register_investor
from app.kernel.errors import DomainError
from app.leads.models import Lead
from app.leads.rules import LeadState, check_convertible, day_of
from app.pipeline.models import Project
from app.pipeline.operations import ProjectData, register_project
from app.pipeline.rules import Stage

SOURCE = "线索转入"
"""Where milestones taken over from a lead say they come from."""


def convert_lead(
    session: Session,
    actor: Actor,
    lead: Lead,
    *,
    investor: InvestorData,
    project: ProjectData,
    today: dt.date,
) -> Project:
    """Make the project (在谈) with its investor, and link both ways. The lead stays readable as it was.

    Raises ``DomainError`` unless the lead is followed, and for all that ``register_project`` refuses.
    """
    check_convertible(lead.state)
    if project.stage is not Stage.talks or project.unit_id != lead.unit_id:
        raise DomainError("线索转为项目时，阶段为“在谈”，责任单位不变")
    company = register_investor(session, actor, investor)
    made = register_project(session, actor, company.id, project, today=today, source=SOURCE)
    lead.state = LeadState.converted
    lead.project_id, lead.investor_id = made.id, company.id
    session.flush()
    carry_files(session, actor, source=("lead", lead.id), target=("project", made.id))
    about = {"project_id": made.id, "project_number": made.number, "investor_id": company.id}
    note(session, actor, action="convert", entity="lead", entity_id=lead.id, after=about)
    note(
        session,
        actor,
        action="from_lead",
        entity="project",
        entity_id=made.id,
        after={
            "lead_id": lead.id,
            "lead_number": lead.number,
            "lead_first_unit": get_entry(session, lead.zone_id, "unit", lead.first_unit_id).name,
            "lead_reported_on": day_of(lead.reported_at),
        },
    )
    return made
