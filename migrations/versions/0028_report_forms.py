"""上报表: workbooks of superiors, what they are tied to, and what was filled from them."""

import sqlalchemy as sa
from alembic import op

revision = "0028_report_forms"
down_revision = "0027_brief_comments"
branch_labels = None
depends_on = None

KINDS = ("brief", "read", "judge", "write", "undo", "export", "close", "draft", "word", "phone")


def upgrade() -> None:
    op.create_table(
        "report_form",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("setup", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_name", sa.String(length=60), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_report_form_name")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_report_form_version")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_report_form_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_report_form")),
    )
    op.create_index(
        "uq_report_form_name",
        "report_form",
        ["zone_id", "name"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "report_fill",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("form_id", sa.BigInteger(), nullable=False),
        sa.Column("form_name", sa.String(length=60), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("setup", sa.JSON(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["zone_id", "form_id"],
            ["report_form.zone_id", "report_form.id"],
            name=op.f("fk_report_fill_zone_id_form_id"),
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_report_fill_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_report_fill")),
    )
    op.create_index("ix_report_fill_form", "report_fill", ["zone_id", "form_id", "made_at"])
    _allow((*KINDS, "fill"))


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE kind = 'fill'")
    _allow(KINDS)
    op.drop_table("report_fill")
    op.drop_table("report_form")


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("job") as batch:
        batch.drop_constraint(op.f("ck_job_job_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_job_job_kind"), sa.text(f"kind IN ({listed})"))
