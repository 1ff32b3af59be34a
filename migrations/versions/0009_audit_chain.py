"""The audit log becomes append-only and chained; what it holds already is chained in the order of time.

A later revision that rebuilds ``audit_entry`` on SQLite (batch) must create its triggers again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009_audit_chain"
down_revision = "0008_look_alikes"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
ENTRY = sa.table(
    "audit_entry",
    sa.column("zone_id", sa.BigInteger),
    sa.column("id", sa.BigInteger),
    sa.column("seq", sa.BigInteger),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor_id", sa.BigInteger),
    sa.column("actor_name", sa.String),
    sa.column("session_id", sa.BigInteger),
    sa.column("address", sa.String),
    sa.column("request_id", sa.String),
    sa.column("action", sa.String),
    sa.column("entity", sa.String),
    sa.column("entity_id", sa.BigInteger),
    sa.column("before", sa.JSON),
    sa.column("after", sa.JSON),
    sa.column("prev_hash", sa.String),
    sa.column("alg", sa.String),
    sa.column("hash", sa.String),
)
HEAD = sa.table(
    "audit_head",
    sa.column("zone_id", sa.BigInteger),
    sa.column("seq", sa.BigInteger),
    sa.column("hash", sa.String),
)
NEW = ("seq", "session_id", "address", "request_id", "prev_hash", "alg", "hash")
SQLITE = (
    "CREATE TRIGGER tr_audit_entry_update BEFORE UPDATE ON audit_entry"
    " BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
    "CREATE TRIGGER tr_audit_entry_delete BEFORE DELETE ON audit_entry"
    " BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
    "CREATE TRIGGER tr_audit_head_update BEFORE UPDATE ON audit_head"
    " WHEN NEW.seq <= OLD.seq OR NEW.zone_id <> OLD.zone_id"
    " BEGIN SELECT RAISE(ABORT, 'audit_head only moves forward'); END",
    "CREATE TRIGGER tr_audit_head_delete BEFORE DELETE ON audit_head"
    " BEGIN SELECT RAISE(ABORT, 'audit_head only moves forward'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
    "CREATE TRIGGER tr_audit_entry_change BEFORE UPDATE OR DELETE ON audit_entry"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER tr_audit_entry_truncate BEFORE TRUNCATE ON audit_entry"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER tr_audit_head_update BEFORE UPDATE ON audit_head FOR EACH ROW"
    " WHEN (NEW.seq <= OLD.seq OR NEW.zone_id <> OLD.zone_id) EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER tr_audit_head_delete BEFORE DELETE ON audit_head"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER tr_audit_head_truncate BEFORE TRUNCATE ON audit_head"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
)


def upgrade() -> None:
    """Add the columns, chain the rows, then close the table."""
    op.create_table(
        "audit_head",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_audit_head_seq")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_audit_head_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", name=op.f("pk_audit_head")),
    )
    for column in (
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("request_id", sa.String(length=32), nullable=True),
        sa.Column("prev_hash", sa.String(length=64), nullable=True),
        sa.Column("alg", sa.String(length=16), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
    ):
        op.add_column("audit_entry", column)
    _chain(op.get_bind())
    with op.batch_alter_table("audit_entry") as batch:
        for name in NEW:
            if name != "session_id":
                batch.alter_column(name, nullable=False)
        batch.create_unique_constraint(op.f("uq_audit_entry_zone_id_seq"), ["zone_id", "seq"])
        batch.create_check_constraint(op.f("ck_audit_entry_seq"), "seq >= 1")
        batch.create_check_constraint(op.f("ck_audit_entry_prev_hash"), "length(prev_hash) = 64")
        batch.create_check_constraint(op.f("ck_audit_entry_hash"), "length(hash) = 64")
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Open the table again; the entries stay, their chain is lost."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in reversed(SQLITE if sqlite else POSTGRESQL[1:]):
        words = statement.split()
        op.execute(f"DROP TRIGGER {words[2]}" + ("" if sqlite else f" ON {words[words.index('ON') + 1]}"))
    if not sqlite:
        op.execute("DROP FUNCTION audit_refuse()")
    with op.batch_alter_table("audit_entry") as batch:
        batch.drop_constraint(op.f("uq_audit_entry_zone_id_seq"), type_="unique")
        for name in ("seq", "prev_hash", "hash"):
            batch.drop_constraint(op.f(f"ck_audit_entry_{name}"), type_="check")
        for name in NEW:
            batch.drop_column(name)
    op.drop_table("audit_head")


def _chain(connection: sa.Connection) -> None:
    """Number and chain the rows of each zone; the form of a hash is fixed here as the application makes it."""
    ends: dict[int, tuple[int, str]] = {}
    rows = connection.execute(sa.select(ENTRY).order_by(ENTRY.c.zone_id, ENTRY.c.at, ENTRY.c.id)).mappings()
    for row in rows.all():
        seq, prev_hash = ends.get(row["zone_id"], (0, GENESIS))
        values: dict[str, Any] = {"seq": seq + 1, "address": "", "request_id": "", "alg": "sha256"}
        content = {name: row[name] for name in row if name not in ("prev_hash", "hash")} | values
        at: dt.datetime = row["at"]
        aware = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
        content["at"] = f"{aware:%Y-%m-%dT%H:%M:%S.%f}Z"
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        values["prev_hash"] = prev_hash
        values["hash"] = hashlib.sha256(f"{prev_hash}\n{text}".encode()).hexdigest()
        mine = ENTRY.c.zone_id == row["zone_id"], ENTRY.c.id == row["id"]
        connection.execute(sa.update(ENTRY).where(*mine).values(values))
        ends[row["zone_id"]] = values["seq"], values["hash"]
    for zone_id, (seq, end) in ends.items():
        connection.execute(sa.insert(HEAD).values(zone_id=zone_id, seq=seq, hash=end))
