"""What every test can ask for: a migrated database on both engines, a session, a browser."""

from __future__ import annotations

import copy
import datetime as dt
import ipaddress
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import create_app
from app.db import migrations
from app.db.engine import make_engine, make_single_use_engine
from app.kernel import clock
from config import Config
from tests.browser import find_chromium, open_page
from tests.postgres import Server

ENGINES = ["sqlite", "postgresql"]

# The same examples on every run, so that a failure is never luck; no deadline on a busy machine.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("suite")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests go to one process, which starts Chromium once."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session", autouse=True)
def _no_midnight() -> Iterator[None]:
    """The day does not change while the tests run: from ten at night in Beijing the clock is three hours slow."""
    hours, now = 3 if clock.now().astimezone(clock.BEIJING).hour >= 22 else 0, clock.now
    with pytest.MonkeyPatch.context() as patch:
        if hours:
            patch.setattr(clock, "now", lambda: now() - dt.timedelta(hours=hours))
            patch.setattr(clock, "today", lambda: clock.day_of(clock.now()))
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Nothing outside this machine can be reached from a test."""

    def local_only(method: Callable) -> Callable:
        def guarded(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_local(address[0]):
                pytest.fail(f"a test wanted to reach {address[0]}")
            return method(self, address)

        return guarded

    def resolve(host: Any, *args: Any, **options: Any) -> Any:
        if host and not _is_local(host):
            pytest.fail(f"a test wanted to look up {host}")
        return getaddrinfo(host, *args, **options)

    getaddrinfo = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", local_only(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", local_only(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", resolve)
        yield


def _is_local(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The PostgreSQL server of this test process."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to copy: the migrations run once per process."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    _migrate(postgres.create_database("template"))
    return "template"


def _migrate(address: str) -> None:
    engine = make_single_use_engine(address)
    migrations.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The migrated database, once per process on each engine; tests share it through ``session``."""
    engine = make_engine(new_database(request, tmp_path_factory.mktemp("database"), "shared", migrated=True))
    yield engine
    engine.dispose()


@pytest.fixture(params=ENGINES)
def new_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Makes engines on databases of the test's own, by name; ``migrated`` or with nothing in them."""
    engines: list[Engine] = []

    def make(name: str, *, migrated: bool = False) -> Engine:
        engines.append(make_engine(new_database(request, tmp_path, name, migrated=migrated)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def empty_engine(new_engine: Callable[..., Engine]) -> Engine:
    """A database of the test's own with nothing in it, for migrations."""
    return new_engine("empty")


@pytest.fixture
def own_engine(new_engine: Callable[..., Engine]) -> Engine:
    """A migrated database of the test's own, for tests that commit."""
    return new_engine("own", migrated=True)


def new_database(request: pytest.FixtureRequest, folder: Path, name: str, *, migrated: bool) -> str:
    """The address of a database made afresh on the engine that the fixture's parameter names."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        template = request.getfixturevalue("postgres_template") if migrated else "template1"
        return server.create_database(name, template)
    path = folder / f"{name}.db"
    if migrated:
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def app_on(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Flask]:
    """Gives the application on an engine with an instance folder; ``settings`` are those of ``Config``.

    It is put together once per process, its routes and templates are compiled only once. Each is a copy with
    settings, extensions and views of its own: what a test changes of these ends with it.
    """
    built = create_app(Config("sqlite://", tmp_path_factory.mktemp("built"), "test" * 8, testing=True))

    def make(engine: Engine, folder: Path, **settings: Any) -> Flask:
        app = copy.copy(built)
        app.config, app.view_functions = copy.copy(built.config), copy.copy(built.view_functions)
        address = engine.url.render_as_string(hide_password=False)
        places = {"database_url": address, "instance_path": folder}
        config = replace(built.extensions["config"], **(places | settings))
        app.extensions = built.extensions | {"config": config, "engine": engine}
        return app

    return make


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose commits go to a savepoint; everything is rolled back after the test."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window and without any connection of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page as on an office screen; an error in its console fails the test."""
    with open_page(browser, width=1440, height=900) as page:
        yield page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page as on a phone; an error in its console fails the test."""
    with open_page(browser, width=390, height=844, is_mobile=True, has_touch=True) as page:
        yield page
