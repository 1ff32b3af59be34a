"""Fund arrivals."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice
from app.directory.models import ResponsibleUnit
from app.funds.rules import EvidenceKind, FundSource, ReviewState, RevocationKind
from app.pipeline.models import Project

HAS_VOUCHER = "voucher <> '' AND state <> 'voided'"
"""An evidence number counts once among the arrivals that are not 作废."""


def _claimed(context: Any) -> Any:
    """What is stored without a claim of its own was claimed as it stands."""
    return context.get_current_parameters()["amount_fen"]


class FundArrival(ZoneRow, Base):
    """到账: money received for a project. Amounts are CNY, ``original_minor`` hundredths of ``currency``.

    ``amount_fen`` is what counts: the amount claimed, until a reviewer recognises it or, with a
    reason, a part of it. ``unit_id`` is the unit responsible on the day of arrival; shares, where
    there are any, say which units get the credit. Only recognised arrivals count. One that was
    taken back (已撤回) waits for its officer, a void one (已作废) only stays on record.
    """

    __tablename__ = "fund_arrival"
    __table_args__ = (
        zone_key("project_id", "project"),
        zone_key("unit_id", "responsible_unit"),
        CheckConstraint("amount_fen BETWEEN 1 AND 1000000000000000", name="amount_fen"),
        CheckConstraint("original_minor BETWEEN 1 AND 1000000000000000000", name="original_minor"),
        CheckConstraint("rate_millionths > 0", name="rate_millionths"),
        CheckConstraint("currency <> 'CNY' OR (rate_millionths = 1000000 AND original_minor = claimed_fen)", name="cny"),
        CheckConstraint("claimed_fen BETWEEN 1 AND 1000000000000000", name="claimed_fen"),
        CheckConstraint("amount_fen = claimed_fen OR (amount_fen < claimed_fen AND state = 'recognised' AND length(cut_reason) > 0)", name="cut"),
        CheckConstraint("(state = 'recognised') = (recognised_on IS NOT NULL)", name="recognised"),
        CheckConstraint("reviewed_by IS NULL OR recorded_by IS NULL OR reviewed_by <> recorded_by", name="reviewer"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_fund_arrival_project", "zone_id", "project_id", "state", "arrived_on", "amount_fen"),
        Index("ix_fund_arrival_fact", "zone_id", "state", "arrived_on", "unit_id", "source", "amount_fen", "project_id", "id"),
        Index("ix_fund_arrival_list", "zone_id", "arrived_on", "id", "state", "unit_id", "project_id"),
        Index("ix_fund_arrival_reviewed", "zone_id", "reviewed_by", "reviewed_at"),
        Index("uq_fund_arrival_voucher", "zone_id", "voucher", unique=True, sqlite_where=text(HAS_VOUCHER), postgresql_where=text(HAS_VOUCHER)),
    )  # fmt: skip

    project_id: Mapped[int] = mapped_column(BigInteger)
    arrived_on: Mapped[dt.date] = mapped_column(Date)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    original_minor: Mapped[int] = mapped_column(BigInteger)
    rate_millionths: Mapped[int] = mapped_column(BigInteger, default=1_000_000)
    rate_on: Mapped[dt.date | None] = mapped_column(Date)
    rate_source: Mapped[str] = mapped_column(String(60), default="")
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    claimed_fen: Mapped[int] = mapped_column(BigInteger, default=_claimed)
    """登记金额: what the officer claims; for ever, also when less was recognised."""
    cut_reason: Mapped[str] = mapped_column(String(200), default="")
    """Why less was recognised than claimed."""
    evidence: Mapped[EvidenceKind | None] = mapped_column(choice(EvidenceKind))
    payer: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[FundSource] = mapped_column(choice(FundSource))
    purpose: Mapped[str] = mapped_column(String(60), default="")
    voucher: Mapped[str] = mapped_column(String(60), default="")
    """凭证号 of the evidence; unique in the zone where there is one."""
    state: Mapped[ReviewState] = mapped_column(choice(ReviewState), default=ReviewState.pending)
    recognised_on: Mapped[dt.date | None] = mapped_column(Date)
    recorded_by: Mapped[int | None] = mapped_column(BigInteger)
    recorded_name: Mapped[str] = mapped_column(String(60), default="")
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    reviewed_by: Mapped[int | None] = mapped_column(BigInteger)
    reviewed_name: Mapped[str] = mapped_column(String(60), default="")
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    return_reason: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer, default=1)

    project: Mapped[Project] = relationship(viewonly=True, lazy="raise")
    unit: Mapped[ResponsibleUnit] = relationship(viewonly=True, lazy="raise")


class ArrivalShare(Base):
    """到位资金分割: the part of an arrival that one unit gets the credit for; all parts add up to the arrival.

    The percentage is what was agreed; the amount follows from it and from what was recognised.
    """

    __tablename__ = "arrival_share"
    __table_args__ = (
        zone_key("arrival_id", "fund_arrival"),
        zone_key("unit_id", "responsible_unit"),
        CheckConstraint("percent_hundredths BETWEEN 1 AND 10000", name="percent_hundredths"),
        CheckConstraint("amount_fen BETWEEN 0 AND 1000000000000000", name="amount_fen"),
    )

    zone_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    arrival_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    percent_hundredths: Mapped[int] = mapped_column(Integer)
    amount_fen: Mapped[int] = mapped_column(BigInteger)


class ArrivalRevocation(ZoneRow, Base):
    """撤销: one step that was taken back, for good on record: who, when, why, and what it was before."""

    __tablename__ = "arrival_revocation"
    __table_args__ = (
        zone_key("arrival_id", "fund_arrival"),
        Index("ix_arrival_revocation_arrival", "zone_id", "arrival_id", "id"),
        CheckConstraint("kind IN ('withdrawal', 'restore') OR length(reason) > 0", name="reason"),
        CheckConstraint("was_fen BETWEEN 1 AND 1000000000000000", name="was_fen"),
    )

    arrival_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[RevocationKind] = mapped_column(choice(RevocationKind))
    reason: Mapped[str] = mapped_column(String(200), default="")
    was_state: Mapped[ReviewState] = mapped_column(choice(ReviewState))
    was_fen: Mapped[int] = mapped_column(BigInteger)
    """What the arrival came to before: the amount recognised, else the one claimed."""
    was_reason: Mapped[str] = mapped_column(String(200), default="")
    """Why it had been returned, or recognised for less."""
    was_recognised_on: Mapped[dt.date | None] = mapped_column(Date)
    was_reviewed_name: Mapped[str] = mapped_column(String(60), default="")
    was_reviewed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(BigInteger)
    done_name: Mapped[str] = mapped_column(String(60))
    done_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
