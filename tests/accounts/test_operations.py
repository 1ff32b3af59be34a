"""People and zones: what an administrator does, and what the audit log keeps of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.accounts.models import UserSession
from app.accounts.operations import (
    UserData,
    ZoneData,
    add_user,
    add_zone,
    change_own_password,
    change_user,
    change_zone,
    disable_user,
    enable_user,
    is_password,
    new_password,
    reset_password,
    set_up,
    settle_sign_in,
)
from app.accounts.rules import Role, check_password
from app.audit.models import AuditEntry
from app.kernel import clock
from app.kernel.errors import ConflictError, DomainError
from tests.factories import PASSWORD, actor_of, make_unit, make_user, make_zone


@pytest.fixture
def zone(session):
    return make_zone(session)


@pytest.fixture
def boss(session, zone):
    return make_user(session, zone, Role.administrator)


def sign_in(session, user):
    token = settle_sign_in(
        session, (user.zone_id, user.id), fits=True, now=clock.now(), hours=1, address="", agent=""
    )
    assert token
    return token


def sessions_of(session, user):
    query = select(func.count()).select_from(UserSession).where(UserSession.user_id == user.id)
    return session.scalar(query)


def last_entry(session):
    session.commit()
    return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def test_a_person_gets_a_password_for_one_sign_in(session, zone, boss):
    unit = make_unit(session, zone)
    data = UserData(" Ｗu.Jianjun ", " 吴建军 ", Role.officer, unit.id, "招商专员")
    user, secret = add_user(session, actor_of(boss), data=data)
    assert (user.login, user.name, user.zone_id) == ("wu.jianjun", "吴建军", zone.id)
    assert user.password_changed_at is None
    assert is_password(user.password_hash, secret)
    assert not is_password(user.password_hash, secret + "x")
    entry = last_entry(session)
    assert (entry.action, entry.actor_name) == ("add_user", boss.name)
    assert secret not in str(entry.after)


def test_a_generated_password_is_strong_and_never_the_same():
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_password(password, login="")


def test_no_account_takes_as_long_as_a_wrong_password():
    assert not is_password(None, PASSWORD)
    assert not is_password("no hash at all", PASSWORD)


@pytest.mark.parametrize(
    ("login", "name", "field"), [("x", "吴", "login"), ("taken", "吴", "login"), ("wu", " ", "name")]
)
def test_a_person_who_can_not_be_added(session, zone, boss, login, name, field):
    make_user(session, make_zone(session), login="taken")
    with pytest.raises(DomainError) as refusal:
        add_user(session, actor_of(boss), data=UserData(login, name, Role.officer))
    assert refusal.value.field == field


def test_a_new_role_ends_the_open_sessions(session, zone, boss):
    user = make_user(session, zone)
    sign_in(session, user)
    change_user(session, actor_of(boss), user, data=UserData(user.login, "新名", Role.officer))
    assert sessions_of(session, user) == 1
    change_user(session, actor_of(boss), user, data=UserData(user.login, "新名", Role.reviewer))
    assert sessions_of(session, user) == 0
    assert last_entry(session).after == {"role": "reviewer"}


def test_the_last_administrator_stays(session, zone, boss):
    with pytest.raises(DomainError, match="唯一的系统管理员"):
        disable_user(session, actor_of(boss), boss)
    with pytest.raises(DomainError, match="唯一的系统管理员"):
        change_user(session, actor_of(boss), boss, data=UserData(boss.login, boss.name, Role.leader))
    make_user(session, make_zone(session), Role.administrator)
    with pytest.raises(DomainError, match="唯一的系统管理员"):
        disable_user(session, actor_of(boss), boss)
    make_user(session, zone, Role.administrator)
    disable_user(session, actor_of(boss), boss)
    assert not boss.active


def test_disabling_and_enabling(session, zone, boss):
    user = make_user(session, zone, failures=3)
    sign_in(session, user)
    disable_user(session, actor_of(boss), user)
    assert sessions_of(session, user) == 0
    refused = settle_sign_in(
        session, (zone.id, user.id), fits=True, now=clock.now(), hours=1, address="", agent=""
    )
    assert refused is None
    enable_user(session, actor_of(boss), user)
    sign_in(session, user)


def test_a_reset_ends_the_sessions_and_unlocks(session, zone, boss):
    user = make_user(session, zone, locked_until=clock.now())
    sign_in(session, user)
    secret = reset_password(session, actor_of(boss), user)
    assert is_password(user.password_hash, secret)
    assert (user.password_changed_at, user.locked_until, sessions_of(session, user)) == (None, None, 0)


def test_the_own_password(session, zone):
    user = make_user(session, zone)
    token_holder = sign_in(session, user)
    assert token_holder
    own = session.scalars(select(UserSession).where(UserSession.user_id == user.id)).one()
    sign_in(session, user)
    change_own_password(
        session, actor_of(user), user, old=PASSWORD, password="Brand-New-77", session_id=own.id
    )
    assert session.scalars(select(UserSession.id).where(UserSession.user_id == user.id)).all() == [own.id]
    with pytest.raises(DomainError, match="现在的密码不正确"):
        change_own_password(
            session, actor_of(user), user, old=PASSWORD, password="Brand-New-78", session_id=own.id
        )


def test_a_zone_is_set_up_once(session):
    zone, user = set_up(
        session, zone_name="甲开发区", province="湖北省", login="boss", name="陈", password="Strong-Pass-1"
    )
    assert (user.zone_id, user.role) == (zone.id, Role.administrator)
    assert user.password_changed_at is not None
    assert zone.brief_office == "甲开发区管委会办公室"
    with pytest.raises(ConflictError):
        set_up(session, zone_name="乙", province="湖北省", login="b2", name="陈", password="Strong-Pass-1")


def test_a_zone_needs_a_name_of_its_own(session):
    add_zone(session, "甲开发区", province="湖北省")
    for name in (" ", "甲开发区", "长" * 61, "甲\x00"):
        with pytest.raises(DomainError) as refusal:
            add_zone(session, name, province="湖北省")
        assert refusal.value.field == "name"


def test_settings_of_a_zone(session, zone, boss):
    data = ZoneData(zone.name, "湖北省", cutoff_day=25, brief_total_before=24, brief_total_year=2024)
    change_zone(session, actor_of(boss), zone, data=data)
    assert (zone.cutoff_day, zone.brief_total_before) == (25, 24)
    assert last_entry(session).before["cutoff_day"] == 0
    with pytest.raises(DomainError, match="要么都填"):
        change_zone(session, actor_of(boss), zone, data=ZoneData(zone.name, "湖北省", brief_total_before=1))
