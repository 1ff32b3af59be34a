"""Steps of an arrival that were taken back; lists with entries switched off; the index says what a record is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_revocations"
down_revision = "0018_investor_pages"
branch_labels = None
depends_on = None

OLD_STATES = ("pending", "recognised", "returned")
NEW_STATES = (*OLD_STATES, "withdrawn", "voided")
LISTS = ("area", "responsible_unit", "chain")
VOUCHER = "voucher <> ''"


def upgrade() -> None:
    """Two more states, and their history."""
    _allow(NEW_STATES, f"{VOUCHER} AND state <> 'voided'")
    op.create_table(
        "arrival_revocation",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("arrival_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("was_state", sa.String(length=16), nullable=False),
        sa.Column("was_fen", sa.BigInteger(), nullable=False),
        sa.Column("was_reason", sa.String(length=200), nullable=False),
        sa.Column("was_recognised_on", sa.Date(), nullable=True),
        sa.Column("was_reviewed_name", sa.String(length=60), nullable=False),
        sa.Column("was_reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.Column("done_name", sa.String(length=60), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('recognition', 'returning', 'withdrawal', 'void', 'restore')",
            name=op.f("ck_arrival_revocation_revocation_kind"),
        ),
        sa.CheckConstraint(
            "kind IN ('withdrawal', 'restore') OR length(reason) > 0",
            name=op.f("ck_arrival_revocation_reason"),
        ),
        sa.CheckConstraint(_one_of("was_state", NEW_STATES), name=op.f("ck_arrival_revocation_review_state")),
        sa.CheckConstraint(
            "was_fen BETWEEN 1 AND 1000000000000000", name=op.f("ck_arrival_revocation_was_fen")
        ),
        sa.ForeignKeyConstraint(
            ["zone_id", "arrival_id"],
            ["fund_arrival.zone_id", "fund_arrival.id"],
            name=op.f("fk_arrival_revocation_zone_id_arrival_id"),
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_arrival_revocation_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_arrival_revocation")),
    )
    op.create_index("ix_arrival_revocation_arrival", "arrival_revocation", ["zone_id", "arrival_id", "id"])
    for table in LISTS:
        op.add_column(table, sa.Column("off_at", sa.DateTime(timezone=True), nullable=True))
    # The zone's token, the first one, now says what kind of record it is as well.
    op.execute(
        "UPDATE search_entry SET tokens = substr(tokens, 1, length(tokens) - length(ltrim(tokens, 'zone0123456789abcdef')))"
        " || entity || ltrim(tokens, 'zone0123456789abcdef')"
    )


def downgrade() -> None:
    """What was withdrawn was returned; what is void cannot be told from it any more."""
    op.execute("UPDATE search_entry SET tokens = replace(tokens, entity || ' ', ' ')")
    for table in LISTS:
        op.drop_column(table, "off_at")
    op.drop_table("arrival_revocation")
    op.execute("UPDATE fund_arrival SET voucher = '' WHERE state = 'voided'")
    op.execute(
        "UPDATE fund_arrival SET state = 'returned', return_reason = CASE state WHEN 'voided' THEN '已作废' ELSE '已撤回' END"
        " WHERE state IN ('withdrawn', 'voided')"
    )
    _allow(OLD_STATES, VOUCHER)


def _allow(states: tuple[str, ...], voucher: str) -> None:
    op.drop_index("uq_fund_arrival_voucher", "fund_arrival")
    with op.batch_alter_table("fund_arrival") as batch_op:
        batch_op.drop_constraint(op.f("ck_fund_arrival_review_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_fund_arrival_review_state"), _one_of("state", states))
    where = sa.text(voucher)
    op.create_index(
        "uq_fund_arrival_voucher",
        "fund_arrival",
        ["zone_id", "voucher"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
