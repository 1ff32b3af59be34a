"""合同与承诺 of a project as its pages show it: contracts in order with all that hangs on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.audit.models import AuditEntry
from app.audit.queries import list_entries
from app.files.models import StoredFile
from app.files.queries import list_files_of
from app.investors.queries import names_of
from app.kernel import clock
from app.pipeline.models import Commitment, Contract, ContractReview, InvestorChange, Project
from app.pipeline.queries import (
    get_project,
    list_commitments,
    list_contracts,
    list_investor_changes,
    list_reviews,
)
from app.pipeline.rules import ENDED, CommitmentState, ContractKind, ReviewKind, Side
from app.web.contracts.forms import name_of
from app.web.guards import needs
from app.web.pipeline.blueprint import ONE, blueprint
from app.web.pipeline.words import CONTRACT_LABELS, Names, readable
from app.web.session import current, db

COUNTED = (ContractKind.formal, ContractKind.supplement)
SOON = 30
"""Days before its day on which a commitment is marked as coming."""


@dataclass(frozen=True)
class Change:
    """A change of investor with both names."""

    record: InvestorChange
    former: str
    new: str


@dataclass(frozen=True)
class Terms:
    """All terms of one project on a day; ``files`` are those standing, by entity and id."""

    day: dt.date
    contracts: Sequence[Contract]
    reviews: Sequence[ContractReview]
    commitments: Sequence[Commitment]
    changes: Sequence[Change]
    files: dict[tuple[str, int], list[StoredFile]]

    @property
    def formal(self) -> Contract | None:
        """The formal contract."""
        return next((c for c in self.contracts if c.kind is ContractKind.formal), None)

    @property
    def counted_fen(self) -> int:
        """合同总投资: the formal contract and its supplements; agreements add nothing."""
        return sum(c.amount_fen for c in self.contracts if c.kind in COUNTED)

    @property
    def increments(self) -> list[Contract]:
        """The supplements."""
        return [c for c in self.contracts if c.kind is ContractKind.supplement]

    @property
    def standing(self) -> dict[ReviewKind, ContractReview | None]:
        """The newest opinion of each kind, None where there is none."""
        found = {review.kind: review for review in self.reviews}
        return {kind: found.get(kind) for kind in ReviewKind}

    @property
    def open(self) -> list[Commitment]:
        """The commitments that wait, soonest first."""
        return [c for c in self.commitments if c.state is CommitmentState.open]

    @property
    def overdue(self) -> list[Commitment]:
        """Those whose day has passed."""
        return [c for c in self.open if c.due_on is not None and c.due_on < self.day]

    def of_side(self, side: Side) -> list[Commitment]:
        """One side's commitments: those that wait first."""
        mine = [c for c in self.commitments if c.side is side]
        return sorted(mine, key=lambda c: c.state is not CommitmentState.open)

    @property
    def record_ids(self) -> dict[str, list[int]]:
        """The records by entity, for files and for what the log tells of them."""
        return {
            "contract": [contract.id for contract in self.contracts],
            "contract_review": [review.id for review in self.reviews],
            "commitment": [commitment.id for commitment in self.commitments],
        }

    def files_of(self, entity: str, record_id: int) -> list[StoredFile]:
        """The files of one record."""
        return self.files.get((entity, record_id), [])

    def on(self, contract: Contract) -> list[Commitment]:
        """What was promised in the contract."""
        return [c for c in self.commitments if c.contract_id == contract.id]

    def named(self, contract_id: int | None) -> str:
        """Which contract that is, in words."""
        return next((name_of(c) for c in self.contracts if c.id == contract_id), "")

    def remark(self, contract: Contract) -> str:
        """How the contract counts."""
        if contract.kind is ContractKind.supplement:
            return "增资，按签订日计入，不计个数"
        if contract.kind is ContractKind.formal:
            return "计入新签约，只计一次"
        if self.formal is None:
            return "未签正式合同，不计入统计"
        if contract.signed_on <= self.formal.signed_on:
            return f"{self.formal.signed_on} 升格为正式合同，不另计金额"
        return "不计入统计"

    def due(self, commitment: Commitment) -> tuple[str, str]:
        """When it is due, in words, and the look of its mark."""
        if commitment.state is not CommitmentState.open:
            kind = {"kept": "a", "broken": "b"}.get(commitment.state, "")
            return commitment.state.label, kind
        if commitment.due_on is None:
            return "未到条件", "o"
        days = (commitment.due_on - self.day).days
        if days < 0:
            return f"逾期 {-days} 天", "b"
        return (f"还有 {days} 天" if days else "今天到期", "w") if days <= SOON else ("待兑现", "o")


def terms_of(session: Session, project: Project, day: dt.date) -> Terms:
    """The terms of ``project`` as they stand on ``day``. Five queries, six after a change of investor."""
    zone_id = project.zone_id
    contracts = list_contracts(session, zone_id, project.id)
    reviews = list_reviews(session, zone_id, project.id)
    commitments = list_commitments(session, zone_id, project.id)
    changes = list_investor_changes(session, zone_id, project.id)
    names = names_of(session, zone_id, {i for c in changes for i in (c.from_investor_id, c.to_investor_id)})
    named = [Change(c, names[c.from_investor_id], names[c.to_investor_id]) for c in changes]
    terms = Terms(day, contracts, reviews, commitments, named, {})
    terms.files.update(list_files_of(session, zone_id, terms.record_ids))
    return terms


@dataclass(frozen=True)
class Withdrawn:
    """A contract whose entry was undone, in words."""

    entry: AuditEntry
    said: str
    reason: str


def withdrawn_of(entries: Sequence[AuditEntry], contracts: Sequence[Contract]) -> list[Withdrawn]:
    """The contracts among ``entries`` that were withdrawn and not entered again."""
    present = {(c.kind.value, c.number, c.signed_on.isoformat()) for c in contracts}
    found: dict[tuple[str, str, str], Withdrawn] = {}
    for entry in entries:
        old = entry.before or {}
        if entry.action != "withdraw_contract":
            continue
        key = (old["contract_kind"], old["number"], old["signed_on"])
        said = [
            readable(name, old[name], Names()) for name in CONTRACT_LABELS if old.get(name) not in (None, "")
        ]
        if key not in present:
            found.setdefault(key, Withdrawn(entry, "，".join(said), (entry.after or {}).get("reason", "")))
    return list(found.values())


@blueprint.get(f"{ONE}/contracts")
@needs(Permission.read)
def show_terms(project_id: int) -> str:
    """All contracts of a project in order, with their opinions, commitments, files, and the investors."""
    project = get_project(db(), current().zone.id, project_id)
    terms = terms_of(db(), project, clock.today())
    entries = list_entries(db(), project.zone_id, {"project": [project.id]})
    return render_template(
        "contracts/terms.html",
        project=project,
        terms=terms,
        withdrawn=withdrawn_of(entries, terms.contracts),
        sides=list(Side),
        may_edit=current().scope.may_edit_unit(project.unit_id),
        may_sign=project.stage not in ENDED,
        may_review=current().may(Permission.review),
    )
