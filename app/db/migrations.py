"""Alembic driven from our own commands, on any engine."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from app.db.base import Base

FULL_TEXT = "search_fts"
"""Names of the full-text indexes begin so; each engine has its own kind, which models cannot describe."""
APP = Path(__file__).resolve().parents[1]
SCRIPTS = APP.parent / "migrations"


def load_models() -> None:
    """Import the models of every domain, so that ``Base.metadata`` is complete."""
    for path in sorted(APP.glob("*/models*")):
        import_module(f"app.{path.parent.name}.models")


def is_described(_item: object, name: str | None, *_rest: object) -> bool:
    """Whether the models describe the table or index of that name."""
    return not (name or "").startswith(FULL_TEXT)


def _config(engine: Engine) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to ``revision``; in one transaction, so that a killed one leaves nothing."""
    command.upgrade(_config(engine), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to ``revision``."""
    command.downgrade(_config(engine), revision)


def current(engine: Engine) -> str | None:
    """The revision the database stands at, None when it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check(engine: Engine) -> list[Any]:
    """The differences between the models and the database; empty when they are equal."""
    load_models()
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_described}
        )
        return list(compare_metadata(context, Base.metadata))


def revise(engine: Engine, message: str) -> None:
    """Write a new revision file from the differences; its name continues the numbers."""
    number = len(list((SCRIPTS / "versions").glob("[0-9]*.py"))) + 1
    revision = f"{number:04d}_{message.strip().lower().replace(' ', '_')}"
    command.revision(_config(engine), message, autogenerate=True, rev_id=revision)
