"""The base of all mapped classes: named constraints, and the zone in every key."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.kernel.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base; the naming convention gives every constraint a name."""

    metadata = MetaData(naming_convention=NAMING)


class ZoneRow:
    """A business row: its key is (zone, id), so nothing can hang on a row of another zone."""

    @declared_attr
    def zone_id(cls) -> Mapped[int]:
        return mapped_column(
            BigInteger, ForeignKey("zone.id"), primary_key=True, autoincrement=False, sort_order=-2
        )

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, default=new_id, sort_order=-1
    )


def zone_key(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key ``(zone_id, column)`` to ``table (zone_id, id)``."""
    return ForeignKeyConstraint(["zone_id", column], [f"{table}.zone_id", f"{table}.id"])
