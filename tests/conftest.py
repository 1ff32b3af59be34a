"""What every test can ask for: a migrated database on both engines, a session, a browser."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import migrations
from app.db.engine import make_engine
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


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The migrated database, once per process on each engine; tests share it through ``session``."""
    engine = make_engine(_new_database(request, tmp_path_factory.mktemp("database"), "shared"))
    migrations.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=ENGINES)
def new_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Engine]]:
    """Makes engines on empty databases of the test's own, by name."""
    engines: list[Engine] = []

    def make(name: str) -> Engine:
        engines.append(make_engine(_new_database(request, tmp_path, name)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def empty_engine(new_engine: Callable[[str], Engine]) -> Engine:
    """A database of the test's own with nothing in it, for migrations and for tests that commit."""
    return new_engine("empty")


def _new_database(request: pytest.FixtureRequest, folder: Path, name: str) -> str:
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        return server.create_database(name)
    return f"sqlite:///{folder / name}.db"


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
