"""The journal: closes, entries and waivers, all append-only by triggers.

A later revision that rebuilds one of these tables on SQLite (batch) must create its triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020_journal"
down_revision = "0019_revocations"
branch_labels = None
depends_on = None

TABLES = ("month_close", "journal_entry", "close_waiver")
SQLITE = (
    "CREATE TRIGGER tr_journal_entry_insert BEFORE INSERT ON journal_entry"
    " WHEN EXISTS (SELECT 1 FROM month_close WHERE zone_id = NEW.zone_id AND seq >= NEW.seq)"
    " BEGIN SELECT RAISE(ABORT, 'journal_entry belongs to a step that stands'); END",
    "CREATE TRIGGER tr_month_close_insert BEFORE INSERT ON month_close"
    " WHEN NEW.seq <> 1 + (SELECT coalesce(max(seq), 0) FROM month_close WHERE zone_id = NEW.zone_id)"
    " BEGIN SELECT RAISE(ABORT, 'month_close only goes on'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
    "CREATE FUNCTION journal_stands() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN IF EXISTS (SELECT 1 FROM (SELECT DISTINCT zone_id, seq FROM added) AS step"
    " JOIN month_close ON month_close.zone_id = step.zone_id AND month_close.seq >= step.seq)"
    " THEN RAISE EXCEPTION 'journal_entry belongs to a step that stands'; END IF; RETURN NULL; END $$",
    "CREATE FUNCTION journal_goes_on() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN"
    " IF NEW.seq <> 1 + (SELECT coalesce(max(seq), 0) FROM month_close WHERE zone_id = NEW.zone_id)"
    " THEN RAISE EXCEPTION 'month_close only goes on'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_journal_entry_insert AFTER INSERT ON journal_entry REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION journal_stands()",
    "CREATE TRIGGER tr_month_close_insert BEFORE INSERT ON month_close"
    " FOR EACH ROW EXECUTE FUNCTION journal_goes_on()",
)


def upgrade() -> None:
    """Make the tables, then shut them."""
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
        for table in TABLES:
            for event in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER tr_{table}_{event} BEFORE {event.upper()} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    for statement in POSTGRESQL:
        op.execute(statement)
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER tr_{table}_change BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION journal_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER tr_{table}_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
        )


def downgrade() -> None:
    """Remove everything; what was closed is lost."""
    for table in ("journal_entry", "month_close", "close_waiver"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for function in ("journal_refuse", "journal_stands", "journal_goes_on"):
            op.execute(f"DROP FUNCTION {function}()")


def _create_tables() -> None:
    op.create_table(
        "close_waiver",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_close_waiver_reason")),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_close_waiver_month")),
        sa.CheckConstraint("rows >= 1", name=op.f("ck_close_waiver_rows")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_close_waiver_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_close_waiver")),
    )
    op.create_index("ix_close_waiver_month", "close_waiver", ["zone_id", "year", "month"])
    op.create_table(
        "month_close",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "close", "reopen", name="close_action", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("cutoff_day", sa.Integer(), nullable=False),
        sa.Column("by_recognition", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("user_name", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("posted", sa.BigInteger(), nullable=False),
        sa.Column("reversed", sa.BigInteger(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("lists", sa.JSON(), nullable=False),
        sa.Column("alg", sa.String(length=16), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "action = 'close' OR (entries = 0 AND length(reason) > 0)", name=op.f("ck_month_close_reopening")
        ),
        sa.CheckConstraint(
            "entries = posted + reversed AND posted >= 0 AND reversed >= 0",
            name=op.f("ck_month_close_entries"),
        ),
        sa.CheckConstraint("length(hash) = 64 AND length(prev_hash) = 64", name=op.f("ck_month_close_hash")),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_month_close_month")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_month_close_seq")),
        sa.CheckConstraint("since <= until", name=op.f("ck_month_close_days")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_month_close_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_month_close")),
        sa.UniqueConstraint("zone_id", "seq", name=op.f("uq_month_close_zone_id_seq")),
    )
    op.create_index("ix_month_close_month", "month_close", ["zone_id", "year", "month", "seq"])
    op.create_table(
        "journal_entry",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sign", sa.Integer(), nullable=False),
        sa.Column(
            "why",
            sa.Enum(
                "new", "changed", "removed", name="why", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
        ),
        sa.Column("changed", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "signed",
                "landed",
                "started",
                "produced",
                "full",
                "funds",
                "terminated",
                name="fact_kind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("counts", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("big", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("chain_id", sa.BigInteger(), nullable=True),
        sa.Column("segment_id", sa.BigInteger(), nullable=True),
        sa.Column("industry", sa.String(length=5), nullable=True),
        sa.Column("origin", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=True),
        sa.Column("investor_type", sa.String(length=16), nullable=True),
        sa.Column("output_fen", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("project", sa.String(length=120), nullable=False),
        sa.Column("investor", sa.String(length=120), nullable=False),
        sa.Column("voucher", sa.String(length=60), nullable=True),
        sa.CheckConstraint("big IN (0, 1)", name=op.f("ck_journal_entry_big")),
        sa.CheckConstraint("counts IN (0, 1)", name=op.f("ck_journal_entry_counts")),
        sa.CheckConstraint("line >= 1", name=op.f("ck_journal_entry_line")),
        sa.CheckConstraint("sign IN (-1, 1)", name=op.f("ck_journal_entry_sign")),
        sa.ForeignKeyConstraint(
            ["zone_id", "seq"],
            ["month_close.zone_id", "month_close.seq"],
            name=op.f("fk_journal_entry_zone_id_seq"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("zone_id", "seq", "line", name=op.f("pk_journal_entry")),
    )
    op.create_index(
        "ix_journal_entry_day",
        "journal_entry",
        [
            "zone_id",
            "kind",
            "on_day",
            "seq",
            "sign",
            "big",
            "ended_on",
            "counts",
            "amount_fen",
            "unit_id",
            "source",
        ],
    )
    op.create_index(
        "ix_journal_entry_fact",
        "journal_entry",
        ["zone_id", "kind", "record_id", "part", "seq", "sign"],
    )
