"""Briefs that were made."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow
from app.db.types import UtcDateTime, choice


class BriefState(StrEnum):
    """Where the making of a brief stands."""

    making = "making"
    ready = "ready"
    failed = "failed"


class Brief(ZoneRow, Base):
    """One PDF of one month; every making is a row of its own, the newest ready one is shown.

    ``snapshot`` is the frozen content it was printed from, ``sha256`` that of the file.
    """

    __tablename__ = "brief"
    __table_args__ = (
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("(state = 'ready') = (sha256 IS NOT NULL)", name="ready"),
        Index("ix_brief_month", "zone_id", "year", "month", "made_at"),
    )

    year: Mapped[int] = mapped_column(Integer)
    month: Mapped[int] = mapped_column(Integer)
    state: Mapped[BriefState] = mapped_column(choice(BriefState))
    percent: Mapped[int] = mapped_column(Integer, default=0)
    step: Mapped[str] = mapped_column(String(300), default="")
    """What is being done, or why it failed, in Chinese."""
    pages: Mapped[int] = mapped_column(Integer, default=0)
    sha256: Mapped[str | None] = mapped_column(String(64))
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    made_name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
