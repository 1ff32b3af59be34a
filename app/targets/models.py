"""Annual targets by unit and figure."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, ZoneRow, zone_key


class AnnualTarget(ZoneRow, Base):
    """The target of one figure for one year; ``unit_id`` None is the whole zone (全区).

    ``value`` is fen for an amount and a number of projects for a count.
    """

    __tablename__ = "annual_target"
    __table_args__ = (
        zone_key("unit_id", "responsible_unit"),
        CheckConstraint("value > 0", name="value"),
        CheckConstraint("year BETWEEN 1990 AND 2100", name="year"),
        Index("uq_annual_target_unit", "zone_id", "year", "figure", "unit_id", unique=True, sqlite_where=text("unit_id IS NOT NULL"), postgresql_where=text("unit_id IS NOT NULL")),
        Index("uq_annual_target_zone", "zone_id", "year", "figure", unique=True, sqlite_where=text("unit_id IS NULL"), postgresql_where=text("unit_id IS NULL")),
    )  # fmt: skip

    year: Mapped[int] = mapped_column(Integer)
    figure: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int | None] = mapped_column(BigInteger)
    value: Mapped[int] = mapped_column(BigInteger)
