"""A way round the triggers that keep the books, for tampering."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

GUARDED = ("month_close", "journal_entry", "close_waiver", "audit_entry", "audit_head")


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Take the triggers away while the block runs, as whoever owns the database could."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # no events left pending on the tables
        for table in GUARDED:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        return
    names = ", ".join(f"'{table}'" for table in GUARDED)
    query = f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({names})"
    for (name,) in connection.execute(text(query)).all():
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
