"""上报表: whether a fill reads today's records or the books of its closed month."""

import sqlalchemy as sa
from alembic import op

revision = "0029_fill_basis"
down_revision = "0028_report_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report_fill") as batch:
        batch.add_column(sa.Column("basis", sa.String(length=16), server_default="live", nullable=False))
        batch.create_check_constraint(
            op.f("ck_report_fill_basis"), sa.text("basis IN ('live', 'closed', 'restated')")
        )


def downgrade() -> None:
    with op.batch_alter_table("report_fill") as batch:
        batch.drop_constraint(op.f("ck_report_fill_basis"), type_="check")
        batch.drop_column("basis")
