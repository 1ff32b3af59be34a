"""Investors."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow
from app.db.types import UtcDateTime, choice
from app.directory.rules import pinyin_key
from app.investors.rules import InvestorType


def _pinyin_of_name(context: Any) -> str:
    return pinyin_key(context.get_current_parameters()["name"])


class Investor(ZoneRow, Base):
    """企业: one row per company; the USCC is unique where there is one."""

    __tablename__ = "investor"
    __table_args__ = (
        UniqueConstraint("zone_id", "uscc"),
        Index("ix_investor_name_key", "zone_id", "name_key"),
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("uscc IS NULL OR length(uscc) = 18", name="uscc"),
        CheckConstraint("version >= 1", name="version"),
    )

    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120))
    name_pinyin: Mapped[str] = mapped_column(String(200), default=_pinyin_of_name)
    uscc: Mapped[str | None] = mapped_column(String(18))
    origin: Mapped[str | None] = mapped_column(String(40))
    """Province (full name) or country of the investor; see ``app.directory.rules.read_origin``."""
    investor_type: Mapped[InvestorType] = mapped_column(choice(InvestorType), default=InvestorType.unknown)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
