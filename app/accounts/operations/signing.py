"""Sign-in sessions: opening after a check, refreshing, closing."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, UserSession
from app.accounts.rules import is_locked, locked_after
from app.audit.operations import note
from app.audit.rules import Actor


def hash_token(token: str) -> str:
    """What the table keeps of a cookie's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def settle_sign_in(
    session: Session,
    user_id: tuple[int, int],
    *,
    fits: bool,
    now: dt.datetime,
    hours: int,
    address: str,
    agent: str,
    replaces: str | None = None,
) -> str | None:
    """Open a session for the person ``(zone_id, id)`` and return its token; None when sign-in is refused.

    ``replaces`` is the hash of the token this browser had before; that session ends.

    ``fits`` says whether the password was right. A wrong one is counted; the fifth in a row locks the
    account for a quarter of an hour. A locked or disabled account is refused even with the right one.
    """
    user = session.get_one(UserAccount, user_id, with_for_update=True)
    if not user.active or is_locked(user.locked_until, now):
        _note_refusal(session, user, address, "locked" if user.active else "disabled")
        return None
    if not fits:
        user.failures += 1
        user.locked_until = locked_after(user.failures, now)
        if user.locked_until:
            user.failures = 0
        _note_refusal(session, user, address, "wrong_password")
        return None
    user.failures = 0
    user.locked_until = None
    if replaces:
        session.execute(delete(UserSession).where(UserSession.token_hash == replaces))
    return _open_session(session, user, now=now, hours=hours, address=address, agent=agent)


def _open_session(
    session: Session, user: UserAccount, *, now: dt.datetime, hours: int, address: str, agent: str
) -> str:
    """A new session's token; the zone's sessions that have expired are cleared away."""
    session.execute(
        delete(UserSession).where(UserSession.zone_id == user.zone_id, UserSession.expires_at <= now)
    )
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            zone_id=user.zone_id,
            user_id=user.id,
            token_hash=hash_token(token),
            csrf_secret=secrets.token_hex(32),
            created_at=now,
            seen_at=now,
            expires_at=now + dt.timedelta(hours=hours),
            address=address[:64],
            agent=agent[:200],
        )
    )
    session.flush()
    note(
        session,
        _actor(user),
        action="sign_in",
        entity="user_account",
        entity_id=user.id,
        after={"address": address},
    )
    return token


def touch_session(session: Session, *, zone_id: int, session_id: int, now: dt.datetime) -> None:
    """Remember that the person is still there."""
    mine = UserSession.zone_id == zone_id, UserSession.id == session_id
    session.execute(update(UserSession).where(*mine).values(seen_at=now))


def close_session(session: Session, actor: Actor, *, session_id: int) -> None:
    """Sign out: the token is worthless from now on."""
    session.execute(
        delete(UserSession).where(UserSession.zone_id == actor.zone_id, UserSession.id == session_id)
    )
    if actor.user_id is not None:
        note(session, actor, action="sign_out", entity="user_account", entity_id=actor.user_id)


def close_sessions_of(session: Session, user: UserAccount, *, besides: int | None = None) -> None:
    """End the person's sign-in sessions, all or all but one."""
    query = delete(UserSession).where(UserSession.zone_id == user.zone_id, UserSession.user_id == user.id)
    session.execute(query if besides is None else query.where(UserSession.id != besides))


def _note_refusal(session: Session, user: UserAccount, address: str, reason: str) -> None:
    after = {"address": address, "reason": reason, "locked_until": user.locked_until}
    note(
        session, _actor(user), action="refuse_sign_in", entity="user_account", entity_id=user.id, after=after
    )


def _actor(user: UserAccount) -> Actor:
    return Actor(user.zone_id, user.id, user.name)
