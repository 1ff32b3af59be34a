"""People: adding, changing, disabling, and their passwords."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.models import UserAccount
from app.accounts.operations.passwords import hash_password, is_password, new_password
from app.accounts.operations.signing import close_sessions_of
from app.accounts.queries import count_administrators, find_by_login
from app.accounts.rules import Role, check_login, check_password
from app.audit.operations import note
from app.audit.rules import Actor, difference
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.text import clean, narrow


@dataclass(frozen=True)
class UserData:
    """What an administrator says about a person."""

    login: str
    name: str
    role: Role
    unit_id: int | None = None
    title: str = ""


def add_user(
    session: Session, actor: Actor, *, data: UserData, password: str | None = None
) -> tuple[UserAccount, str]:
    """Add a person to the actor's zone; returns the account and its password.

    Without ``password`` one is generated that must be changed at the first sign-in; a given one is the
    person's own and must be strong. Raises ``DomainError`` for a bad or taken sign-in name.
    """
    login = _checked(session, data, None)
    if password is not None:
        check_password(password, login=login)
    secret = new_password() if password is None else password
    now = clock.now()
    user = UserAccount(
        zone_id=actor.zone_id,
        login=login,
        name=clean(data.name),
        title=clean(data.title),
        role=data.role,
        unit_id=data.unit_id,
        password_hash=hash_password(secret),
        password_changed_at=None if password is None else now,
        active=True,
        failures=0,
        created_at=now,
    )
    session.add(user)
    session.flush()
    note(session, actor, action="add_user", entity="user_account", entity_id=user.id, after=_fields(user))
    return user, secret


def change_user(session: Session, actor: Actor, user: UserAccount, *, data: UserData) -> None:
    """Change what an administrator says about a person; a new role or unit ends the open sessions.

    Raises ``DomainError`` when it would leave the zone without an administrator.
    """
    login = _checked(session, data, user)
    if user.role is Role.administrator and data.role is not Role.administrator:
        _check_not_last(session, user)
    before = _fields(user)
    user.login, user.name, user.title = login, clean(data.name), clean(data.title)
    moved = (user.role, user.unit_id) != (data.role, data.unit_id)
    user.role, user.unit_id = data.role, data.unit_id
    session.flush()
    if moved:
        close_sessions_of(session, user)
    _note_change(session, actor, user, "change_user", before)


def disable_user(session: Session, actor: Actor, user: UserAccount) -> None:
    """Let the person sign in no more; what they have done stays. Raises ``DomainError`` for the last administrator."""
    if user.role is Role.administrator:
        _check_not_last(session, user)
    before = _fields(user)
    user.active = False
    session.flush()
    close_sessions_of(session, user)
    _note_change(session, actor, user, "disable_user", before)


def enable_user(session: Session, actor: Actor, user: UserAccount) -> None:
    """Let the person sign in again."""
    before = _fields(user)
    user.active = True
    user.failures, user.locked_until = 0, None
    session.flush()
    _note_change(session, actor, user, "enable_user", before)


def reset_password(session: Session, actor: Actor, user: UserAccount) -> str:
    """Give the person a password for one sign-in, and unlock the account; returns it, to be shown once."""
    secret = new_password()
    user.password_hash = hash_password(secret)
    user.password_changed_at = None
    user.failures, user.locked_until = 0, None
    session.flush()
    close_sessions_of(session, user)
    note(session, actor, action="reset_password", entity="user_account", entity_id=user.id)
    return secret


def change_own_password(
    session: Session, actor: Actor, user: UserAccount, *, old: str, password: str, session_id: int
) -> None:
    """Change the own password; every other sign-in session of the person ends.

    Raises ``DomainError`` when the old one is wrong or the new one weak or the same.
    """
    if not is_password(user.password_hash, old):
        raise DomainError("现在的密码不正确", "old")
    check_password(password, login=user.login)
    if password == old:
        raise DomainError("新密码不能与现在的密码相同", "password")
    user.password_hash = hash_password(password)
    user.password_changed_at = clock.now()
    session.flush()
    close_sessions_of(session, user, besides=session_id)
    note(session, actor, action="change_password", entity="user_account", entity_id=user.id)


def _checked(session: Session, data: UserData, user: UserAccount | None) -> str:
    """The sign-in name in its stored form, after checking it and the name."""
    login = narrow(data.login).casefold()
    check_login(login)
    if not clean(data.name):
        raise DomainError("请填写姓名", "name")
    other = find_by_login(session, login)
    if other is not None and other is not user:
        raise DomainError(f"登录名“{login}”已被使用，请换一个", "login")
    return login


def _check_not_last(session: Session, user: UserAccount) -> None:
    if not count_administrators(session, user.zone_id, besides=user.id):
        raise DomainError("这是本园区唯一的系统管理员，请先指定另一位管理员")


def _fields(user: UserAccount) -> dict[str, object]:
    names = ("login", "name", "title", "role", "unit_id", "active")
    return {name: getattr(user, name) for name in names}


def _note_change(
    session: Session, actor: Actor, user: UserAccount, action: str, before: dict[str, object]
) -> None:
    old, new = difference(before, _fields(user))
    note(session, actor, action=action, entity="user_account", entity_id=user.id, before=old, after=new)
