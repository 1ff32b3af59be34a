"""Saved views of the project list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime


class ProjectView(ZoneRow, Base):
    """保存的视图 of the project list: a name for a filter, an order and columns; ``shared`` shows it to the zone."""

    __tablename__ = "project_view"
    __table_args__ = (
        UniqueConstraint("zone_id", "owner_id", "name"),
        zone_key("owner_id", "user_account"),
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("version >= 1", name="version"),
    )

    owner_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(20))
    shared: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``{"filter": {parameter: [values]}, "sort": …, "dir": …, "columns": […]}``; see ``rules.views``."""
    version: Mapped[int] = mapped_column(Integer, default=1)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ProjectViewUse(ZoneRow, Base):
    """How one person uses a view (None: the list without one): own columns, and whether it opens first."""

    __tablename__ = "project_view_use"
    __table_args__ = (
        UniqueConstraint("zone_id", "user_id", "view_id"),
        zone_key("user_id", "user_account"),
        zone_key("view_id", "project_view"),
        CheckConstraint("view_id IS NOT NULL OR NOT opens_first", name="opens_first"),
        Index("uq_project_view_use_plain", "zone_id", "user_id", unique=True, sqlite_where=text("view_id IS NULL"), postgresql_where=text("view_id IS NULL")),
        Index("uq_project_view_use_first", "zone_id", "user_id", unique=True, sqlite_where=text("opens_first"), postgresql_where=text("opens_first")),
        Index("ix_project_view_use_view", "zone_id", "view_id"),
    )  # fmt: skip

    user_id: Mapped[int] = mapped_column(BigInteger)
    view_id: Mapped[int | None] = mapped_column(BigInteger)
    columns: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """The person's own choice and order; None: those of the view."""
    opens_first: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=False)
