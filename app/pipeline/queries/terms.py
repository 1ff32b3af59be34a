"""What hangs on the contracts of a project: opinions, commitments, changes of investor."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.files.queries import list_files
from app.kernel.errors import NotFoundError
from app.pipeline.models import Commitment, Contract, ContractReview, InvestorChange, Project
from app.pipeline.rules import ENDED, CommitmentState, ContractKind, ReviewKind, Side


def get_contract(session: Session, zone_id: int, contract_id: int) -> Contract:
    """The contract. Raises ``NotFoundError``, also for one of another zone."""
    contract = session.get(Contract, (zone_id, contract_id))
    if contract is None:
        raise NotFoundError("没有这份合同，可能已被撤销")
    return contract


def get_review(session: Session, zone_id: int, review_id: int) -> ContractReview:
    """The opinion. Raises ``NotFoundError``, also for one of another zone."""
    review = session.get(ContractReview, (zone_id, review_id))
    if review is None:
        raise NotFoundError("没有这条审查意见，可能已被撤销")
    return review


def get_commitment(session: Session, zone_id: int, commitment_id: int) -> Commitment:
    """The commitment. Raises ``NotFoundError``, also for one of another zone."""
    commitment = session.get(Commitment, (zone_id, commitment_id))
    if commitment is None:
        raise NotFoundError("没有这条承诺，可能已被撤销")
    return commitment


def list_reviews(session: Session, zone_id: int, project_id: int) -> list[ContractReview]:
    """The project's opinions of review, oldest first, with those on a draft."""
    query = select(ContractReview).where(
        ContractReview.zone_id == zone_id, ContractReview.project_id == project_id
    )
    return list(session.scalars(query.order_by(ContractReview.opined_on, ContractReview.id)))


def standing_reviews(session: Session, zone_id: int, project_id: int) -> dict[ReviewKind, ContractReview]:
    """The newest opinion of each kind, for the project's contracts or the draft; a kind not examined is missing."""
    return {review.kind: review for review in list_reviews(session, zone_id, project_id)}


def list_commitments(session: Session, zone_id: int, project_id: int) -> list[Commitment]:
    """The project's commitments, soonest due first, those without a day at the end."""
    query = select(Commitment).where(Commitment.zone_id == zone_id, Commitment.project_id == project_id)
    return list(session.scalars(query.order_by(Commitment.due_on.nulls_last(), Commitment.id)))


def list_investor_changes(session: Session, zone_id: int, project_id: int) -> list[InvestorChange]:
    """The project's changes of investor, oldest first."""
    query = select(InvestorChange).where(
        InvestorChange.zone_id == zone_id, InvestorChange.project_id == project_id
    )
    return list(session.scalars(query.order_by(InvestorChange.effective_on)))


@dataclass(frozen=True)
class DueCommitment:
    """A commitment that waits, with its project."""

    id: int
    project_id: int
    project: str
    officer: str
    side: Side
    what: str
    due_on: dt.date

    def days_late(self, today: dt.date) -> int:
        """How many days its day has passed; negative while it is coming."""
        return (today - self.due_on).days


def due_commitments(
    session: Session,
    zone_id: int,
    today: dt.date,
    *,
    unit_id: int | None = None,
    within: int = 30,
    limit: int = 100,
) -> list[DueCommitment]:
    """Commitments whose day has passed or comes ``within`` days, of projects still pursued, the oldest first.

    ``unit_id`` narrows to the projects of one unit. One query.
    """
    query = (
        select(
            Commitment.id,
            Commitment.project_id,
            Project.name.label("project"),
            Project.officer,
            Commitment.side,
            Commitment.what,
            Commitment.due_on,
        )
        .join(Project, and_(Project.zone_id == Commitment.zone_id, Project.id == Commitment.project_id))
        .where(
            Commitment.zone_id == zone_id,
            Commitment.state == CommitmentState.open,
            Commitment.due_on <= today + dt.timedelta(days=within),
            Project.stage.not_in(ENDED),
        )
    )
    if unit_id is not None:
        query = query.where(Project.unit_id == unit_id)
    query = query.order_by(Commitment.due_on, Commitment.id).limit(limit)
    return [DueCommitment(**row._mapping) for row in session.execute(query)]


def dependents_of(session: Session, contract: Contract) -> list[str]:
    """What hangs on the contract, in words: 补充协议 2 份, 审查意见 1 条 …; empty when nothing does."""
    same = (Contract.zone_id == contract.zone_id, Contract.project_id == contract.project_id)
    found = []
    if contract.kind is ContractKind.formal:
        supplements = select(func.count(Contract.id)).where(*same, Contract.kind == ContractKind.supplement)
        found.append((session.scalars(supplements).one(), "补充协议 {} 份"))
    for record, words in ((ContractReview, "审查意见 {} 条"), (Commitment, "承诺 {} 条")):
        query = select(func.count(record.id)).where(
            record.zone_id == contract.zone_id, record.contract_id == contract.id
        )
        found.append((session.scalars(query).one(), words))
    files = list_files(session, contract.zone_id, "contract", contract.id)
    found.append((len(files), "附件 {} 个"))
    return [words.format(number) for number, words in found if number]
