"""Leads and the decisions about them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice
from app.directory.models import ResponsibleUnit
from app.leads.rules import LeadSource, LeadState


class Lead(ZoneRow, Base):
    """线索. ``first_unit_id`` (首报单位) and ``reported_at`` are stamped once and never change.

    ``unit_id`` is the unit that follows it now; ``project_id`` the project it became.
    """

    __tablename__ = "lead"
    __table_args__ = (
        UniqueConstraint("zone_id", "number"),
        zone_key("investor_id", "investor"),
        zone_key("first_unit_id", "responsible_unit"),
        zone_key("unit_id", "responsible_unit"),
        zone_key("officer_id", "user_account"),
        zone_key("project_id", "project"),
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("amount_fen BETWEEN 0 AND 1000000000000000", name="amount_fen"),
        CheckConstraint("(state = 'converted') = (project_id IS NOT NULL)", name="converted"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_lead_state", "zone_id", "state", "unit_id"),
        Index("ix_lead_name_key", "zone_id", "name_key"),
        Index("ix_lead_investor_key", "zone_id", "investor_key"),
        Index("ix_lead_reported", "zone_id", "reported_at", "id"),
        Index("ix_lead_project", "zone_id", "project_id"),
    )

    number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120))
    name_pinyin: Mapped[str] = mapped_column(String(200))
    investor_name: Mapped[str] = mapped_column(String(120))
    investor_key: Mapped[str] = mapped_column(String(120))
    """``app.leads.rules.company_key`` of the name: without 有限公司 and the like."""
    investor_pinyin: Mapped[str] = mapped_column(String(200))
    investor_id: Mapped[int | None] = mapped_column(BigInteger)
    uscc: Mapped[str | None] = mapped_column(String(18))
    origin: Mapped[str | None] = mapped_column(String(40))
    content: Mapped[str] = mapped_column(String(2000), default="")
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[LeadSource] = mapped_column(choice(LeadSource))
    contact_name: Mapped[str] = mapped_column(String(40), default="")
    contact_title: Mapped[str] = mapped_column(String(40), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    first_unit_id: Mapped[int] = mapped_column(BigInteger)
    reported_by: Mapped[int | None] = mapped_column(BigInteger)
    reported_name: Mapped[str] = mapped_column(String(60))
    reported_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    unit_id: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    """When ``unit_id`` got it, by registration or transfer: its clocks start here."""
    officer_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[LeadState] = mapped_column(choice(LeadState), default=LeadState.open)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    assessed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    assessment: Mapped[str] = mapped_column(String(500), default="")
    progressed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    """The last real progress: a save that changes nothing does not move it."""
    protected_until: Mapped[dt.date] = mapped_column(Date)
    """The last day of protection that was promised; progress may carry it on (``rules.protected_to``)."""
    likeness_reason: Mapped[str] = mapped_column(String(200), default="")
    """Why it was registered although it resembles another record."""
    project_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer, default=1)

    unit: Mapped[ResponsibleUnit] = relationship(
        viewonly=True, lazy="raise", foreign_keys="[Lead.zone_id, Lead.unit_id]"
    )
    first_unit: Mapped[ResponsibleUnit] = relationship(
        viewonly=True, lazy="raise", foreign_keys="[Lead.zone_id, Lead.first_unit_id]"
    )


class LeadDecision(ZoneRow, Base):
    """A decision on record: transfer, dispute, extension or lapse, with its reason and who took it."""

    __tablename__ = "lead_decision"
    __table_args__ = (
        zone_key("lead_id", "lead"),
        zone_key("from_unit_id", "responsible_unit"),
        zone_key("to_unit_id", "responsible_unit"),
        CheckConstraint("kind IN ('transfer', 'dispute', 'extend', 'lapse')", name="kind"),
        CheckConstraint("length(reason) > 0", name="reason"),
        Index("ix_lead_decision_lead", "zone_id", "lead_id"),
    )

    lead_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    from_unit_id: Mapped[int] = mapped_column(BigInteger)
    to_unit_id: Mapped[int | None] = mapped_column(BigInteger)
    until_on: Mapped[dt.date | None] = mapped_column(Date)
    """The last day of an extended protection."""
    reason: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_name: Mapped[str] = mapped_column(String(60))
    decided_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class LeadClock(Base):
    """The zone's clocks for leads; a zone without a row uses the defaults (domain.md §1.3, §7.2)."""

    __tablename__ = "lead_clock"
    __table_args__ = (
        CheckConstraint("answer_days BETWEEN 1 AND 365", name="answer_days"),
        CheckConstraint("assess_days BETWEEN 1 AND 365", name="assess_days"),
        CheckConstraint("report_days BETWEEN 1 AND 365", name="report_days"),
        CheckConstraint("protect_days BETWEEN 1 AND 1095", name="protect_days"),
        CheckConstraint("shared IN (0, 1)", name="shared"),
    )

    zone_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("zone.id"), primary_key=True, autoincrement=False
    )
    answer_days: Mapped[int] = mapped_column(Integer, default=1)
    assess_days: Mapped[int] = mapped_column(Integer, default=3)
    report_days: Mapped[int] = mapped_column(Integer, default=14)
    protect_days: Mapped[int] = mapped_column(Integer, default=180)
    shared: Mapped[int] = mapped_column(Integer, default=0)
    """1: units see each other's leads in full; 0: only their own, and masked look-alikes of others."""
