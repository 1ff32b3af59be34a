"""Signing in and out, locks, time-outs, and the own password."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import delete, func, select, update

from app.accounts.models import UserAccount, UserSession
from app.accounts.rules import MAX_FAILURES
from app.audit.models import AuditEntry
from app.kernel import clock
from tests.factories import PASSWORD
from tests.web.conftest import Client

GOOD = "Another-Horse-8"


def form_token(client) -> str:
    return client.get("/sign-in").text.split('name="csrf-token" content="')[1].split('"')[0]


def sign_in_by_form(client, login: str = "wujianjun", password: str = PASSWORD, address: str = "/sign-in"):
    data = {"csrf_token": form_token(client), "login": login, "password": password}
    return client.post(address, data=data)


def test_a_person_signs_in_and_out(client, cast):
    page = client.get("/", follow_redirects=True)
    assert "不得录入、存储国家秘密" in page.text
    answer = sign_in_by_form(client, " WuJianjun ", address="/sign-in?next=/password")
    assert (answer.status_code, answer.location) == (303, "/password")
    assert "吴建军" in client.get("/").text
    assert client.get("/sign-in").location == "/"
    assert client.send("/sign-out").status_code == 303
    assert client.get("/").status_code == 303


def test_the_cookie_is_out_of_reach(client, cast):
    cookie = next(
        c for c in sign_in_by_form(client).headers.getlist("Set-Cookie") if c.startswith("zhaoshang=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_the_table_holds_no_token(client, cast, database):
    sign_in_by_form(client)
    token = client.get_cookie("zhaoshang").value
    with database() as session:
        stored = session.scalars(select(UserSession)).one()
        assert token not in (stored.token_hash, stored.csrf_secret)
        assert len(stored.token_hash) == 64


def test_a_cookie_is_worthless_after_signing_out(app, client, cast):
    sign_in_by_form(client)
    token = client.get_cookie("zhaoshang").value
    client.send("/sign-out")
    thief = app.test_client()
    thief.set_cookie("zhaoshang", token)
    assert thief.get("/").status_code == 303


def test_signing_in_again_ends_the_session_of_before(app, client, cast):
    sign_in_by_form(client)
    old = client.get_cookie("zhaoshang").value
    csrf = client.token()
    client.post("/sign-in", data={"csrf_token": csrf, "login": "maxiaolin", "password": PASSWORD})
    assert client.get_cookie("zhaoshang").value != old
    thief = app.test_client()
    thief.set_cookie("zhaoshang", old)
    assert thief.get("/").status_code == 303


@pytest.mark.parametrize(
    ("login", "password"),
    [("wujianjun", "wrong"), ("nobody", PASSWORD), ("disabled", PASSWORD), ("", PASSWORD)],
)
def test_every_failure_reads_the_same(client, cast, database, login, password):
    with database() as session:
        second = session.merge(cast.second)
        second.login, second.active = "disabled", False
        session.commit()
    answer = sign_in_by_form(client, login, password)
    assert answer.status_code == 422
    assert client.get_cookie("zhaoshang") is None
    if login:
        assert "登录名或密码不正确，或者账号已停用、已暂时锁定" in answer.text


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(client, cast, database):
    for _ in range(MAX_FAILURES):
        assert sign_in_by_form(client, password="wrong").status_code == 422
    assert sign_in_by_form(client).status_code == 422, "locked, even with the right password"
    with database() as session:
        user = session.get_one(UserAccount, (cast.zone.id, cast.wu.id))
        assert user.locked_until is not None
        assert dt.timedelta(minutes=14) < user.locked_until - clock.now() <= dt.timedelta(minutes=15)
        refused = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "refuse_sign_in")
        assert session.scalar(refused) == MAX_FAILURES + 1
        user.locked_until = clock.now()
        session.commit()
    assert sign_in_by_form(client, password="wrong").status_code == 422, (
        "one more failure does not lock again"
    )
    assert sign_in_by_form(client).status_code == 303


def test_success_forgets_earlier_failures(client, cast, database):
    for _ in range(MAX_FAILURES - 1):
        sign_in_by_form(client, password="wrong")
    assert sign_in_by_form(client).status_code == 303
    with database() as session:
        assert session.get_one(UserAccount, (cast.zone.id, cast.wu.id)).failures == 0


@pytest.mark.parametrize("column", ["seen_at", "expires_at"])
def test_a_session_times_out(client, cast, database, column):
    sign_in_by_form(client)
    assert client.get("/").status_code == 200
    past = clock.now() - dt.timedelta(minutes=31)
    with database() as session:
        session.execute(update(UserSession).values({column: past}))
        session.commit()
    assert client.get("/").status_code == 303


def test_being_there_is_written_once_a_minute(client, cast, database):
    sign_in_by_form(client)

    def seen(at: dt.datetime | None = None) -> dt.datetime:
        with database() as session:
            if at:
                session.execute(update(UserSession).values(seen_at=at))
                session.commit()
            return session.scalars(select(UserSession.seen_at)).one()

    before = seen()
    client.get("/")
    assert seen() == before
    old = seen(clock.now() - dt.timedelta(minutes=2))
    client.get("/")
    assert seen() > old
    old = seen(clock.now() - dt.timedelta(minutes=2))
    client.send("/month", {"month": "2024-06"})
    assert seen() > old


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "http:evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/\u202eevil",
        "http://[",
        "//[",
    ],
)
def test_signing_in_never_leads_to_another_site(client, cast, target):
    answer = client.post(
        "/sign-in",
        query_string={"next": target},
        data={"csrf_token": form_token(client), "login": "wujianjun", "password": PASSWORD},
    )
    assert answer.location == "/"


def test_a_lost_session_leads_back_to_the_form(client, cast, database):
    sign_in_by_form(client)
    token = client.token()
    with database() as session:
        session.execute(delete(UserSession))
        session.commit()
    answer = client.post(
        "/password", data={"csrf_token": token}, headers={"Referer": "http://localhost/password"}
    )
    assert answer.location == "/sign-in?next=/password&lost=1"
    assert "登录已超时" in client.get(answer.location).text
    answer = client.post("/password", headers={"Referer": "http://evil.example/x"})
    assert answer.location == "/sign-in?next=/&lost=1"
    answer = client.get("/amount?text=1", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401


def test_a_new_password_ends_the_other_sessions(app, sign_in, cast):
    here, there = sign_in("officer"), sign_in("officer")
    data = {"old": PASSWORD, "password": GOOD, "again": GOOD}
    assert here.send("/password", data).status_code == 303
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303
    fresh = app.test_client()
    assert sign_in_by_form(fresh).status_code == 422
    assert sign_in_by_form(fresh, password=GOOD).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "message"),
    [
        ("wrong", GOOD, GOOD, "现在的密码不正确"),
        (PASSWORD, "short", "short", "至少 10 位"),
        (PASSWORD, "Wujianjun-2024", "Wujianjun-2024", "不能包含登录名"),
        (PASSWORD, GOOD, "Another-Horse-9", "两次输入的新密码不一致"),
        (PASSWORD, PASSWORD, PASSWORD, "不能与现在的密码相同"),
        ("", GOOD, GOOD, "请填写现在的密码"),
    ],
)
def test_a_password_that_will_not_do(sign_in, old, new, again, message):
    answer = sign_in("officer").send("/password", {"old": old, "password": new, "again": again})
    assert answer.status_code == 422
    assert message in answer.text


def test_a_password_for_one_sign_in_must_be_changed_first(app, cast, sign_in, database):
    with database() as session:
        session.merge(cast.wu).password_changed_at = None
        session.commit()
    client: Client = sign_in("officer")
    assert client.get("/").location == "/password"
    assert client.get("/projects").location == "/password"
    assert "一次性密码" in client.get("/password").text
    client.send("/password", {"old": PASSWORD, "password": GOOD, "again": GOOD})
    assert client.get("/").status_code == 200


def test_a_disabled_person_is_out_at_once(sign_in, cast, database):
    client = sign_in("officer")
    with database() as session:
        session.merge(cast.wu).active = False
        session.commit()
    assert client.get("/").status_code == 303
