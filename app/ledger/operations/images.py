"""Every database row that a write changes, as it was before and as it is after: what an undo works from.

Listens to the one session that writes, while it writes (docs/decisions/0012): operations of many domains change rows
here, in flushes and in bulk, and none of them need know that it may be taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, event, insert, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session

from app.db.base import Base
from app.kernel.ids import new_id
from app.ledger.models import ImportBatch, ImportImage
from app.ledger.operations.plain import Key, key_columns, row_key, to_plain, write_key

UNWATCHED = frozenset(
    "audit_entry audit_head import_batch import_row import_image job ledger_head zone user_account".split()
)
"""The log, which stays; the import's own records; what belongs to the zone and not to a ledger."""
CHUNK = 400


class Images:
    """The rows that were touched so far, with what they were before; None for one that was not there."""

    def __init__(self, session: Session, batch: ImportBatch) -> None:
        self._session, self._batch = session, batch
        self._zone_id = batch.zone_id
        self._before: dict[tuple[str, Key], dict[str, Any] | None] = {}

    def before_flush(self, session: Session, *_: Any) -> None:
        """Read the rows that are about to change."""
        wanted: dict[Table, set[Key]] = {}
        for record in (*session.dirty, *session.deleted):
            table, key = _place(record)
            if (table.name, key) not in self._before and _is_watched(table):
                wanted.setdefault(table, set()).add(key)
        for table, keys in wanted.items():
            for key, values in self.read(table, keys).items():
                self._before[table.name, key] = values

    def after_flush(self, session: Session, *_: Any) -> None:
        """Note the rows that are new."""
        for record in session.new:
            table, key = _place(record)
            if _is_watched(table):
                self._before.setdefault((table.name, key), None)

    def before_bulk(self, state: ORMExecuteState) -> None:
        """Read the rows that a statement in bulk is about to change."""
        if not (state.is_update or state.is_delete or state.is_insert):
            return
        statement: Any = state.statement
        table: Table = statement.table
        if not _is_watched(table):
            return
        if state.is_insert:
            raise RuntimeError(f"rows put into {table.name} in bulk could not be undone")
        self._session.flush()
        query = select(table).where(statement.whereclause)
        for row in self._session.connection().execute(query).mappings():
            values = dict(row)
            self._before.setdefault((table.name, row_key(table, values)), to_plain(values))

    def read(self, table: Table, keys: set[Key]) -> dict[Key, dict[str, Any]]:
        """Rows of the zone by key as plain values."""
        return read_rows(self._session, table, self._zone_id, keys)

    def keep(self) -> None:
        """Compare with what the rows are now, and keep what differs. Once, at the end of the write."""
        self._session.flush()
        by_table: dict[str, set[Key]] = {}
        for name, key in self._before:
            by_table.setdefault(name, set()).add(key)
        for name, keys in by_table.items():
            ordered = sorted(keys)
            for start in range(0, len(ordered), CHUNK):
                self._keep_some(name, ordered[start : start + CHUNK])

    def _keep_some(self, name: str, keys: list[Key]) -> None:
        now = self.read(Base.metadata.tables[name], set(keys))
        images = [
            self._image(name, key, before, after)
            for key in keys
            if (before := self._before[name, key]) != (after := now.get(key))
        ]
        if images:
            self._session.execute(insert(ImportImage), images)

    def _image(
        self, name: str, key: Key, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> dict[str, Any]:
        return {
            "zone_id": self._zone_id,
            "id": new_id(),
            "batch_id": self._batch.id,
            "table_name": name,
            "record_key": write_key(key),
            "before": before,
            "after": after,
        }


@contextmanager
def watching(session: Session, batch: ImportBatch) -> Iterator[Images]:
    """Note every row that ``session`` changes until the end of the block."""
    images = Images(session, batch)
    listeners = (
        ("before_flush", images.before_flush),
        ("after_flush", images.after_flush),
        ("do_orm_execute", images.before_bulk),
    )
    for name, listener in listeners:
        event.listen(session, name, listener)
    try:
        yield images
    finally:
        for name, listener in listeners:
            event.remove(session, name, listener)


def read_rows(session: Session, table: Table, zone_id: int, keys: set[Key]) -> dict[Key, dict[str, Any]]:
    """Rows of a zone by key, as the database holds them now, as plain values."""
    found: dict[Key, dict[str, Any]] = {}
    columns = key_columns(table)
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        firsts = {key[0] for key in ordered[start : start + CHUNK]}
        query = select(table).where(table.c.zone_id == zone_id, columns[0].in_(firsts))
        for row in session.connection().execute(query).mappings():
            values = dict(row)
            key = row_key(table, values)
            if key in keys:
                found[key] = to_plain(values)
    return found


def _place(record: Any) -> tuple[Table, Key]:
    state = inspect(record)
    table = state.mapper.local_table
    names = [column.name for column in state.mapper.primary_key]
    values = state.identity or state.mapper.primary_key_from_instance(record)
    return table, row_key(table, dict(zip(names, values, strict=True)))


def _is_watched(table: Table) -> bool:
    return table.name not in UNWATCHED and "zone_id" in table.c and bool(key_columns(table))
