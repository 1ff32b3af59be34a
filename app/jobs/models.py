"""Long work that people asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow
from app.db.types import UtcDateTime, choice
from app.jobs.rules import IMPORTS, JobKind, JobState, workflow_id


class Job(ZoneRow, Base):
    """One piece of long work: who asked for it, what became of it.

    ``about_id`` is the record it works on (a brief, an import); ``slot`` marks what may exist once only, such as
    the month of a draft made by itself. How far a running job is, is said beside it (operations.tell), never here,
    so that telling it needs no lock of the database.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("attempt BETWEEN 1 AND 10", name="attempt"),
        CheckConstraint("(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished"),
        UniqueConstraint("zone_id", "kind", "slot"),
        Index("ix_job_made", "zone_id", "made_at"),
        Index("ix_job_mine", "zone_id", "made_by", "made_at"),
        Index("ix_job_state", "state", "made_at"),
    )

    kind: Mapped[JobKind] = mapped_column(choice(JobKind))
    title: Mapped[str] = mapped_column(String(160))
    state: Mapped[JobState] = mapped_column(choice(JobState), default=JobState.waiting)
    attempt: Mapped[int] = mapped_column(Integer, default=1)
    about_id: Mapped[int | None] = mapped_column(BigInteger)
    slot: Mapped[str | None] = mapped_column(String(40))
    arguments: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    said: Mapped[str] = mapped_column(String(300), default="")
    """What came of it, or why it failed, in Chinese."""
    file_name: Mapped[str | None] = mapped_column(String(200))
    """Under which name the file it made is downloaded; None: it made none, or the file was cleared away."""
    file_size: Mapped[int | None] = mapped_column(BigInteger)
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    made_name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    @property
    def workflow_id(self) -> str:
        """The name under which it runs this time."""
        about = None if self.kind in IMPORTS else self.about_id
        return workflow_id(self.kind, self.zone_id, self.slot or about or self.id, self.attempt)
