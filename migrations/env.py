"""Alembic's environment: our engine, our metadata, one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from alembic import context
from sqlalchemy import Connection

from app.db.base import Base
from app.db.migrations import is_described, load_models
from app.db.types import UtcDateTime


def plain_types(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Revisions name plain SQL types only, so that they still run when our classes change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


@contextmanager
def free_to_rebuild(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild a table that others refer to."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Outside any transaction, where alone it takes effect.
    raw = connection.connection.dbapi_connection
    assert raw is not None  # noqa: S101
    raw.execute("PRAGMA foreign_keys=OFF")
    yield
    raw.execute("PRAGMA foreign_keys=ON")


def check_references(connection: Connection) -> None:
    """Refuse to commit a migration after which a row refers to nothing; PostgreSQL sees to it by itself."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise RuntimeError(f"after the migration a row refers to nothing: {tuple(broken)}")


load_models()
with context.config.attributes["engine"].connect() as connection, free_to_rebuild(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_types,
        include_object=is_described,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        check_references(connection)
    connection.commit()
