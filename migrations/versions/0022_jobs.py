"""Long work that people asked for; the day on which a zone's monthly draft is made by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0022_jobs"
down_revision = "0021_brief_documents"
branch_labels = None
depends_on = None

KINDS = ("brief", "judge", "write", "export", "close", "draft")
STATES = ("waiting", "running", "done", "failed")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="job_kind", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="job_state", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=True),
        sa.Column("slot", sa.String(length=40), nullable=True),
        sa.Column("arguments", sa.JSON(), nullable=True),
        sa.Column("said", sa.String(length=300), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("file_size", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("attempt BETWEEN 1 AND 10", name=op.f("ck_job_attempt")),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name=op.f("ck_job_finished")
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_job_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_job")),
        sa.UniqueConstraint("zone_id", "kind", "slot", name=op.f("uq_job_zone_id_kind_slot")),
    )
    op.create_index("ix_job_made", "job", ["zone_id", "made_at"])
    op.create_index("ix_job_mine", "job", ["zone_id", "made_by", "made_at"])
    op.create_index("ix_job_state", "job", ["state", "made_at"])
    with op.batch_alter_table("zone") as batch_op:
        batch_op.add_column(sa.Column("draft_day", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_zone_draft_day"), "draft_day BETWEEN 1 AND 28")


def downgrade() -> None:
    with op.batch_alter_table("zone") as batch_op:
        batch_op.drop_constraint(op.f("ck_zone_draft_day"), type_="check")
        batch_op.drop_column("draft_day")
    op.drop_table("job")
