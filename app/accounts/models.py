"""Zones, users and their sign-in sessions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.rules import Role
from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice
from app.kernel.ids import new_id


class Zone(Base):
    """A development zone, with what it has chosen for its statistics and its brief."""

    __tablename__ = "zone"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("cutoff_day BETWEEN 0 AND 28", name="cutoff_day"),
        CheckConstraint("brief_masthead IN ('jianbao', 'tongbao')", name="brief_masthead"),
        CheckConstraint("draft_day BETWEEN 1 AND 28", name="draft_day"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=new_id)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    province: Mapped[str] = mapped_column(String(20), default="新疆维吾尔自治区")
    number_prefix: Mapped[str] = mapped_column(String(20), default="")
    cutoff_day: Mapped[int] = mapped_column(Integer, default=0)
    by_recognition: Mapped[str] = mapped_column(String(80), default="")
    """Kinds of facts counted on the day of recognition, separated by commas (figures.md §1)."""
    brief_masthead: Mapped[str] = mapped_column(String(10), default="jianbao")
    brief_office: Mapped[str] = mapped_column(String(60), default="")
    brief_report_to: Mapped[str] = mapped_column(String(200), default="")
    brief_send_to: Mapped[str] = mapped_column(String(200), default="")
    brief_issue_to: Mapped[str] = mapped_column(String(200), default="")
    brief_copies: Mapped[int] = mapped_column(Integer, default=0)
    brief_total_before: Mapped[int | None] = mapped_column(Integer)
    """总期数 issued before January of ``brief_total_year``; None: no 总第n期 is printed."""
    brief_total_year: Mapped[int | None] = mapped_column(Integer)
    brief_prefix: Mapped[str] = mapped_column(String(20), default="")
    """机关代字 before 〔2026〕n号 of a 通报."""
    brief_outline: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    """The zone's sections ``[{"key", "name", "on"}]``; None: the system's."""
    brief_words: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """The zone's own words for cases of the brief's sentences; None, or a case that is not there: the system's."""
    draft_day: Mapped[int | None] = mapped_column(Integer)
    """The day on which last month's brief is made by itself; None: never."""
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class UserAccount(ZoneRow, Base):
    """A person who signs in; belongs to one zone, and to a responsible unit or to none."""

    __tablename__ = "user_account"
    __table_args__ = (
        zone_key("unit_id", "responsible_unit"),
        CheckConstraint("length(login) BETWEEN 2 AND 40", name="login"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(60), default="")
    role: Mapped[Role] = mapped_column(choice(Role))
    unit_id: Mapped[int | None] = mapped_column(BigInteger)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When the person chose the password; None: it was given for one sign-in and must be changed."""
    active: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class UserSession(ZoneRow, Base):
    """A signed-in browser, kept on the server; the cookie holds a random token, the table its hash."""

    __tablename__ = "user_session"
    __table_args__ = (
        zone_key("user_id", "user_account"),
        Index("ix_user_session_user", "zone_id", "user_id"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    csrf_secret: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")
