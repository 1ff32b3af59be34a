"""Limits of stages for 久未更新; activities and tasks that were taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_activity_limits"
down_revision = "0006_activities"
branch_labels = None
depends_on = None

STAGES = "lead talks signed landed started produced full suspended terminated lost".split()
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns one by one, which keeps the named checks of SQLite's tables; add the table."""
    op.add_column("activity", sa.Column("withdrawn_at", INSTANT, nullable=True))
    op.add_column("activity", sa.Column("withdrawn_name", sa.String(60), nullable=False, server_default=""))
    op.add_column(
        "activity", sa.Column("withdrawn_reason", sa.String(200), nullable=False, server_default="")
    )
    op.add_column("task", sa.Column("withdrawn_at", INSTANT, nullable=True))
    op.add_column("task", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "activity_limit",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "stage",
            sa.Enum(*STAGES, name="stage", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days BETWEEN 0 AND 365", name=op.f("ck_activity_limit_days")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_activity_limit_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "stage", name=op.f("pk_activity_limit")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("activity_limit")
    op.drop_column("task", "version")
    op.drop_column("task", "withdrawn_at")
    op.drop_column("activity", "withdrawn_reason")
    op.drop_column("activity", "withdrawn_name")
    op.drop_column("activity", "withdrawn_at")
