"""Trying something out in a session: it is done in a savepoint, looked at, and taken back whatever comes of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy.orm import Session

_TRIAL = "trial"
Value = TypeVar("Value")


@contextmanager
def trial(session: Session) -> Iterator[None]:
    """Take everything back that is written in the block; what nobody looks at in it need not be written at all."""
    around = session.info.get(_TRIAL)
    savepoint = session.begin_nested()
    session.info[_TRIAL] = {}
    try:
        yield
    finally:
        session.info[_TRIAL] = around
        savepoint.rollback()


def is_trial(session: Session) -> bool:
    """Whether what is written now is taken back for certain: the audit log and the search index are spared it."""
    return session.info.get(_TRIAL) is not None


def once(session: Session, key: Hashable, read: Callable[[], Value]) -> Value:
    """What ``read`` gives: in a trial asked once for each ``key``, else every time.

    For settings that nothing tried in between can change; a refusal is not remembered.
    """
    known: dict[Hashable, Any] | None = session.info.get(_TRIAL)
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    found: Value = known[key]
    return found
