"""Companies with their contacts, former names, parent company and merges."""

import sqlalchemy as sa
from alembic import op

revision = "0018_investor_pages"
down_revision = "0017_warning_rules"
branch_labels = None
depends_on = None

CHECKS = {
    "parent": "parent_id <> id",
    "merged": "merged_into_id <> id",
    "merged_at": "(merged_into_id IS NULL) = (merged_at IS NULL)",
    "merged_parent": "merged_into_id IS NULL OR parent_id IS NULL",
}
LINKS = ("parent_id", "merged_into_id")


def upgrade() -> None:
    with op.batch_alter_table("investor") as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
        for column in LINKS:
            batch_op.create_foreign_key(
                op.f(f"fk_investor_zone_id_{column}"), "investor", ["zone_id", column], ["zone_id", "id"]
            )
        for name, check in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_investor_{name}"), check)
        batch_op.create_index("ix_investor_parent", ["zone_id", "parent_id"])
        batch_op.create_index("ix_investor_merged", ["zone_id", "merged_into_id", "name_pinyin", "id"])
    _add_former_name()
    _add_contact()
    _add_merge()


def _add_former_name() -> None:
    op.create_table(
        "former_name",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "former", "short", name="name_kind", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("name_pinyin", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_former_name_name")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_former_name_zone_id")),
        sa.ForeignKeyConstraint(
            ["zone_id", "investor_id"],
            ["investor.zone_id", "investor.id"],
            name=op.f("fk_former_name_zone_id_investor_id"),
        ),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_former_name")),
        sa.UniqueConstraint(
            "zone_id", "investor_id", "name_key", name=op.f("uq_former_name_zone_id_investor_id_name_key")
        ),
    )
    op.create_index("ix_former_name_key", "former_name", ["zone_id", "name_key"])


def _add_contact() -> None:
    op.create_table(
        "contact",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("wechat", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("recorded_name", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_contact_name")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_contact_version")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_contact_zone_id")),
        sa.ForeignKeyConstraint(
            ["zone_id", "investor_id"],
            ["investor.zone_id", "investor.id"],
            name=op.f("fk_contact_zone_id_investor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["zone_id", "recorded_by"],
            ["user_account.zone_id", "user_account.id"],
            name=op.f("fk_contact_zone_id_recorded_by"),
        ),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_investor", "contact", ["zone_id", "investor_id"])
    op.create_index(
        "uq_contact_main",
        "contact",
        ["zone_id", "investor_id"],
        unique=True,
        sqlite_where=sa.text("main"),
        postgresql_where=sa.text("main"),
    )


def _add_merge() -> None:
    op.create_table(
        "investor_merge",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kept_id", sa.BigInteger(), nullable=False),
        sa.Column("merged_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.BigInteger(), nullable=True),
        sa.Column("merged_name", sa.String(length=60), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("standing", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_name", sa.String(length=60), nullable=False),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_investor_merge_two")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_investor_merge_zone_id")),
        *(
            sa.ForeignKeyConstraint(
                ["zone_id", column],
                ["investor.zone_id", "investor.id"],
                name=op.f(f"fk_investor_merge_zone_id_{column}"),
            )
            for column in ("kept_id", "merged_id")
        ),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_investor_merge")),
    )
    for side in ("kept", "merged"):
        op.create_index(f"ix_investor_merge_{side}", "investor_merge", ["zone_id", f"{side}_id", "merged_at"])


def downgrade() -> None:
    op.execute("DELETE FROM search_entry WHERE entity = 'contact'")
    for table in ("investor_merge", "contact", "former_name"):
        op.drop_table(table)
    with op.batch_alter_table("investor") as batch_op:
        batch_op.drop_index("ix_investor_merged")
        batch_op.drop_index("ix_investor_parent")
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_investor_{name}"), type_="check")
        for column in LINKS:
            batch_op.drop_constraint(op.f(f"fk_investor_zone_id_{column}"), type_="foreignkey")
        for column in ("merged_at", *LINKS):
            batch_op.drop_column(column)
