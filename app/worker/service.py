"""One worker: takes a seat, launches DBOS under the seat's name, works until it is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import threading
from typing import Any

from dbos import DBOS, DBOSConfig
from dbos._serialization import DBOSPortableJSON

from app.jobs.operations import (
    APPLICATION,
    WORKFLOW_VERSION,
    Seat,
    prepare_queue,
    queue_engine,
    queue_url,
    take_seat,
)
from app.jobs.operations.queue import IMPORT, PRINT, SCHEMA, TABLE
from app.kernel.errors import DomainError
from app.worker import workflows
from app.worker.caretaker import look_after
from app.worker.runtime import Runtime, use

ROUND_SECONDS = 15
POLL_SECONDS = 0.5
GRACE_SECONDS = 20
"""How long work in hand may still take when the worker is told to stop; what is not done is gone on with later."""
log = logging.getLogger(__name__)


def run_worker(here: Runtime, number: int | None = None) -> None:
    """Work until SIGTERM or SIGINT. Raises ``DomainError`` when the wanted seat is taken."""
    seat = take_seat(here.config.instance_path, number)
    if seat is None:
        raise DomainError(f"{number} 号后台服务已在运行" if number else "后台服务已达上限")
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    launch(here, seat)
    log.warning("后台服务 %s 已启动", seat.name)
    while not stop.is_set():
        try:
            look_after(here, seat)
        except Exception:
            log.exception("a round failed")
        stop.wait(ROUND_SECONDS)
    DBOS.destroy(workflow_completion_timeout_sec=GRACE_SECONDS)
    log.warning("后台服务 %s 已停止", seat.name)
    seat.leave()
    logging.shutdown()
    os._exit(0)  # a thread still in a step would hold the process; its work is gone on with at the next start


def launch(here: Runtime, seat: Seat) -> None:
    """Bring DBOS up for this process; work that a killed worker of this seat had in hand goes on."""
    use(here)
    url = queue_url(here.config.database_url, here.config.instance_path)
    prepare_queue(url)
    DBOS(config=_settings(url, seat.name))
    DBOS.launch()
    alone = here.engine.dialect.name == "sqlite"
    _register(PRINT, worker_concurrency=1)
    _register(TABLE, worker_concurrency=1)
    # One import of a zone after the other; on SQLite, which knows one writer at a time, one in all.
    _register(IMPORT, partition_concurrency=1, global_concurrency=1 if alone else None)


def _settings(url: str, name: str) -> DBOSConfig:
    settings: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": url,
        "dbos_system_schema": SCHEMA,
        "executor_id": name,
        "application_version": WORKFLOW_VERSION,
        "serializer": DBOSPortableJSON,
        "use_listen_notify": False,
        "log_level": "WARNING",
        "max_executor_threads": 8,
    }
    engine = queue_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=5)
    if engine is not None:
        settings["system_database_engine"] = engine
    return settings


def _register(name: str, **limits: Any) -> None:
    DBOS.register_queue(name, polling_interval_sec=POLL_SECONDS, on_conflict="always_update", **limits)


__all__ = ["launch", "run_worker", "workflows"]
