"""What a command works with: settings, a session that is committed once, the zone and the actor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.rules import SYSTEM_NAME, Actor
from app.db.migrations import current
from app.kernel.errors import DomainError, NotFoundError
from config import Config


@dataclass(frozen=True)
class Work:
    """One command's work in one zone."""

    session: Session
    zone: Zone
    actor: Actor


def _application() -> Any:
    return click.get_current_context().find_root().obj.load_app()


def config() -> Config:
    """The settings of this installation."""
    found: Config = _application().extensions["config"]
    return found


def engine() -> Engine:
    """The database of this installation."""
    found: Engine = _application().extensions["engine"]
    return found


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal into a sentence on standard error and exit code 1."""
    try:
        yield
    except DomainError as error:
        click.echo(error.message, err=True)
        sys.exit(1)


@contextmanager
def open_session(*, read_only: bool = False) -> Iterator[Session]:
    """A session on the migrated database, committed once at the end, rolled back on any error."""
    bind = engine()
    if current(bind) is None:
        raise DomainError("数据库尚未建立，请先运行 flask --app wsgi db upgrade")
    bound = bind.execution_options(read_only=True) if read_only else bind
    with Session(bound) as session:
        yield session
        if read_only:
            session.rollback()
        else:
            session.commit()


@contextmanager
def work(zone_name: str, *, read_only: bool = False) -> Iterator[Work]:
    """Work in the zone of that name. Refusals end the command with exit code 1."""
    with refusals(), open_session(read_only=read_only) as session:
        zone = find_zone(session, zone_name)
        yield Work(session, zone, Actor(zone.id, None, SYSTEM_NAME))


def find_zone(session: Session, name: str) -> Zone:
    """The zone of that name. Raises ``NotFoundError`` naming those that exist."""
    zone = session.scalars(select(Zone).where(Zone.name == name)).one_or_none()
    if zone is None:
        names = "、".join(session.scalars(select(Zone.name).order_by(Zone.name).limit(10)))
        raise NotFoundError(f"没有名为“{name}”的开发区。现有：{names or '（尚未建立，请用 zone add 添加）'}")
    return zone
