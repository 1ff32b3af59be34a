"""Briefs: the document with its prose and its steps, and every PDF that was made of it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
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
)
from sqlalchemy.orm import Mapped, mapped_column

from app.briefs.rules import DocumentState
from app.db.base import Base, ZoneRow, zone_key
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
        zone_key("document_id", "brief_document"),
        Index("ix_brief_month", "zone_id", "year", "month", "made_at"),
        Index("ix_brief_document", "zone_id", "document_id"),
    )

    document_id: Mapped[int | None] = mapped_column(BigInteger)
    """The document it is printed from; None for one made straight from the records."""
    issues: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether the document is issued with this file."""

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


class BriefDocument(ZoneRow, Base):
    """One issue (期) of the brief as it is written: numbers frozen in ``snapshot``, prose in ``BriefParagraph``.

    ``outline`` is the order of the sections: ``[{"key", "name", "on"}]``. ``close_hash`` is the close of the
    month the numbers were read from, empty while they are live.
    """

    __tablename__ = "brief_document"
    __table_args__ = (
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("number BETWEEN 1 AND 999", name="number"),
        CheckConstraint("total BETWEEN 1 AND 99999", name="total"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint(
            "state NOT IN ('issued', 'archived') OR (sha256 IS NOT NULL AND code IS NOT NULL)", name="issued"
        ),
        UniqueConstraint("zone_id", "year", "month"),
        UniqueConstraint("zone_id", "year", "number"),
        UniqueConstraint("code"),
    )

    year: Mapped[int] = mapped_column(Integer)
    month: Mapped[int] = mapped_column(Integer)
    state: Mapped[DocumentState] = mapped_column(choice(DocumentState))
    number: Mapped[int] = mapped_column(Integer)
    """第n期 of the year."""
    total: Mapped[int | None] = mapped_column(Integer)
    """总第n期."""
    issued_on: Mapped[dt.date] = mapped_column(Date)
    """The day printed under the masthead."""
    outline: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    taken_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    """When the numbers were read."""
    close_hash: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[str | None] = mapped_column(String(40))
    """The document's own number, printed in its foot, once issued."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the issued file."""
    version: Mapped[int] = mapped_column(Integer, default=1)
    started_by: Mapped[int | None] = mapped_column(BigInteger)
    started_name: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class BriefParagraph(ZoneRow, Base):
    """A paragraph that a person wrote: in the place of a generated one (``key``), or free after one (``after``).

    ``runs`` is text and bound numbers, see ``app.briefs.rules.prose``.
    """

    __tablename__ = "brief_paragraph"
    __table_args__ = (
        zone_key("document_id", "brief_document"),
        UniqueConstraint("zone_id", "document_id", "key"),
        CheckConstraint("version >= 1", name="version"),
    )

    document_id: Mapped[int] = mapped_column(BigInteger)
    section: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(60))
    free: Mapped[bool] = mapped_column(Boolean)
    after: Mapped[str] = mapped_column(String(60), default="")
    """The paragraph before a free one; empty: it opens its section."""
    left_out: Mapped[bool] = mapped_column(Boolean, default=False)
    """A generated paragraph that is not printed."""
    runs: Mapped[list[Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer, default=1)
    written_by: Mapped[int | None] = mapped_column(BigInteger)
    written_name: Mapped[str] = mapped_column(String(60))
    written_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class BriefStep(ZoneRow, Base):
    """One step of a document: from which state to which, who, when, and what was said. Never changed."""

    __tablename__ = "brief_step"
    __table_args__ = (
        zone_key("document_id", "brief_document"),
        Index("ix_brief_step", "zone_id", "document_id"),
    )

    document_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[DocumentState] = mapped_column(choice(DocumentState))
    """The state reached."""
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    person_name: Mapped[str] = mapped_column(String(60))
    remark: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class BriefComment(ZoneRow, Base):
    """批注: what a signer wants changed in a paragraph, and what its writer did about it. Never printed."""

    __tablename__ = "brief_comment"
    __table_args__ = (
        zone_key("document_id", "brief_document"),
        CheckConstraint("length(text) > 0", name="text"),
        CheckConstraint("resolved_at IS NULL OR resolved_name IS NOT NULL", name="resolved"),
        Index("ix_brief_comment", "zone_id", "document_id"),
    )

    document_id: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(60))
    """Of the paragraph."""
    text: Mapped[str] = mapped_column(String(500))
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    made_name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    reply: Mapped[str] = mapped_column(String(500), default="")
    resolved_by: Mapped[int | None] = mapped_column(BigInteger)
    resolved_name: Mapped[str | None] = mapped_column(String(60))
    resolved_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
