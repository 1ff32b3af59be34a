"""Investors, the people to talk to there, the names they had, and what was merged into what."""

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
from app.db.types import UtcDateTime, choice
from app.directory.rules import pinyin_key
from app.investors.rules import InvestorType, NameKind
from app.kernel.text import name_key


def _pinyin_of_name(context: Any) -> str:
    return pinyin_key(context.get_current_parameters()["name"])


def _key_of_name(context: Any) -> str:
    return name_key(context.get_current_parameters()["name"])


class Investor(ZoneRow, Base):
    """企业: one row per company; the USCC is unique where there is one.

    A row that was merged (已并入) holds nothing any more but its name, its code and its history;
    ``merged_into_id`` always leads to a row that is not merged itself.
    """

    __tablename__ = "investor"
    __table_args__ = (
        UniqueConstraint("zone_id", "uscc"),
        zone_key("parent_id", "investor"),
        zone_key("merged_into_id", "investor"),
        Index("ix_investor_name_key", "zone_id", "name_key"),
        Index("ix_investor_parent", "zone_id", "parent_id"),
        Index("ix_investor_merged", "zone_id", "merged_into_id", "name_pinyin", "id"),
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("uscc IS NULL OR length(uscc) = 18", name="uscc"),
        CheckConstraint("parent_id <> id", name="parent"),
        CheckConstraint("merged_into_id <> id", name="merged"),
        CheckConstraint("(merged_into_id IS NULL) = (merged_at IS NULL)", name="merged_at"),
        CheckConstraint("merged_into_id IS NULL OR parent_id IS NULL", name="merged_parent"),
        CheckConstraint("version >= 1", name="version"),
    )

    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120))
    name_pinyin: Mapped[str] = mapped_column(String(200), default=_pinyin_of_name)
    uscc: Mapped[str | None] = mapped_column(String(18))
    origin: Mapped[str | None] = mapped_column(String(40))
    """Province (full name) or country of the investor; see ``app.directory.rules.read_origin``."""
    investor_type: Mapped[InvestorType] = mapped_column(choice(InvestorType), default=InvestorType.unknown)
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    """母公司: the company of the same zone that it belongs to."""
    merged_into_id: Mapped[int | None] = mapped_column(BigInteger)
    merged_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class FormerName(ZoneRow, Base):
    """A name under which the company is found besides its own: 曾用名 or 简称."""

    __tablename__ = "former_name"
    __table_args__ = (
        UniqueConstraint("zone_id", "investor_id", "name_key"),
        zone_key("investor_id", "investor"),
        CheckConstraint("length(name) > 0", name="name"),
        Index("ix_former_name_key", "zone_id", "name_key"),
    )

    investor_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[NameKind] = mapped_column(choice(NameKind))
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120), default=_key_of_name)
    name_pinyin: Mapped[str] = mapped_column(String(200), default=_pinyin_of_name)
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Contact(ZoneRow, Base):
    """联系人 of a company; at most one is the main one. ``phone`` is shown masked to everybody."""

    __tablename__ = "contact"
    __table_args__ = (
        zone_key("investor_id", "investor"),
        zone_key("recorded_by", "user_account"),
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_contact_investor", "zone_id", "investor_id"),
        Index("uq_contact_main", "zone_id", "investor_id", unique=True, sqlite_where=text("main"), postgresql_where=text("main")),
    )  # fmt: skip

    investor_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    wechat: Mapped[str] = mapped_column(String(60), default="")
    """微信 or e-mail."""
    note: Mapped[str] = mapped_column(String(200), default="")
    main: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=False)
    off_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """Since when the person is no longer to be asked (已停用); the row stays."""
    recorded_by: Mapped[int | None] = mapped_column(BigInteger)
    recorded_name: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)


class InvestorMerge(ZoneRow, Base):
    """One merge of two rows: what both said, what moved, and how much there was, so that it can be undone."""

    __tablename__ = "investor_merge"
    __table_args__ = (
        zone_key("kept_id", "investor"),
        zone_key("merged_id", "investor"),
        CheckConstraint("kept_id <> merged_id", name="two"),
        Index("ix_investor_merge_kept", "zone_id", "kept_id", "merged_at"),
        Index("ix_investor_merge_merged", "zone_id", "merged_id", "merged_at"),
    )

    kept_id: Mapped[int] = mapped_column(BigInteger)
    merged_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200))
    merged_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    merged_by: Mapped[int | None] = mapped_column(BigInteger)
    merged_name: Mapped[str] = mapped_column(String(60))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The fields of both rows as they were: ``{"kept": {…}, "merged": {…}}``."""
    moved: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Ids of what moved, by kind of record."""
    standing: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Afterwards: the versions of both rows, and how many records of each kind the kept one had."""
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    undone_name: Mapped[str] = mapped_column(String(60), default="")
