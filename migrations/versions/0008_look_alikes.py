"""Pinyin of leads and investors, for look-alikes; since when a unit has a lead; how long an extension lasts."""

import sqlalchemy as sa
from alembic import op

from app.directory.rules import pinyin_key

revision = "0008_look_alikes"
down_revision = "0007_activity_limits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("investor") as batch_op:
        batch_op.add_column(sa.Column("name_pinyin", sa.String(length=200), nullable=True))
    with op.batch_alter_table("lead") as batch_op:
        batch_op.add_column(sa.Column("name_pinyin", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("investor_pinyin", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("lead_decision") as batch_op:
        batch_op.add_column(sa.Column("until_on", sa.Date(), nullable=True))
    _fill("investor", {"name_pinyin": "name"})
    _fill("lead", {"name_pinyin": "name", "investor_pinyin": "investor_name"})
    op.execute("UPDATE lead SET received_at = reported_at")
    op.execute("UPDATE lead SET protected_until = date(reported_at) WHERE protected_until IS NULL")
    with op.batch_alter_table("investor") as batch_op:
        batch_op.alter_column("name_pinyin", existing_type=sa.String(length=200), nullable=False)
    with op.batch_alter_table("lead") as batch_op:
        batch_op.alter_column("name_pinyin", existing_type=sa.String(length=200), nullable=False)
        batch_op.alter_column("investor_pinyin", existing_type=sa.String(length=200), nullable=False)
        batch_op.alter_column("received_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("protected_until", existing_type=sa.Date(), nullable=False)
        batch_op.create_index("ix_lead_reported", ["zone_id", "reported_at", "id"])
        batch_op.create_index("ix_lead_project", ["zone_id", "project_id"])


def _fill(table: str, sources: dict[str, str]) -> None:
    """Write the pinyin of the ``sources`` of every row, a thousand at a time."""
    rows = sa.table(
        table,
        sa.column("zone_id", sa.BigInteger),
        sa.column("id", sa.BigInteger),
        *(sa.column(name, sa.String) for name in {*sources, *sources.values()}),
    )
    connection = op.get_bind()
    change = rows.update().where(rows.c.zone_id == sa.bindparam("zone"), rows.c.id == sa.bindparam("key"))
    change = change.values({target: sa.bindparam(f"new_{target}") for target in sources})
    found = connection.execute(sa.select(rows)).all()
    for start in range(0, len(found), 1000):
        connection.execute(
            change,
            [
                {
                    "zone": row.zone_id,
                    "key": row.id,
                    **{f"new_{t}": pinyin_key(getattr(row, s)) for t, s in sources.items()},
                }
                for row in found[start : start + 1000]
            ],
        )


def downgrade() -> None:
    with op.batch_alter_table("lead_decision") as batch_op:
        batch_op.drop_column("until_on")
    with op.batch_alter_table("lead") as batch_op:
        batch_op.drop_index("ix_lead_project")
        batch_op.drop_index("ix_lead_reported")
        batch_op.alter_column("protected_until", existing_type=sa.Date(), nullable=True)
        batch_op.drop_column("received_at")
        batch_op.drop_column("investor_pinyin")
        batch_op.drop_column("name_pinyin")
    with op.batch_alter_table("investor") as batch_op:
        batch_op.drop_column("name_pinyin")
