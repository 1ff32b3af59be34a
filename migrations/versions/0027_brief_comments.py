"""What signers want changed in the paragraphs of a brief."""

import sqlalchemy as sa
from alembic import op

revision = "0027_brief_comments"
down_revision = "0026_import_rows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brief_comment",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.String(length=500), nullable=False),
        sa.Column("resolved_by", sa.BigInteger(), nullable=True),
        sa.Column("resolved_name", sa.String(length=60), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_brief_comment_text")),
        sa.CheckConstraint(
            "resolved_at IS NULL OR resolved_name IS NOT NULL", name=op.f("ck_brief_comment_resolved")
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_brief_comment_zone_id")),
        sa.ForeignKeyConstraint(
            ["zone_id", "document_id"],
            ["brief_document.zone_id", "brief_document.id"],
            name=op.f("fk_brief_comment_zone_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_brief_comment")),
    )
    op.create_index("ix_brief_comment", "brief_comment", ["zone_id", "document_id"])


def downgrade() -> None:
    op.drop_table("brief_comment")
