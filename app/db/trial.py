"""Trying something out in a session: it is done in a savepoint, looked at, and taken back whatever comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

_TRIAL = "trial"


@contextmanager
def trial(session: Session) -> Iterator[None]:
    """Take everything back that is written in the block; what nobody looks at in it need not be written at all."""
    around = is_trial(session)
    savepoint = session.begin_nested()
    session.info[_TRIAL] = True
    try:
        yield
    finally:
        session.info[_TRIAL] = around
        savepoint.rollback()


def is_trial(session: Session) -> bool:
    """Whether what is written now is taken back for certain: the audit log and the search index are spared it."""
    return bool(session.info.get(_TRIAL))
