"""Saved views of the project list, and how each person uses them: own columns, which one opens first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_project_views"
down_revision = "0014_stage_gates"
branch_labels = None
depends_on = None


def _identity() -> list[sa.Column]:
    return [
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
    ]


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_zone_id_{column}")
    return sa.ForeignKeyConstraint(["zone_id", column], [f"{other}.zone_id", f"{other}.id"], name=name)


def _frame(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f(f"fk_{table}_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    """Two tables; nobody has a view yet."""
    op.create_table(
        "project_view",
        *_identity(),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("shared", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_project_view_name")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_project_view_version")),
        _key("project_view", "owner_id", "user_account"),
        sa.UniqueConstraint(
            "zone_id", "owner_id", "name", name=op.f("uq_project_view_zone_id_owner_id_name")
        ),
        *_frame("project_view"),
    )
    op.create_table(
        "project_view_use",
        *_identity(),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("view_id", sa.BigInteger(), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=True),
        sa.Column("opens_first", sa.Boolean(create_constraint=False), nullable=False),
        sa.CheckConstraint(
            "view_id IS NOT NULL OR NOT opens_first", name=op.f("ck_project_view_use_opens_first")
        ),
        _key("project_view_use", "user_id", "user_account"),
        _key("project_view_use", "view_id", "project_view"),
        sa.UniqueConstraint(
            "zone_id", "user_id", "view_id", name=op.f("uq_project_view_use_zone_id_user_id_view_id")
        ),
        *_frame("project_view_use"),
    )
    for name, where in (("plain", "view_id IS NULL"), ("first", "opens_first")):
        condition = sa.text(where)
        op.create_index(
            f"uq_project_view_use_{name}",
            "project_view_use",
            ["zone_id", "user_id"],
            unique=True,
            sqlite_where=condition,
            postgresql_where=condition,
        )
    op.create_index("ix_project_view_use_view", "project_view_use", ["zone_id", "view_id"])


def downgrade() -> None:
    """Without views."""
    op.drop_table("project_view_use")
    op.drop_table("project_view")
