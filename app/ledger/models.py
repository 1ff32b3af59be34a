"""Imports of ledgers, and what a zone's ledgers mean by their heads."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow
from app.db.types import UtcDateTime, choice


class BatchState(StrEnum):
    """Where an import stands."""

    reading = "reading"
    judged = "judged"
    writing = "writing"
    done = "done"
    refused = "refused"
    failed = "failed"


class ImportBatch(ZoneRow, Base):
    """One uploaded ledger: its file, who sent it, what was found, and how far it is.

    ``report`` is the verdict as ``app.ledger.rules.Report.as_json`` gives it.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index("ix_import_batch_made", "zone_id", "made_at"),
    )

    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[BatchState] = mapped_column(choice(BatchState))
    percent: Mapped[int] = mapped_column(Integer, default=0)
    step: Mapped[str] = mapped_column(String(200), default="")
    """What is being done, or why it failed, in Chinese."""
    add_lists: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=False)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    made_name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class LedgerHead(ZoneRow, Base):
    """What a zone's ledgers meant by a head when one was last taken in: found again without asking.

    ``head_key`` is the head with its group heads, folded (``app.ledger.rules.path_key``); ``field`` a head of the
    product's own form, or 附加列 or 不导入; ``unit`` empty where the file says it or it has none.
    """

    __tablename__ = "ledger_head"
    __table_args__ = (
        UniqueConstraint("zone_id", "head_key"),
        CheckConstraint("length(head_key) > 0", name="head_key"),
        CheckConstraint("length(field) > 0", name="field"),
    )

    head_key: Mapped[str] = mapped_column(String(200))
    field: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(10), default="")
    used_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
