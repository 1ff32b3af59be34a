"""Reading zones, people and sign-in sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, exists, select, text
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, UserSession, Zone
from app.accounts.rules import Role
from app.kernel.errors import NotFoundError


@dataclass(frozen=True)
class SignedIn:
    """A live sign-in session with its person and zone."""

    session: UserSession
    user: UserAccount
    zone: Zone


def find_signed_in(
    session: Session, token_hash: str, *, now: dt.datetime, idle: dt.timedelta
) -> SignedIn | None:
    """The person behind a token; None when it is unknown, timed out, or the account is disabled. One query."""
    query = (
        select(UserSession, UserAccount, Zone)
        .join(
            UserAccount,
            and_(UserAccount.zone_id == UserSession.zone_id, UserAccount.id == UserSession.user_id),
        )
        .join(Zone, Zone.id == UserSession.zone_id)
        .where(
            UserSession.token_hash == token_hash,
            UserSession.expires_at > now,
            UserSession.seen_at > now - idle,
            UserAccount.active,
        )
    )
    row = session.execute(query).one_or_none()
    return SignedIn(*row) if row else None


def find_by_login(session: Session, login: str) -> UserAccount | None:
    """The account of that sign-in name, in any zone."""
    return session.scalars(select(UserAccount).where(UserAccount.login == login)).one_or_none()


def find_zone(session: Session, name: str) -> Zone | None:
    """The zone of that name."""
    return session.scalars(select(Zone).where(Zone.name == name)).one_or_none()


def get_zone(session: Session, name: str) -> Zone:
    """The zone of that name. Raises ``NotFoundError`` naming those that exist."""
    zone = find_zone(session, name)
    if zone is None:
        names = "、".join(session.scalars(select(Zone.name).order_by(Zone.name))) or "（还没有）"
        raise NotFoundError(f"没有名为“{name}”的园区，已有：{names}")
    return zone


def has_zone(session: Session) -> bool:
    """Whether anything was set up yet."""
    return bool(session.scalar(select(exists().where(Zone.id.is_not(None)))))


def lock_first_run(session: Session) -> None:
    """Let one first run go on at a time; on SQLite a writing transaction is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE zone IN SHARE ROW EXCLUSIVE MODE"))


def list_users(session: Session, zone_id: int) -> list[UserAccount]:
    """The people of a zone: active ones first, by name."""
    query = select(UserAccount).where(UserAccount.zone_id == zone_id)
    return list(session.scalars(query.order_by(UserAccount.active.desc(), UserAccount.name, UserAccount.id)))


def get_user(session: Session, zone_id: int, user_id: int) -> UserAccount:
    """A person of the zone. Raises ``NotFoundError``."""
    user = session.get(UserAccount, (zone_id, user_id))
    if user is None:
        raise NotFoundError("没有这个用户")
    return user


def count_administrators(session: Session, zone_id: int, *, besides: int) -> int:
    """How many active administrators the zone has besides one person."""
    query = select(UserAccount.id).where(
        UserAccount.zone_id == zone_id,
        UserAccount.role == Role.administrator,
        UserAccount.active,
        UserAccount.id != besides,
    )
    return len(session.scalars(query).all())


def names_of(session: Session, zone_id: int, ids: Collection[int]) -> dict[int, str]:
    """Names of the people with those ids, those who left included."""
    if not ids:
        return {}
    query = select(UserAccount.id, UserAccount.name).where(
        UserAccount.zone_id == zone_id, UserAccount.id.in_(ids)
    )
    return {row.id: row.name for row in session.execute(query)}
