"""Activities and tasks."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.activities.rules import ActivityKind
from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice


class Activity(ZoneRow, Base):
    """活动. May stand alone, and be linked to a lead, a project or an investor later."""

    __tablename__ = "activity"
    __table_args__ = (
        zone_key("project_id", "project"),
        zone_key("lead_id", "lead"),
        zone_key("investor_id", "investor"),
        zone_key("unit_id", "responsible_unit"),
        CheckConstraint("length(text) > 0", name="text"),
        CheckConstraint("people BETWEEN 0 AND 10000", name="people"),
        CheckConstraint("days BETWEEN 0 AND 400", name="days"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_activity_project", "zone_id", "project_id", "on_day"),
        Index("ix_activity_lead", "zone_id", "lead_id", "on_day"),
        Index("ix_activity_investor", "zone_id", "investor_id", "on_day"),
        Index("ix_activity_day", "zone_id", "on_day", "id"),
    )

    kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind))
    on_day: Mapped[dt.date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(String(2000))
    place: Mapped[str] = mapped_column(String(120), default="")
    participants: Mapped[str] = mapped_column(String(200), default="")
    people: Mapped[int | None] = mapped_column(Integer)
    """How many of ours went, for the count of people and days that zones report."""
    days: Mapped[int | None] = mapped_column(Integer)
    project_id: Mapped[int | None] = mapped_column(BigInteger)
    lead_id: Mapped[int | None] = mapped_column(BigInteger)
    investor_id: Mapped[int | None] = mapped_column(BigInteger)
    unit_id: Mapped[int | None] = mapped_column(BigInteger)
    logged_by: Mapped[int | None] = mapped_column(BigInteger)
    logged_name: Mapped[str] = mapped_column(String(60))
    logged_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When it was taken back; a withdrawn activity counts nowhere and stays readable."""
    withdrawn_name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    version: Mapped[int] = mapped_column(Integer, default=1)


class Task(ZoneRow, Base):
    """下一步: something somebody has to do by a day; usually the next step of an activity."""

    __tablename__ = "task"
    __table_args__ = (
        zone_key("activity_id", "activity"),
        zone_key("project_id", "project"),
        zone_key("lead_id", "lead"),
        zone_key("owner_id", "user_account"),
        CheckConstraint("length(text) > 0", name="text"),
        Index("ix_task_owner", "zone_id", "owner_id", "done_at", "due_on"),
        Index("ix_task_project", "zone_id", "project_id", "done_at"),
    )

    text: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[dt.date] = mapped_column(Date)
    owner_id: Mapped[int] = mapped_column(BigInteger)
    activity_id: Mapped[int | None] = mapped_column(BigInteger)
    project_id: Mapped[int | None] = mapped_column(BigInteger)
    lead_id: Mapped[int | None] = mapped_column(BigInteger)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done_name: Mapped[str] = mapped_column(String(60), default="")
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When its activity was taken back; nothing is to be done any more."""
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
