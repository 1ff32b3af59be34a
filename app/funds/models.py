"""Fund arrivals."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice
from app.directory.models import ResponsibleUnit
from app.funds.rules import FundSource, ReviewState
from app.pipeline.models import Project


class FundArrival(ZoneRow, Base):
    """到账: money received for a project. ``amount_fen`` is CNY, ``original_minor`` hundredths of ``currency``.

    ``unit_id`` is the unit responsible on the day of arrival. Only recognised arrivals count.
    """

    __tablename__ = "fund_arrival"
    __table_args__ = (
        zone_key("project_id", "project"),
        zone_key("unit_id", "responsible_unit"),
        CheckConstraint("amount_fen BETWEEN 1 AND 1000000000000000", name="amount_fen"),
        CheckConstraint("original_minor BETWEEN 1 AND 1000000000000000000", name="original_minor"),
        CheckConstraint("rate_millionths > 0", name="rate_millionths"),
        CheckConstraint("currency <> 'CNY' OR (rate_millionths = 1000000 AND original_minor = amount_fen)", name="cny"),
        CheckConstraint("(state = 'recognised') = (recognised_on IS NOT NULL)", name="recognised"),
        CheckConstraint("reviewed_by IS NULL OR recorded_by IS NULL OR reviewed_by <> recorded_by", name="reviewer"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_fund_arrival_project", "zone_id", "project_id", "state", "arrived_on", "amount_fen"),
        Index("ix_fund_arrival_fact", "zone_id", "state", "arrived_on", "unit_id", "source", "amount_fen", "project_id"),
        Index("uq_fund_arrival_voucher", "zone_id", "voucher", unique=True, sqlite_where=text("voucher <> ''"), postgresql_where=text("voucher <> ''")),
    )  # fmt: skip

    project_id: Mapped[int] = mapped_column(BigInteger)
    arrived_on: Mapped[dt.date] = mapped_column(Date)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    original_minor: Mapped[int] = mapped_column(BigInteger)
    rate_millionths: Mapped[int] = mapped_column(BigInteger, default=1_000_000)
    rate_on: Mapped[dt.date | None] = mapped_column(Date)
    rate_source: Mapped[str] = mapped_column(String(60), default="")
    amount_fen: Mapped[int] = mapped_column(BigInteger)
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
