"""What a project's company is called, where the project is looked for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pipeline.models import Contract, Project
from app.pipeline.operations.finding import make_findable


def index_projects_of(session: Session, zone_id: int, investor_id: int) -> None:
    """Let the company's projects be found under its present name. Two queries, besides the index."""
    mine = (Project.zone_id == zone_id, Project.investor_id == investor_id)
    contracts: dict[int, list[Contract]] = {}
    of_mine = select(Project.id).where(*mine)
    query = select(Contract).where(Contract.zone_id == zone_id, Contract.project_id.in_(of_mine))
    for contract in session.scalars(query):
        contracts.setdefault(contract.project_id, []).append(contract)
    for project in session.scalars(select(Project).where(*mine)).all():
        make_findable(session, project, contracts.get(project.id, []))
