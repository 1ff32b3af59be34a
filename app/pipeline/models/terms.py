"""What hangs on contracts: opinions of review, commitments, and changes of investor."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice
from app.pipeline.rules import CommitmentState, ReviewKind, ReviewResult, Side


class ContractReview(ZoneRow, Base):
    """合法性审查 or 公平竞争审查 of a contract: one opinion; of several of a kind the newest one stands.

    ``contract_id`` is None while the text is a draft: the opinion comes before the signature. The scan is a
    file of entity ``contract_review``.
    """

    __tablename__ = "contract_review"
    __table_args__ = (
        zone_key("project_id", "project"),
        zone_key("contract_id", "contract"),
        CheckConstraint("length(body) > 0", name="body"),
        CheckConstraint("result = 'passed' OR length(remark) > 0", name="remark"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_contract_review_project", "zone_id", "project_id", "kind", "opined_on"),
        Index("ix_contract_review_contract", "zone_id", "contract_id"),
    )

    project_id: Mapped[int] = mapped_column(BigInteger)
    contract_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[ReviewKind] = mapped_column(choice(ReviewKind))
    result: Mapped[ReviewResult] = mapped_column(choice(ReviewResult))
    opined_on: Mapped[dt.date] = mapped_column(Date)
    body: Mapped[str] = mapped_column(String(60))
    """审查机构: who gave the opinion."""
    number: Mapped[str] = mapped_column(String(60), default="")
    remark: Mapped[str] = mapped_column(String(500), default="")
    """The conditions, or why it did not pass."""
    version: Mapped[int] = mapped_column(Integer, default=1)


class Commitment(ZoneRow, Base):
    """承诺: what one side promised to the other, in a contract or beside it, and what became of it.

    Its evidence is a file of entity ``commitment``.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        zone_key("project_id", "project"),
        zone_key("contract_id", "contract"),
        zone_key("settled_by", "user_account"),
        CheckConstraint("length(what) > 0", name="what"),
        CheckConstraint("amount_fen BETWEEN 0 AND 1000000000000000", name="amount_fen"),
        CheckConstraint("due_on IS NOT NULL OR length(condition) > 0", name="due"),
        CheckConstraint("(state = 'open') = (settled_on IS NULL)", name="settled"),
        CheckConstraint("state IN ('open', 'kept') OR length(settled_note) > 0", name="settled_note"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_commitment_project", "zone_id", "project_id", "due_on"),
        Index("ix_commitment_contract", "zone_id", "contract_id"),
        Index("ix_commitment_due", "zone_id", "state", "due_on", "project_id"),
    )

    project_id: Mapped[int] = mapped_column(BigInteger)
    contract_id: Mapped[int | None] = mapped_column(BigInteger)
    side: Mapped[Side] = mapped_column(choice(Side))
    what: Mapped[str] = mapped_column(String(500))
    measure: Mapped[str] = mapped_column(String(60), default="")
    """How much, other than money: 300 人, 250 亩."""
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    basis: Mapped[str] = mapped_column(String(200), default="")
    """The law or document that allows it, needed for favours to one operator (公平竞争审查条例)."""
    condition: Mapped[str] = mapped_column(String(200), default="")
    """What has to happen first; a promise without a day has one."""
    due_on: Mapped[dt.date | None] = mapped_column(Date)
    state: Mapped[CommitmentState] = mapped_column(choice(CommitmentState), default=CommitmentState.open)
    settled_on: Mapped[dt.date | None] = mapped_column(Date)
    settled_note: Mapped[str] = mapped_column(String(500), default="")
    settled_by: Mapped[int | None] = mapped_column(BigInteger)
    settled_name: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)


class InvestorChange(ZoneRow, Base):
    """变更投资方: from ``effective_on`` on another company invests; facts of earlier days keep the former one."""

    __tablename__ = "investor_change"
    __table_args__ = (
        UniqueConstraint("zone_id", "project_id", "effective_on"),
        zone_key("project_id", "project"),
        zone_key("from_investor_id", "investor"),
        zone_key("to_investor_id", "investor"),
        CheckConstraint("from_investor_id <> to_investor_id", name="other"),
        CheckConstraint("length(reason) > 0", name="reason"),
        Index("ix_investor_change_from", "zone_id", "from_investor_id", "project_id"),
        Index("ix_investor_change_to", "zone_id", "to_investor_id", "project_id"),
    )

    project_id: Mapped[int] = mapped_column(BigInteger)
    from_investor_id: Mapped[int] = mapped_column(BigInteger)
    to_investor_id: Mapped[int] = mapped_column(BigInteger)
    effective_on: Mapped[dt.date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(500))
    document: Mapped[str] = mapped_column(String(120), default="")
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    recorded_name: Mapped[str] = mapped_column(String(60))
