"""The journal: closes of months, the entries they posted, and waivers. Append-only: triggers refuse all else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow
from app.db.types import UtcDateTime, choice
from app.journal.rules import CloseAction, FactKind, Why


class MonthClose(ZoneRow, Base):
    """关账, or the reopening (重开) of a closed month: one step of the zone's books, numbered without a gap.

    ``hash`` covers this row, its entries in their order, and the hash of the step before. A step is written
    after its entries, so that the database refuses entries for a step that stands.
    """

    __tablename__ = "month_close"
    __table_args__ = (
        UniqueConstraint("zone_id", "seq"),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("since <= until", name="days"),
        CheckConstraint("action = 'close' OR (entries = 0 AND length(reason) > 0)", name="reopening"),
        CheckConstraint("entries = posted + reversed AND posted >= 0 AND reversed >= 0", name="entries"),
        CheckConstraint("length(hash) = 64 AND length(prev_hash) = 64", name="hash"),
        Index("ix_month_close_month", "zone_id", "year", "month", "seq"),
    )

    seq: Mapped[int] = mapped_column(BigInteger)
    action: Mapped[CloseAction] = mapped_column(choice(CloseAction))
    year: Mapped[int] = mapped_column(Integer)
    month: Mapped[int] = mapped_column(Integer)
    since: Mapped[dt.date] = mapped_column(Date)
    """First day of the statistical month, as the zone cut it off then."""
    until: Mapped[dt.date] = mapped_column(Date)
    cutoff_day: Mapped[int] = mapped_column(Integer)
    by_recognition: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    user_name: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(200), default="")
    """Why a month was reopened; empty for a close."""
    entries: Mapped[int] = mapped_column(BigInteger, default=0)
    posted: Mapped[int] = mapped_column(BigInteger, default=0)
    reversed: Mapped[int] = mapped_column(BigInteger, default=0)
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """The checklist as it stood, with the waivers that it was closed on; see ``app.closing.rules``."""
    lists: Mapped[dict[str, list[list[Any]]]] = mapped_column(JSON, default=dict)
    """Units, areas, chains, segments and targets as they stood, so that later renames move nothing."""
    alg: Mapped[str] = mapped_column(String(16))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    marks: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    """Eight bytes of each entry's own hash, in order: they tell which entry was touched."""


class JournalEntry(Base):
    """分录: a fact posted (``sign`` 1) or reversed (−1) by the step ``seq``, with all it had on that day.

    A reversal has the values of the entry it takes back, so that sums over ``sign`` × value need no pairing.
    Columns up to ``output_fen`` are those of ``app.journal.facts``. Amounts are fen.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["zone_id", "seq"],
            ["month_close.zone_id", "month_close.seq"],
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("line >= 1", name="line"),
        CheckConstraint("sign IN (-1, 1)", name="sign"),
        CheckConstraint("counts IN (0, 1)", name="counts"),
        CheckConstraint("big IN (0, 1)", name="big"),
        Index("ix_journal_entry_fact", "zone_id", "kind", "record_id", "part", "seq", "sign"),
        Index(
            "ix_journal_entry_day",
            "zone_id",
            "kind",
            "on_day",
            "seq",
            "sign",
            "big",
            "ended_on",
            "counts",
            "amount_fen",
            "unit_id",
            "source",
        ),
    )

    zone_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sign: Mapped[int] = mapped_column(Integer)
    why: Mapped[Why] = mapped_column(choice(Why))
    changed: Mapped[str] = mapped_column(String(200), default="")
    """Columns that differ between a reversal and the entry posted with it, separated by commas."""
    kind: Mapped[FactKind] = mapped_column(choice(FactKind))
    record_id: Mapped[int] = mapped_column(BigInteger)
    part: Mapped[int] = mapped_column(BigInteger, default=0)
    """The unit of a share of a divided arrival, else 0."""
    project_id: Mapped[int] = mapped_column(BigInteger)
    on_day: Mapped[dt.date] = mapped_column(Date)
    counts: Mapped[int] = mapped_column(Integer)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    big: Mapped[int] = mapped_column(Integer)
    ended_on: Mapped[dt.date | None] = mapped_column(Date)
    unit_id: Mapped[int] = mapped_column(BigInteger)
    area_id: Mapped[int | None] = mapped_column(BigInteger)
    chain_id: Mapped[int | None] = mapped_column(BigInteger)
    segment_id: Mapped[int | None] = mapped_column(BigInteger)
    industry: Mapped[str | None] = mapped_column(String(5))
    origin: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(16))
    investor_type: Mapped[str | None] = mapped_column(String(16))
    output_fen: Mapped[int | None] = mapped_column(BigInteger)
    """预计年产值 of the project; with its formal contract only."""
    number: Mapped[str] = mapped_column(String(40))
    project: Mapped[str] = mapped_column(String(120))
    investor: Mapped[str] = mapped_column(String(120))
    voucher: Mapped[str | None] = mapped_column(String(60))


class CloseWaiver(ZoneRow, Base):
    """豁免: a named person takes an open item of a month's checklist upon himself, with a reason.

    ``subject_id`` is the row of the item, None for all ``rows`` that were open. It holds for that month only.
    """

    __tablename__ = "close_waiver"
    __table_args__ = (
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("length(reason) > 0", name="reason"),
        CheckConstraint("rows >= 1", name="rows"),
        Index("ix_close_waiver_month", "zone_id", "year", "month"),
    )

    year: Mapped[int] = mapped_column(Integer)
    month: Mapped[int] = mapped_column(Integer)
    item: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    subject: Mapped[str] = mapped_column(String(200))
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger, default=1)
    reason: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    user_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
