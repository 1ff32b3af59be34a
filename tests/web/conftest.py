"""The application on a real database, the cast, and clients that are signed in.

What a page commits is really committed, so every table is emptied after each test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.models import UserAccount, Zone
from app.accounts.operations import settle_sign_in
from app.accounts.rules import Role
from app.db.base import Base
from app.db.migrations import load_models
from app.directory.models import ResponsibleUnit
from app.kernel import clock
from config import Config
from tests.factories import make_unit, make_user, make_zone


@dataclass(frozen=True)
class Cast:
    """The people of the tests. ``wu`` works in ``unit``, ``second`` in ``other_unit``; the outsider has all
    rights of an administrator and a reviewer's unit, in another zone."""

    zone: Zone
    other_zone: Zone
    unit: ResponsibleUnit
    other_unit: ResponsibleUnit
    wu: UserAccount
    second: UserAccount
    reviewer: UserAccount
    leader: UserAccount
    administrator: UserAccount
    outsider: UserAccount
    outside_reviewer: UserAccount

    def of(self, name: str) -> UserAccount:
        """The person by name: officer, second, reviewer, leader, administrator, outsider, outside_reviewer."""
        user: UserAccount = getattr(self, "wu" if name == "officer" else name)
        return user


@pytest.fixture
def app(engine: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The application on the migrated database of this process; all tables are emptied afterwards."""
    url = engine.url.render_as_string(hide_password=False)
    application = create_app(
        Config(database_url=url, instance_path=tmp_path, secret_key="test" * 8, testing=True)
    )
    application.extensions["engine"].dispose()
    application.extensions["engine"] = engine
    yield application
    load_models()
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def database(app: Flask) -> Callable[[], Session]:
    """Opens a session beside the application: ``with database() as session: … session.commit()``."""
    return lambda: Session(app.extensions["engine"], expire_on_commit=False)


@pytest.fixture
def cast(database: Callable[[], Session]) -> Cast:
    """Two zones with their people, committed."""
    with database() as session:
        zone = make_zone(session, "喀什经济开发区", number_prefix="KS")
        unit, other_unit = make_unit(session, zone, "招商一部"), make_unit(session, zone, "招商二部")
        other_zone = make_zone(session, "霍尔果斯经济开发区")
        far_unit = make_unit(session, other_zone, "招商局")

        def person(
            zone: Zone, role: Role, login: str, name: str, unit: ResponsibleUnit | None = None
        ) -> UserAccount:
            return make_user(session, zone, role, login=login, name=name, unit_id=unit.id if unit else None)

        people = Cast(
            zone=zone,
            other_zone=other_zone,
            unit=unit,
            other_unit=other_unit,
            wu=person(zone, Role.officer, "wujianjun", "吴建军", unit),
            second=person(zone, Role.officer, "guligena", "古丽格娜", other_unit),
            reviewer=person(zone, Role.reviewer, "maxiaolin", "马晓琳"),
            leader=person(zone, Role.leader, "liwentao", "李文涛"),
            administrator=person(zone, Role.administrator, "zhaolei", "赵磊"),
            outsider=person(other_zone, Role.administrator, "wairen", "外人"),
            outside_reviewer=person(other_zone, Role.reviewer, "waishen", "外审", far_unit),
        )
        session.commit()
    return people


class Client(FlaskClient):
    """A browser without scripts: it sends the form's token by itself."""

    csrf: str | None = None

    def token(self) -> str:
        """The token of this browser's forms, as a page shows it."""
        if self.csrf is None:
            page = self.get("/password").text
            found = re.search(r'name="csrf-token" content="([^"]+)"', page)
            assert found, page[:500]
            self.csrf = found[1]
        return self.csrf

    def send(self, address: str, data: dict | None = None, **options):
        """POST a form with its token."""
        return self.post(address, data={"csrf_token": self.token(), **(data or {})}, **options)


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor's browser."""
    app.test_client_class = Client
    found = app.test_client()
    assert isinstance(found, Client)
    return found


def token_for(app: Flask, user: UserAccount) -> str:
    """A sign-in session for ``user``, without going through the form; its token."""
    with Session(app.extensions["engine"]) as session:
        token = settle_sign_in(
            session,
            (user.zone_id, user.id),
            fits=True,
            now=clock.now(),
            hours=12,
            address="127.0.0.1",
            agent="tests",
        )
        session.commit()
    assert token
    return token


@pytest.fixture
def sign_in(app: Flask, cast: Cast) -> Callable[[str], Client]:
    """A signed-in browser: ``sign_in("officer")``; names as in ``Cast.of``."""

    def make(name: str) -> Client:
        app.test_client_class = Client
        client = app.test_client()
        assert isinstance(client, Client)
        client.set_cookie("zhaoshang", token_for(app, cast.of(name)))
        return client

    return make


@dataclass
class Statements:
    """What was sent to the database."""

    texts: list[str] = field(default_factory=list)

    @property
    def reads(self) -> list[str]:
        """SELECT statements."""
        return [text for text in self.texts if text.lstrip().upper().startswith(("SELECT", "WITH"))]

    @property
    def writes(self) -> list[str]:
        """Statements that change rows."""
        return [
            text for text in self.texts if text.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        ]


@contextmanager
def statements(engine: Engine) -> Iterator[Statements]:
    """Collect the statements sent while the block runs."""
    found = Statements()

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        found.texts.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
