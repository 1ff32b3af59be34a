"""What a zone's own ledgers mean by their heads; columns of a ledger that the system has no field for."""

import sqlalchemy as sa
from alembic import op

revision = "0023_ledger_forms"
down_revision = "0022_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_head",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head_key", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(head_key) > 0", name=op.f("ck_ledger_head_head_key")),
        sa.CheckConstraint("length(field) > 0", name=op.f("ck_ledger_head_field")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_ledger_head_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_ledger_head")),
        sa.UniqueConstraint("zone_id", "head_key", name=op.f("uq_ledger_head_zone_id_head_key")),
    )
    with op.batch_alter_table("project") as batch_op:
        batch_op.add_column(sa.Column("extra", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("project") as batch_op:
        batch_op.drop_column("extra")
    op.drop_table("ledger_head")
