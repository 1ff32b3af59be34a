"""What can be found."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow


class SearchEntry(ZoneRow, Base):
    """A record as it is found; ``id`` is the record's own.

    ``tokens`` is indexed by the engine's full-text index, which the migration makes and keeps by
    triggers (SQLite: FTS5 table ``search_fts``; PostgreSQL: a GIN index).
    """

    __tablename__ = "search_entry"
    __table_args__ = (Index("ix_search_entry_entity", "zone_id", "entity"),)

    entity: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    subtitle: Mapped[str] = mapped_column(String(300))
    target_id: Mapped[int] = mapped_column(BigInteger)
    """The record whose page is opened: the project of a contract or an arrival, else the record itself."""
    unit_id: Mapped[int | None] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)
    pinyin: Mapped[str] = mapped_column(Text)
    initials: Mapped[str] = mapped_column(Text)
    tokens: Mapped[str] = mapped_column(Text)
