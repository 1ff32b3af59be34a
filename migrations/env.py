"""Alembic's environment: our engine, our metadata, one transaction."""

from typing import Literal

from alembic import context

from app.db.base import Base
from app.db.migrations import load_models
from app.db.types import UtcDateTime


def plain_types(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Revisions name plain SQL types only, so that they still run when our classes change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


load_models()
with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_types,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
