"""Projects, contracts, milestones, and who was responsible when."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, ZoneRow, zone_key
from app.db.types import UtcDateTime, choice
from app.directory.models import Area, Chain, ResponsibleUnit, Segment
from app.investors.models import Investor
from app.pipeline.rules import ContractKind, MilestoneKind, Stage

_MONEY = "BETWEEN 0 AND 1000000000000000"


class Project(ZoneRow, Base):
    """项目. Amounts are whole fen; ``investment_fen`` is the planned total, contracts hold what was signed.

    ``unit_id`` is the unit responsible now; contracts, milestones and arrivals carry the unit
    responsible on their own day.
    """

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("zone_id", "number"),
        zone_key("investor_id", "investor"),
        zone_key("chain_id", "chain"),
        zone_key("segment_id", "segment"),
        zone_key("area_id", "area"),
        zone_key("unit_id", "responsible_unit"),
        CheckConstraint("length(name) > 0", name="name"),
        CheckConstraint("length(number) > 0", name="number"),
        CheckConstraint(f"investment_fen {_MONEY}", name="investment_fen"),
        CheckConstraint(f"fixed_asset_fen {_MONEY}", name="fixed_asset_fen"),
        CheckConstraint(f"output_fen {_MONEY}", name="output_fen"),
        CheckConstraint(f"tax_fen {_MONEY}", name="tax_fen"),
        CheckConstraint("land_hundredths BETWEEN 0 AND 100000000", name="land_hundredths"),
        CheckConstraint("jobs BETWEEN 0 AND 10000000", name="jobs"),
        CheckConstraint("version >= 1", name="version"),
        Index(
            "ix_project_stage",
            "zone_id",
            "stage",
            "signed_on",
            "total_fen",
            "unit_id",
            "area_id",
            "chain_id",
            "id",
        ),
        Index("ix_project_unit", "zone_id", "unit_id"),
        Index("ix_project_signed", "zone_id", "signed_on", "id"),
        Index("ix_project_total", "zone_id", "total_fen", "id"),
        Index("ix_project_name", "zone_id", "name_pinyin", "id"),
        Index("ix_project_investor", "zone_id", "investor_id"),
    )

    number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120))
    name_pinyin: Mapped[str] = mapped_column(String(200))
    investor_id: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[str] = mapped_column(String(2000), default="")
    chain_id: Mapped[int | None] = mapped_column(BigInteger)
    segment_id: Mapped[int | None] = mapped_column(BigInteger)
    industry: Mapped[str | None] = mapped_column(String(5))
    area_id: Mapped[int | None] = mapped_column(BigInteger)
    unit_id: Mapped[int] = mapped_column(BigInteger)
    officer: Mapped[str] = mapped_column(String(40), default="")
    sponsor: Mapped[str] = mapped_column(String(60), default="")
    """包联领导: the leader who answers for the project."""
    stage: Mapped[Stage] = mapped_column(choice(Stage))
    investment_fen: Mapped[int | None] = mapped_column(BigInteger)
    fixed_asset_fen: Mapped[int | None] = mapped_column(BigInteger)
    land_hundredths: Mapped[int | None] = mapped_column(Integer)
    """Land in hundredths of a 亩, as ledgers give it."""
    output_fen: Mapped[int | None] = mapped_column(BigInteger)
    tax_fen: Mapped[int | None] = mapped_column(BigInteger)
    jobs: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(String(2000), default="")
    extra: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """Columns of the zone's own ledger that have no field here: what stood under each head, as it was written."""
    signed_on: Mapped[dt.date | None] = mapped_column(Date)
    """Day of the formal contract, kept by ``operations`` for sorting and filtering."""
    total_fen: Mapped[int | None] = mapped_column(BigInteger)
    """Formal contract and supplements, else the planned total; kept by ``operations``."""
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    investor: Mapped[Investor] = relationship(viewonly=True, lazy="raise")
    area: Mapped[Area | None] = relationship(viewonly=True, lazy="raise")
    unit: Mapped[ResponsibleUnit] = relationship(viewonly=True, lazy="raise")
    chain: Mapped[Chain | None] = relationship(viewonly=True, lazy="raise")
    segment: Mapped[Segment | None] = relationship(viewonly=True, lazy="raise")


class Contract(ZoneRow, Base):
    """合同. At most one formal contract a project; a supplement's amount is its increment."""

    __tablename__ = "contract"
    __table_args__ = (
        zone_key("project_id", "project"),
        zone_key("unit_id", "responsible_unit"),
        CheckConstraint(f"amount_fen {_MONEY}", name="amount_fen"),
        CheckConstraint(f"fixed_asset_fen {_MONEY}", name="fixed_asset_fen"),
        Index("ix_contract_project", "zone_id", "project_id", "kind", "signed_on", "amount_fen"),
        Index("ix_contract_signed", "zone_id", "kind", "signed_on", "project_id", "amount_fen", "unit_id"),
        Index("uq_contract_number", "zone_id", "number", unique=True, sqlite_where=text("number <> ''"), postgresql_where=text("number <> ''")),
        Index("uq_contract_formal", "zone_id", "project_id", unique=True, sqlite_where=text("kind = 'formal'"), postgresql_where=text("kind = 'formal'")),
    )  # fmt: skip

    project_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[ContractKind] = mapped_column(choice(ContractKind))
    number: Mapped[str] = mapped_column(String(60), default="")
    signed_on: Mapped[dt.date] = mapped_column(Date)
    recognised_on: Mapped[dt.date | None] = mapped_column(Date)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    fixed_asset_fen: Mapped[int | None] = mapped_column(BigInteger)
    unit_id: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")


class Milestone(ZoneRow, Base):
    """里程碑: planned and reached day of one event, with the source that says so."""

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("zone_id", "project_id", "kind"),
        zone_key("project_id", "project"),
        zone_key("unit_id", "responsible_unit"),
        CheckConstraint("reached_on IS NOT NULL OR planned_on IS NOT NULL", name="dated"),
        Index("ix_milestone_reached", "zone_id", "kind", "reached_on", "project_id", "unit_id"),
    )

    project_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[MilestoneKind] = mapped_column(choice(MilestoneKind))
    planned_on: Mapped[dt.date | None] = mapped_column(Date)
    reached_on: Mapped[dt.date | None] = mapped_column(Date)
    recognised_on: Mapped[dt.date | None] = mapped_column(Date)
    unit_id: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(120), default="")


class Responsibility(Base):
    """Which unit answered for a project from which day on; the first row begins at ``date.min``."""

    __tablename__ = "responsibility"
    __table_args__ = (zone_key("project_id", "project"), zone_key("unit_id", "responsible_unit"))

    zone_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    project_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    from_on: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    unit_id: Mapped[int] = mapped_column(BigInteger)
