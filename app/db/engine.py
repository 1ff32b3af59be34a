"""One place that makes engines, so that SQLite and PostgreSQL behave alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool

WAIT_MS = 30_000


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for ``url``; on SQLite foreign keys hold, the journal is WAL and writers queue.

    A transaction on SQLite begins IMMEDIATE, because a deferred one that turns to writing fails with
    "database is locked" whatever the time-out (stack.md §0.4); with the execution option
    ``read_only`` it begins deferred, so that readers never wait for a writer. With ``wait_ms`` a writer
    waits no longer than that for another one (``OperationalError``), else half a minute.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, **options)
    engine = create_engine(url, connect_args={"timeout": WAIT_MS / 1000}, **options)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-65536")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        read_only = options.get("read_only")
        if not read_only:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={int(options.get('wait_ms', WAIT_MS))}")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def make_single_use_engine(url: str) -> Engine:
    """An engine that keeps no connection open: for migrations and commands."""
    return make_engine(url, poolclass=NullPool)
