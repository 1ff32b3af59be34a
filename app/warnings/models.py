"""The zone's own thresholds, and excuses on record."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice
from app.warnings.rules import ExcuseState, Level, WarningKind


class WarningRule(Base):
    """One rule as the zone has set it; a rule without a row is as ``rules.DEFAULTS`` says."""

    __tablename__ = "warning_rule"
    __table_args__ = (
        CheckConstraint("yellow BETWEEN 0 AND 1095", name="yellow"),
        CheckConstraint("red BETWEEN yellow AND 1095", name="red"),
    )

    zone_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("zone.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[WarningKind] = mapped_column(choice(WarningKind), primary_key=True)
    active: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    yellow: Mapped[int] = mapped_column(Integer)
    red: Mapped[int] = mapped_column(Integer)
    """Days, months or points, as ``rules.KINDS`` says."""


class WarningExcuse(ZoneRow, Base):
    """情况说明: why a project is warned about for good reason, until when, and who has acknowledged it."""

    __tablename__ = "warning_excuse"
    __table_args__ = (
        zone_key("project_id", "project"),
        CheckConstraint("length(reason) > 0", name="reason"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="decider"),
        Index("ix_warning_excuse_project", "zone_id", "project_id", "kind", "state", "until_on"),
        Index("uq_warning_excuse_asked", "zone_id", "project_id", "kind", unique=True, sqlite_where=text("state = 'asked'"), postgresql_where=text("state = 'asked'")),
    )  # fmt: skip

    project_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[WarningKind] = mapped_column(choice(WarningKind))
    level: Mapped[Level] = mapped_column(choice(Level))
    """What the warning was when it was excused; a yellow one that turns red is warned about again."""
    reason: Mapped[str] = mapped_column(String(300))
    until_on: Mapped[dt.date] = mapped_column(Date)
    """The last day on which the excuse holds."""
    state: Mapped[ExcuseState] = mapped_column(choice(ExcuseState), default=ExcuseState.asked)
    asked_by: Mapped[int] = mapped_column(BigInteger)
    asked_name: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_name: Mapped[str] = mapped_column(String(60), default="")
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(300), default="")
    """What the decider said; required for a refusal."""
