"""Imports in steps: what was recognised and answered, a verdict for each row, the images that undo works from."""

import sqlalchemy as sa
from alembic import op

revision = "0026_import_rows"
down_revision = "0025_brief_words"
branch_labels = None
depends_on = None

STATES = ("reading", "recognised", "judging", "judged", "writing", "done", "undoing", "undone", "failed")
STATES_BEFORE = ("reading", "judged", "writing", "done", "refused", "failed")
KINDS = ("brief", "read", "judge", "write", "undo", "export", "close", "draft", "word", "phone")
KINDS_BEFORE = ("brief", "judge", "write", "export", "close", "draft", "word", "phone")


def upgrade() -> None:
    _extend_batch()
    op.create_table(
        "import_row",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("row_of", "project", "arrival", "target"), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("verdict", _one_of("verdict", "new", "changed", "same", "question", "refused"), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("choice", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("take", sa.Boolean(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_import_row_zone_id")),
        sa.ForeignKeyConstraint(
            ["zone_id", "batch_id"],
            ["import_batch.zone_id", "import_batch.id"],
            name=op.f("fk_import_row_zone_id_batch_id"),
        ),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("zone_id", "batch_id", "sheet", "row", name=op.f("uq_import_row_zone_id_batch_id_sheet_row")),
    )  # fmt: skip
    op.create_index("ix_import_row_verdict", "import_row", ["zone_id", "batch_id", "verdict", "sheet", "row"])
    op.create_table(
        "import_image",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("record_key", sa.String(length=60), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("NOT (before IS NULL AND after IS NULL)", name=op.f("ck_import_image_something")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_import_image_zone_id")),
        sa.ForeignKeyConstraint(
            ["zone_id", "batch_id"],
            ["import_batch.zone_id", "import_batch.id"],
            name=op.f("fk_import_image_zone_id_batch_id"),
        ),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_import_image")),
        sa.UniqueConstraint(
            "zone_id",
            "batch_id",
            "table_name",
            "record_key",
            name=op.f("uq_import_image_zone_id_batch_id_table_name_record_key"),
        ),
    )
    _allow("job", op.f("ck_job_job_kind"), "kind", KINDS)


def _extend_batch() -> None:
    """The steps of a batch; one that was refused is one that was judged."""
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.drop_constraint(op.f("ck_import_batch_batch_state"), type_="check")
        for name in ("recognition", "answers", "edits", "figures", "undo_report"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=True))
        for name in ("confirmed", "undone"):
            batch_op.add_column(sa.Column(f"{name}_by", sa.BigInteger(), nullable=True))
            batch_op.add_column(
                sa.Column(f"{name}_name", sa.String(length=60), server_default="", nullable=False)
            )
            batch_op.add_column(sa.Column(f"{name}_at", sa.DateTime(timezone=True), nullable=True))
    # Verdicts of before had no rows of their own: such a file is judged again before it is written.
    op.execute("UPDATE import_batch SET state = 'judged' WHERE state = 'refused'")
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.create_check_constraint(op.f("ck_import_batch_batch_state"), _in("state", STATES))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=16)


def _in(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _allow(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, _in(column, values))


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE kind IN ('read', 'undo')")
    _allow("job", op.f("ck_job_job_kind"), "kind", KINDS_BEFORE)
    op.drop_table("import_image")
    op.drop_table("import_row")
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.drop_constraint(op.f("ck_import_batch_batch_state"), type_="check")
    op.execute("UPDATE import_batch SET state = 'failed' WHERE state IN ('recognised', 'judging')")
    op.execute("UPDATE import_batch SET state = 'done' WHERE state IN ('undoing', 'undone')")
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.create_check_constraint(op.f("ck_import_batch_batch_state"), _in("state", STATES_BEFORE))
        for name in ("recognition", "answers", "edits", "figures", "undo_report"):
            batch_op.drop_column(name)
        for name in ("confirmed", "undone"):
            for part in ("by", "name", "at"):
                batch_op.drop_column(f"{name}_{part}")
