"""Briefs as documents: state, prose and steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_brief_documents"
down_revision = "0020_journal"
branch_labels = None
depends_on = None

STATES = ("draft", "review", "issued", "archived")


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _state() -> sa.Column[str]:
    kind = sa.Enum(*STATES, name="document_state", native_enum=False, create_constraint=True, length=16)
    return sa.Column("state", kind, nullable=False)


def _person(who: str, when: str) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{who}_by", sa.BigInteger(), nullable=True),
        sa.Column(f"{who}_name", sa.String(60), nullable=False),
        sa.Column(when, sa.DateTime(timezone=True), nullable=False),
    ]


def _ties(table: str, *, document: bool = True) -> list[sa.Constraint]:
    ties: list[sa.Constraint] = [
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f(f"fk_{table}_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f(f"pk_{table}")),
    ]
    if document:
        ties.append(
            sa.ForeignKeyConstraint(
                ["zone_id", "document_id"],
                ["brief_document.zone_id", "brief_document.id"],
                name=op.f(f"fk_{table}_zone_id_document_id"),
            )
        )
    return ties


def upgrade() -> None:
    """Three tables, two columns of a zone, two of a printed brief."""
    op.add_column("zone", sa.Column("brief_prefix", sa.String(20), nullable=False, server_default=""))
    op.add_column("zone", sa.Column("brief_outline", sa.JSON(), nullable=True))
    with op.batch_alter_table("zone") as batch:
        batch.alter_column("brief_prefix", existing_type=sa.String(20), server_default=None)
    op.create_table(
        "brief_document",
        _key("zone_id"),
        _key("id"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        _state(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("outline", sa.JSON(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("close_hash", sa.String(64), nullable=False),
        sa.Column("code", sa.String(40), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_person("started", "started_at"),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_brief_document_month")),
        sa.CheckConstraint("number BETWEEN 1 AND 999", name=op.f("ck_brief_document_number")),
        sa.CheckConstraint("total BETWEEN 1 AND 99999", name=op.f("ck_brief_document_total")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_brief_document_version")),
        sa.CheckConstraint(
            "state NOT IN ('issued', 'archived') OR (sha256 IS NOT NULL AND code IS NOT NULL)",
            name=op.f("ck_brief_document_issued"),
        ),
        *_ties("brief_document", document=False),
        sa.UniqueConstraint("zone_id", "year", "month", name=op.f("uq_brief_document_zone_id_year_month")),
        sa.UniqueConstraint("zone_id", "year", "number", name=op.f("uq_brief_document_zone_id_year_number")),
        sa.UniqueConstraint("code", name=op.f("uq_brief_document_code")),
    )
    op.create_table(
        "brief_paragraph",
        _key("zone_id"),
        _key("id"),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("section", sa.String(40), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("after", sa.String(60), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("runs", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_person("written", "written_at"),
        sa.CheckConstraint("version >= 1", name=op.f("ck_brief_paragraph_version")),
        *_ties("brief_paragraph"),
        sa.UniqueConstraint(
            "zone_id", "document_id", "key", name=op.f("uq_brief_paragraph_zone_id_document_id_key")
        ),
    )
    op.create_table(
        "brief_step",
        _key("zone_id"),
        _key("id"),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        _state(),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("person_name", sa.String(60), nullable=False),
        sa.Column("remark", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_ties("brief_step"),
    )
    op.create_index("ix_brief_step", "brief_step", ["zone_id", "document_id"])
    with op.batch_alter_table("brief") as batch:
        batch.add_column(sa.Column("document_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("issues", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_foreign_key(
            op.f("fk_brief_zone_id_document_id"),
            "brief_document",
            ["zone_id", "document_id"],
            ["zone_id", "id"],
        )
        batch.create_index("ix_brief_document", ["zone_id", "document_id"])
    with op.batch_alter_table("brief") as batch:
        batch.alter_column("issues", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    """Printed briefs stay; documents and their prose go."""
    with op.batch_alter_table("brief") as batch:
        batch.drop_index("ix_brief_document")
        batch.drop_constraint(op.f("fk_brief_zone_id_document_id"), type_="foreignkey")
        batch.drop_column("issues")
        batch.drop_column("document_id")
    for table in ("brief_step", "brief_paragraph", "brief_document"):
        op.drop_table(table)
    with op.batch_alter_table("zone") as batch:
        batch.drop_column("brief_outline")
        batch.drop_column("brief_prefix")
