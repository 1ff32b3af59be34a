"""The audit log: append-only (triggers refuse UPDATE and DELETE), one chain of hashes a zone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow
from app.db.types import UtcDateTime


class AuditEntry(ZoneRow, Base):
    """One change: its actor by name as well, since people leave; ``before`` and ``after`` hold changed fields.

    ``seq`` counts from 1 in the zone without a gap; ``hash`` covers everything here and ``prev_hash``.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("zone_id", "seq"),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("length(prev_hash) = 64", name="prev_hash"),
        CheckConstraint("length(hash) = 64", name="hash"),
        Index("ix_audit_entry_entity", "zone_id", "entity", "entity_id", "at"),
    )

    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(60))
    session_id: Mapped[int | None] = mapped_column(BigInteger)
    address: Mapped[str] = mapped_column(String(64), default="")
    request_id: Mapped[str] = mapped_column(String(32), default="")
    action: Mapped[str] = mapped_column(String(40))
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    prev_hash: Mapped[str] = mapped_column(String(64))
    alg: Mapped[str] = mapped_column(String(16))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The last entry of each zone's chain: locked while the chain grows; shows that its end was cut off."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("seq >= 0", name="seq"),)

    zone_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("zone.id"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
