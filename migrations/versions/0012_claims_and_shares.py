"""An arrival's claim apart from what is recognised, its evidence and payer; shares of units in an arrival."""

import sqlalchemy as sa
from alembic import op

revision = "0012_claims_and_shares"
down_revision = "0011_auditor"
branch_labels = None
depends_on = None

MONEY = "BETWEEN 1 AND 1000000000000000"
FACT = ["zone_id", "state", "arrived_on", "unit_id", "source", "amount_fen", "project_id"]


def upgrade() -> None:
    with op.batch_alter_table("fund_arrival") as batch_op:
        batch_op.add_column(sa.Column("claimed_fen", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("cut_reason", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column(
                "evidence",
                sa.Enum(
                    "bank",
                    "capital",
                    "equipment",
                    "invoice",
                    "exchange",
                    "other",
                    name="evidence_kind",
                    native_enum=False,
                    length=16,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("payer", sa.String(length=120), nullable=False, server_default=""))
    op.execute("UPDATE fund_arrival SET claimed_fen = amount_fen")
    with op.batch_alter_table("fund_arrival") as batch_op:
        batch_op.alter_column("claimed_fen", existing_type=sa.BigInteger(), nullable=False)
        batch_op.alter_column("cut_reason", existing_type=sa.String(length=200), server_default=None)
        batch_op.alter_column("payer", existing_type=sa.String(length=120), server_default=None)
        batch_op.drop_constraint(op.f("ck_fund_arrival_cny"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_fund_arrival_cny"),
            "currency <> 'CNY' OR (rate_millionths = 1000000 AND original_minor = claimed_fen)",
        )
        batch_op.create_check_constraint(op.f("ck_fund_arrival_claimed_fen"), f"claimed_fen {MONEY}")
        batch_op.create_check_constraint(
            op.f("ck_fund_arrival_cut"),
            "amount_fen = claimed_fen OR"
            " (amount_fen < claimed_fen AND state = 'recognised' AND length(cut_reason) > 0)",
        )
        batch_op.create_check_constraint(
            op.f("ck_fund_arrival_evidence_kind"),
            "evidence IN ('bank', 'capital', 'equipment', 'invoice', 'exchange', 'other')",
        )
        batch_op.drop_index("ix_fund_arrival_fact")
        batch_op.create_index("ix_fund_arrival_fact", [*FACT, "id"], unique=False)
        batch_op.create_index(
            "ix_fund_arrival_reviewed", ["zone_id", "reviewed_by", "reviewed_at"], unique=False
        )
    op.create_table(
        "arrival_share",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("arrival_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("percent_hundredths", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "percent_hundredths BETWEEN 1 AND 10000", name=op.f("ck_arrival_share_percent_hundredths")
        ),
        sa.CheckConstraint(
            "amount_fen BETWEEN 0 AND 1000000000000000", name=op.f("ck_arrival_share_amount_fen")
        ),
        sa.ForeignKeyConstraint(
            ["zone_id", "arrival_id"],
            ["fund_arrival.zone_id", "fund_arrival.id"],
            name=op.f("fk_arrival_share_zone_id_arrival_id"),
        ),
        sa.ForeignKeyConstraint(
            ["zone_id", "unit_id"],
            ["responsible_unit.zone_id", "responsible_unit.id"],
            name=op.f("fk_arrival_share_zone_id_unit_id"),
        ),
        sa.PrimaryKeyConstraint("zone_id", "arrival_id", "unit_id", name=op.f("pk_arrival_share")),
    )


def downgrade() -> None:
    op.drop_table("arrival_share")
    op.execute(
        "UPDATE fund_arrival SET claimed_fen = amount_fen, original_minor = CASE currency WHEN 'CNY' THEN amount_fen ELSE original_minor END"
    )
    with op.batch_alter_table("fund_arrival") as batch_op:
        batch_op.drop_index("ix_fund_arrival_reviewed")
        batch_op.drop_index("ix_fund_arrival_fact")
        batch_op.create_index("ix_fund_arrival_fact", FACT, unique=False)
        for name in ("cut", "claimed_fen", "evidence_kind", "cny"):
            batch_op.drop_constraint(op.f(f"ck_fund_arrival_{name}"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_fund_arrival_cny"),
            "currency <> 'CNY' OR (rate_millionths = 1000000 AND original_minor = amount_fen)",
        )
        for name in ("payer", "evidence", "cut_reason", "claimed_fen"):
            batch_op.drop_column(name)
