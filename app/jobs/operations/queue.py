"""The queue: DBOS Transact in a file of its own beside the SQLite database, or in a schema of its own on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbos import DBOSClient, EnqueueOptions
from dbos._serialization import DBOSPortableJSON
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from app.jobs.models import Job
from app.jobs.rules import JobKind

APPLICATION = "zhaoshang"
SCHEMA = "dbos"
WORKFLOW = "run_job"
WORKFLOW_VERSION = "1"
"""Changed by hand when the steps of a workflow change so that one half done could not be gone on with."""
PRINT, IMPORT, TABLE = "print", "import", "table"
QUEUE_OF: Mapping[JobKind, str] = {
    JobKind.brief: PRINT,
    JobKind.draft: PRINT,
    JobKind.word: PRINT,
    JobKind.phone: PRINT,
    JobKind.read: IMPORT,
    JobKind.judge: IMPORT,
    JobKind.write: IMPORT,
    JobKind.undo: IMPORT,
    JobKind.close: IMPORT,
    JobKind.export: TABLE,
    JobKind.fill: TABLE,
}


def queue_url(database_url: str, folder: Path) -> str:
    """Where the queue is kept for a database: ``queue.db`` in the instance folder, or the PostgreSQL database itself."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{folder / 'queue.db'}"
    return make_url(database_url).render_as_string(hide_password=False)


def queue_engine(url: str, **options: Any) -> Engine | None:
    """The engine for a queue on PostgreSQL; on SQLite DBOS makes its own.

    Given an engine, DBOS does not look for rights to make a database: it needs none but to make its schema.
    """
    return None if url.startswith("sqlite") else create_engine(url, **options)


def prepare_queue(url: str) -> None:
    """Let readers of a queue on SQLite not wait for its writers."""
    if url.startswith("sqlite"):
        with sqlite3.connect(Path(make_url(url).database or ""), timeout=30) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.close()


@contextmanager
def open_queue(url: str) -> Iterator[DBOSClient]:
    """A client that only puts work in and keeps no connection; what it stores is JSON, never pickled objects.

    Using it raises whatever the driver raises when no worker has made the queue yet or it can't be reached.
    """
    client = DBOSClient(
        system_database_url=url,
        system_database_engine=queue_engine(url, poolclass=NullPool),
        dbos_system_schema=SCHEMA,
        serializer=DBOSPortableJSON,
        application_name=APPLICATION,
        retry_connection_errors=False,
        lazy=True,
    )
    try:
        yield client
    finally:
        client.destroy()


def put_into_queue(client: DBOSClient, job: Job) -> None:
    """Queue the work; what is queued already under its name stays as it is."""
    queue = QUEUE_OF[job.kind]
    options: EnqueueOptions = {
        "workflow_name": WORKFLOW,
        "queue_name": queue,
        "workflow_id": job.workflow_id,
        "app_version": WORKFLOW_VERSION,
    }
    if queue == IMPORT:
        options["queue_partition_key"] = str(job.zone_id)
    client.enqueue(options, job.zone_id, job.id, job.attempt)
