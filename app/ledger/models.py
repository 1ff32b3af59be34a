"""Imports of ledgers, and what a zone's ledgers mean by their heads."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice
from app.ledger.rules.report import RowOf, Verdict


class BatchState(StrEnum):
    """Where an import stands."""

    reading = "reading"
    recognised = "recognised"
    judging = "judging"
    judged = "judged"
    writing = "writing"
    done = "done"
    undoing = "undoing"
    undone = "undone"
    failed = "failed"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "reading": "正在识别",
            "recognised": "待核对",
            "judging": "正在核对",
            "judged": "已核对，待写入",
            "writing": "正在写入",
            "done": "已导入",
            "undoing": "正在撤销",
            "undone": "已撤销",
            "failed": "未能读取",
        }[self.value]

    @property
    def running(self) -> bool:
        """Whether a job has it in hand."""
        return self in (BatchState.reading, BatchState.judging, BatchState.writing, BatchState.undoing)


class ImportBatch(ZoneRow, Base):
    """One uploaded ledger: its file, who sent it, what was found, and how far it is.

    ``recognition`` is what was found in the file (``Recognition.as_json``), ``answers`` what a person decided about
    its form (as the mapping file says it), ``edits`` cells put right in the browser ({"Sheet!K7": "text"}).
    ``report`` holds counts, notes and added lists of the last judging; the rows stand in ``import_row``.
    ``figures`` are those before and after, see ``operations.trial``; ``undo_report`` what an undo left as it was.
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
    recognition: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    edits: Mapped[dict[str, str] | None] = mapped_column(JSON)
    figures: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    undo_report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    confirmed_by: Mapped[int | None] = mapped_column(BigInteger)
    confirmed_name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(BigInteger)
    undone_name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    made_name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class ImportRow(ZoneRow, Base):
    """What becomes of one row of an uploaded ledger: a project with its months, an arrival, a target.

    ``changes`` [{head, cell, old, new}], ``problems`` [{cell, head, message}] and ``questions`` (see
    ``rules.report.Question``) as plain values. ``choice`` is None, "skip", or an answer by question. ``take`` says
    whether the row is written when the batch is.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        zone_key("batch_id", "import_batch"),
        UniqueConstraint("zone_id", "batch_id", "sheet", "row"),
        Index("ix_import_row_verdict", "zone_id", "batch_id", "verdict", "sheet", "row"),
    )

    batch_id: Mapped[int] = mapped_column(BigInteger)
    sheet: Mapped[str] = mapped_column(String(200))
    row: Mapped[int] = mapped_column(Integer)
    kind: Mapped[RowOf] = mapped_column(choice(RowOf))
    label: Mapped[str] = mapped_column(String(200))
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    choice: Mapped[str | dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    take: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=False)
    record_id: Mapped[int | None] = mapped_column(BigInteger)


class ImportImage(ZoneRow, Base):
    """One database row before and after a batch was written; None where it was not there. What undo works from."""

    __tablename__ = "import_image"
    __table_args__ = (
        zone_key("batch_id", "import_batch"),
        UniqueConstraint("zone_id", "batch_id", "table_name", "record_key"),
        CheckConstraint("NOT (before IS NULL AND after IS NULL)", name="something"),
    )

    batch_id: Mapped[int] = mapped_column(BigInteger)
    table_name: Mapped[str] = mapped_column(String(60))
    record_key: Mapped[str] = mapped_column(String(60))
    """The row's key without the zone; of several columns joined by commas."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


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
