"""Projects and contracts in the search index."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.db.trial import is_trial
from app.investors.models import Investor
from app.investors.queries import names_of
from app.pipeline.models import Contract, Project
from app.pipeline.queries import list_investor_changes
from app.search.operations import index_record


def make_findable(session: Session, project: Project, contracts: Iterable[Contract]) -> None:
    """Let the project be found by name, number, investor and former investors, each contract by its number."""
    if is_trial(session):
        return
    investor = session.get_one(Investor, (project.zone_id, project.investor_id))
    former = (
        change.from_investor_id for change in list_investor_changes(session, project.zone_id, project.id)
    )
    names = names_of(session, project.zone_id, set(former))
    index_record(
        session,
        project.zone_id,
        project.id,
        entity="project",
        title=project.name,
        subtitle=f"{project.number}　{investor.name}",
        words=(project.number, investor.name, *names.values()),
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
