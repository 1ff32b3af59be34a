"""Column types that mean the same on both engines."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, DateTime, Enum, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware instant, stored and returned in UTC; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def choice(kind: type[StrEnum], *, name: str = "") -> Enum:
    """A short text column that takes the values of ``kind`` only, by a named CHECK.

    ``name`` tells two columns of one kind in one table apart.
    """
    name = name or "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).strip("_")
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


def whole_sum(value: Any) -> ColumnElement[int]:
    """SUM as a whole number, 0 for no rows; PostgreSQL would give a Decimal (stack.md §2)."""
    return cast(func.coalesce(func.sum(value), 0), BigInteger)


class beijing_day(GenericFunction[dt.date]):  # noqa: N801 - the name of an SQL function
    """The day in Beijing of an instant (stack.md §2)."""

    type = Date()
    inherit_cache = True


class latest_day(GenericFunction[dt.date]):  # noqa: N801 - the name of an SQL function
    """The latest of several days, none of them NULL."""

    type = Date()
    inherit_cache = True


@compiles(beijing_day)
def _beijing_day(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(timezone('Asia/Shanghai', {compiler.process(element.clauses, **options)}) AS DATE)"


@compiles(beijing_day, "sqlite")
def _beijing_day_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '+8 hours')"


@compiles(latest_day)
def _latest_day(element: Any, compiler: Any, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


@compiles(latest_day, "sqlite")
def _latest_day_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"
