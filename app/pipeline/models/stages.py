"""The history of a project's stages, the gates before them, what was handed in for them, and requests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice
from app.pipeline.rules import GateKind, How, ReasonKind, RequestState, Stage


class StageChange(ZoneRow, Base):
    """One step of a project's history: on ``effective_on`` it came to ``to_stage``.

    ``seq`` counts a project's rows; days never fall from one to the next, so the stage on a day is that of
    the last row up to it. A corrected date (合同签订日期, 开工日期 …) corrects the row's day; rows stay.
    """

    __tablename__ = "stage_change"
    __table_args__ = (
        zone_key("project_id", "project"),
        zone_key("request_id", "stage_request"),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("from_stage IS NULL OR from_stage <> to_stage", name="moves"),
        Index("ix_stage_change_project", "zone_id", "project_id", "effective_on", "seq", "to_stage"),
        Index("ix_stage_change_owed", "zone_id", "project_id", "to_stage", sqlite_where=text("owes > 0"), postgresql_where=text("owes > 0")),
    )  # fmt: skip

    project_id: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(Integer)
    from_stage: Mapped[Stage | None] = mapped_column(choice(Stage, name="from_stage"))
    to_stage: Mapped[Stage] = mapped_column(choice(Stage, name="to_stage"))
    effective_on: Mapped[dt.date] = mapped_column(Date)
    how: Mapped[How] = mapped_column(choice(How))
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    person_name: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    reason_code: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(60), default="")
    """The reason in the words of its list on that day."""
    remark: Mapped[str] = mapped_column(String(500), default="")
    went_to: Mapped[str] = mapped_column(String(120), default="")
    """流向: where a lost project went."""
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    owed: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What the gate asked for and was not there: ``[{"stage", "kind", "code", "label"}]``; never rewritten."""
    owes: Mapped[int] = mapped_column(Integer, default=0)
    """Length of ``owed``."""


class GateItem(ZoneRow, Base):
    """One line of the zone's own gate table; see ``rules.gates.Item``. Switched off ones ask for nothing."""

    __tablename__ = "gate_item"
    __table_args__ = (
        UniqueConstraint("zone_id", "stage", "kind", "code"),
        CheckConstraint("length(label) > 0", name="label"),
        CheckConstraint("length(code) > 0", name="code"),
        CheckConstraint("least BETWEEN 1 AND 20", name="least"),
    )

    stage: Mapped[Stage] = mapped_column(choice(Stage))
    kind: Mapped[GateKind] = mapped_column(choice(GateKind))
    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(40))
    hint: Mapped[str] = mapped_column(String(60), default="")
    required: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=True)
    active: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=True)
    least: Mapped[int] = mapped_column(Integer, default=1)
    position: Mapped[int] = mapped_column(Integer, default=0)


class ProjectPaper(ZoneRow, Base):
    """A file of a project handed in as the paper ``code`` of a gate; counts as long as the file is there."""

    __tablename__ = "project_paper"
    __table_args__ = (
        UniqueConstraint("zone_id", "file_id"),
        zone_key("project_id", "project"),
        zone_key("file_id", "stored_file"),
        CheckConstraint("length(code) > 0", name="code"),
        Index("ix_project_paper_project", "zone_id", "project_id", "code"),
    )

    project_id: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(40))
    file_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[str] = mapped_column(String(60), default="")
    issued_on: Mapped[dt.date | None] = mapped_column(Date)
    handed_name: Mapped[str] = mapped_column(String(60))
    handed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Approval(ZoneRow, Base):
    """A reviewer's consent to one item of a gate for one project."""

    __tablename__ = "gate_approval"
    __table_args__ = (
        UniqueConstraint("zone_id", "project_id", "code"),
        zone_key("project_id", "project"),
        zone_key("reviewer_id", "user_account"),
        CheckConstraint("length(code) > 0", name="code"),
    )

    project_id: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(40))
    reviewer_id: Mapped[int] = mapped_column(BigInteger)
    reviewer_name: Mapped[str] = mapped_column(String(60))
    approved_on: Mapped[dt.date] = mapped_column(Date)
    remark: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class StageReason(ZoneRow, Base):
    """One line of the zone's own list of reasons; see ``rules.gates.Reason``."""

    __tablename__ = "stage_reason"
    __table_args__ = (
        UniqueConstraint("zone_id", "kind", "code"),
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("length(code) > 0", name="code"),
    )

    kind: Mapped[ReasonKind] = mapped_column(choice(ReasonKind))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    active: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=True)
    position: Mapped[int] = mapped_column(Integer, default=0)


class StageRequest(ZoneRow, Base):
    """An officer asks for what the road does not allow alone: back to an earlier stage, or ahead with papers owed.

    A reviewer who is not the asker decides; at most one waits for a project.
    """

    __tablename__ = "stage_request"
    __table_args__ = (
        zone_key("project_id", "project"),
        zone_key("asked_by", "user_account"),
        zone_key("decided_by", "user_account"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by OR state = 'withdrawn'", name="not_own"),
        CheckConstraint("from_stage <> to_stage", name="moves"),
        Index("uq_stage_request_waiting", "zone_id", "project_id", unique=True, sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
        Index("ix_stage_request_queue", "zone_id", "state", "asked_at"),
        Index("ix_stage_request_project", "zone_id", "project_id"),
    )  # fmt: skip

    project_id: Mapped[int] = mapped_column(BigInteger)
    from_stage: Mapped[Stage] = mapped_column(choice(Stage, name="from_stage"))
    to_stage: Mapped[Stage] = mapped_column(choice(Stage, name="to_stage"))
    effective_on: Mapped[dt.date] = mapped_column(Date)
    reason_code: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(60), default="")
    remark: Mapped[str] = mapped_column(String(500), default="")
    asked_by: Mapped[int] = mapped_column(BigInteger)
    asked_name: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    state: Mapped[RequestState] = mapped_column(choice(RequestState), default=RequestState.waiting)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_name: Mapped[str] = mapped_column(String(60), default="")
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(500), default="")
    """What the reviewer said."""
