"""上报表 and what was filled from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice
from app.journal.rules import Basis


class ReportForm(ZoneRow, Base):
    """上报表: a superior's workbook with what its columns and cells are tied to.

    The workbook is kept by its SHA-256, so that a copy shares it and a running job finds what it was asked for.
    ``layout`` is how its sheets look (``reporting.workbook.looking``), ``setup`` holds a ``SheetSetup`` by sheet.
    """

    __tablename__ = "report_form"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("version >= 1", name="version"),
        Index(
            "uq_report_form_name",
            "zone_id",
            "name",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    name: Mapped[str] = mapped_column(String(60))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    layout: Mapped[dict[str, Any]] = mapped_column(JSON)
    setup: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer, default=1)
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    made_name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_name: Mapped[str] = mapped_column(String(60))
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class ReportFill(ZoneRow, Base):
    """填报: a form filled for one month. ``setup`` and ``sha256`` are those of the moment it was asked for."""

    __tablename__ = "report_fill"
    __table_args__ = (
        zone_key("form_id", "report_form"),
        Index("ix_report_fill_form", "zone_id", "form_id", "made_at"),
    )

    form_id: Mapped[int] = mapped_column(BigInteger)
    form_name: Mapped[str] = mapped_column(String(60))
    form_version: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    setup: Mapped[dict[str, Any]] = mapped_column(JSON)
    year: Mapped[int] = mapped_column(Integer)
    month: Mapped[int] = mapped_column(Integer)
    basis: Mapped[Basis] = mapped_column(choice(Basis), default=Basis.live, server_default="live")
    """What its amounts are read from: today's records, or the books of the month."""
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """``{"rows", "cells", "checks"}`` once it is filled; None before."""
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    made_name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
