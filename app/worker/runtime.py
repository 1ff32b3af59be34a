"""What the work of this process is done with: the application, its settings, sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.briefs.operations.steps import Workshop
from app.jobs.operations import tell
from config import Config


class Runtime:
    """One process works for one installation."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.config: Config = app.extensions["config"]
        self.engine: Engine = app.extensions["engine"]

    @contextmanager
    def open_session(self, read_only: bool = False) -> Iterator[Session]:
        """A session that is committed once at the end and rolled back on any error."""
        bind = self.engine.execution_options(read_only=True) if read_only else self.engine
        with Session(bind) as session:
            yield session
            if read_only:
                session.rollback()
            else:
                session.commit()

    @property
    def workshop(self) -> Workshop:
        """What the steps of a brief work with."""
        return Workshop(self.config, self.open_session)

    def teller(self, zone_id: int, job_id: int) -> Callable[[str, int], None]:
        """A function that says how far a job is."""
        return lambda step, percent: tell(self.config.instance_path, zone_id, job_id, step, percent)


_current: Runtime | None = None


def use(runtime: Runtime) -> None:
    """Let the workflows of this process work with ``runtime``."""
    global _current
    _current = runtime


def runtime() -> Runtime:
    """What the workflows of this process work with."""
    if _current is None:
        raise RuntimeError("no worker runs in this process")
    return _current
