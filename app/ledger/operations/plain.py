"""Rows of the database as plain values and back, by the types of their columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Column, Date, Integer, Table, null
from sqlalchemy import Enum as EnumType

from app.db.types import UtcDateTime

Key = tuple[Any, ...]
"""The key of a row without its zone."""


def key_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table's key beside the zone."""
    return [column for column in table.primary_key.columns if column.name != "zone_id"]


def row_key(table: Table, values: Mapping[str, Any]) -> Key:
    """The key of a row."""
    return tuple(values[column.name] for column in key_columns(table))


def write_key(key: Key) -> str:
    """A key as text."""
    return ",".join(str(_plain(part)) for part in key)


def read_key(table: Table, text: str) -> Key:
    """What ``write_key`` made of a key."""
    parts = zip(key_columns(table), text.split(","), strict=True)
    return tuple(int(part) if isinstance(c.type, Integer) else from_plain(c, part) for c, part in parts)


def to_plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values as JSON can keep them."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, dt.date) else value


def from_plain(column: Column[Any], value: Any) -> Any:
    """What ``to_plain`` made of a value of ``column``."""
    if value is None:
        return null() if isinstance(column.type, JSON) else None
    if isinstance(column.type, EnumType) and column.type.enum_class is not None:
        return column.type.enum_class(value)
    if isinstance(column.type, UtcDateTime):
        return dt.datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return dt.date.fromisoformat(value)
    return value
