"""Files that hang on a record."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow
from app.db.types import UtcDateTime


class StoredFile(ZoneRow, Base):
    """附件: one upload on one record; the content lies in the instance folder under its SHA-256.

    ``entity`` and ``entity_id`` name the record (project, fund_arrival, activity, lead …): whoever may
    see the record may see the file. A removed file stays on record and in the store.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_entity", "zone_id", "entity", "entity_id"),
        Index("ix_stored_file_sha256", "zone_id", "sha256"),
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("size BETWEEN 1 AND 52428800", name="size"),
    )

    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(60), default="")
    """What it proves: 银行回单, 施工许可证, 现场照片 …"""
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[int | None] = mapped_column(BigInteger)
    uploaded_name: Mapped[str] = mapped_column(String(60))
    uploaded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    removed_name: Mapped[str] = mapped_column(String(60), default="")
    removed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
