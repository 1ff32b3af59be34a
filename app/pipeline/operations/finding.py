"""Projects and contracts in the search index."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.investors.models import Investor
from app.pipeline.models import Contract, Project
from app.search.operations import index_record


def make_findable(session: Session, project: Project, contracts: Iterable[Contract]) -> None:
    """Let the project be found by name, number and investor, each contract by its number."""
    investor = session.get_one(Investor, (project.zone_id, project.investor_id))
    index_record(
        session,
        project.zone_id,
        project.id,
        entity="project",
        title=project.name,
        subtitle=f"{project.number}　{investor.name}",
        words=(project.number, investor.name),
        unit_id=project.unit_id,
    )
    for contract in contracts:
        if contract.number:
            index_record(
                session,
                project.zone_id,
                contract.id,
                entity="contract",
                title=contract.number,
                subtitle=f"{contract.kind.label}　{project.name}",
                target_id=project.id,
                unit_id=project.unit_id,
            )
