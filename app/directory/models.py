"""The zone's own lists. An entry with ``off_at`` is switched off (停用): old records keep it, new ones cannot have it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime


class Area(ZoneRow, Base):
    """落地片区: a functional area of the zone."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("zone_id", "name"), CheckConstraint("length(name) > 0", name="name"))

    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer, default=0)
    off_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class ResponsibleUnit(ZoneRow, Base):
    """责任单位: who answers for a project."""

    __tablename__ = "responsible_unit"
    __table_args__ = (UniqueConstraint("zone_id", "name"), CheckConstraint("length(name) > 0", name="name"))

    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer, default=0)
    off_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Chain(ZoneRow, Base):
    """产业链, a taxonomy of the zone; ``leading`` ones are named in the brief's text (主导产业链)."""

    __tablename__ = "chain"
    __table_args__ = (UniqueConstraint("zone_id", "name"), CheckConstraint("length(name) > 0", name="name"))

    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer, default=0)
    off_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    leading: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=False)


class Segment(ZoneRow, Base):
    """链上环节, a part of one chain."""

    __tablename__ = "segment"
    __table_args__ = (
        UniqueConstraint("zone_id", "chain_id", "name"),
        zone_key("chain_id", "chain"),
        CheckConstraint("length(name) > 0", name="name"),
    )

    chain_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer, default=0)
