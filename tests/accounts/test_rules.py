"""Passwords, sign-in names, locks and scopes, without a database."""

from __future__ import annotations

import datetime as dt

import pytest

from app.accounts.rules import (
    MAX_FAILURES,
    Permission,
    Role,
    Scope,
    check_login,
    check_password,
    is_locked,
    locked_after,
)
from app.kernel.errors import DomainError

NOW = dt.datetime(2024, 6, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("password", ["Kashi-2024", "kashi-2024", "Aa1!Aa1!Aa"])
def test_strong_enough(password):
    check_password(password, login="wujianjun")


@pytest.mark.parametrize(
    "password", ["", "Kashi-202", "kashikashi", "kashi20242", "1234567890", "Wujianjun-24"]
)
def test_too_weak(password):
    with pytest.raises(DomainError) as refusal:
        check_password(password, login="wujianjun")
    assert refusal.value.field == "password"


@pytest.mark.parametrize("login", ["ab", "wu.jianjun", "0991-a_b", "a" * 40])
def test_a_sign_in_name(login):
    check_login(login)


@pytest.mark.parametrize("login", ["", "a", "吴建军", "Wu", ".ab", "a b", "a" * 41, "a\n", "a'--"])
def test_no_sign_in_name(login):
    with pytest.raises(DomainError):
        check_login(login)


def test_the_fifth_failure_locks_for_a_quarter_of_an_hour():
    assert locked_after(MAX_FAILURES - 1, NOW) is None
    until = locked_after(MAX_FAILURES, NOW)
    assert until == NOW + dt.timedelta(minutes=15)
    assert is_locked(until, NOW)
    assert not is_locked(until, NOW + dt.timedelta(minutes=15))
    assert not is_locked(None, NOW)


def test_who_may_edit_a_units_projects():
    assert Scope(1, 7, Role.officer).may_edit_unit(7)
    assert not Scope(1, 7, Role.officer).may_edit_unit(8)
    assert Scope(1, None, Role.officer).may_edit_unit(8)
    assert Scope(1, 7, Role.reviewer).may_edit_unit(8)
    assert not Scope(1, None, Role.leader).may_edit_unit(8)
    assert not Scope(1, None, Role.administrator).may_edit_unit(8)


def test_a_leader_only_reads():
    writes = ("enter", "review", "import_ledger", "make_brief", "administer")
    assert not any(Scope(1, None, Role.leader).may(Permission(each)) for each in writes)
