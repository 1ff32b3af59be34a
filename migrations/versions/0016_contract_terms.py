"""Opinions of review, commitments of both sides, changes of investor; contracts get a version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_contract_terms"
down_revision = "0015_project_views"
branch_labels = None
depends_on = None


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=16)


def _frame(table: str, *columns: sa.Column | sa.Constraint, **links: str) -> None:
    """A table with the usual key, and links ``column=table`` to rows of the same zone."""
    op.create_table(
        table,
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        *columns,
        *(
            sa.ForeignKeyConstraint(
                ["zone_id", column], [f"{other}.zone_id", f"{other}.id"], name=f"fk_{table}_zone_id_{column}"
            )
            for column, other in links.items()
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=f"fk_{table}_zone_id"),
        sa.PrimaryKeyConstraint("zone_id", "id", name=f"pk_{table}"),
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    """Three tables; what is stored stays as it is."""
    op.add_column("contract", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    table = "contract_review"
    _frame(
        table,
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind", _choice(op.f(f"ck_{table}_review_kind"), "legality", "fair_competition"), nullable=False
        ),
        sa.Column(
            "result",
            _choice(op.f(f"ck_{table}_review_result"), "passed", "conditional", "failed"),
            nullable=False,
        ),
        sa.Column("opined_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(60), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("remark", sa.String(500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(table, "body", "length(body) > 0"),
        _check(table, "remark", "result = 'passed' OR length(remark) > 0"),
        _check(table, "version", "version >= 1"),
        project_id="project",
        contract_id="contract",
    )
    op.create_index("ix_contract_review_project", table, ["zone_id", "project_id", "kind", "opined_on"])
    op.create_index("ix_contract_review_contract", table, ["zone_id", "contract_id"])
    _add_commitments()
    _add_investor_changes()


def _add_commitments() -> None:
    table = "commitment"
    states = _choice(op.f(f"ck_{table}_commitment_state"), "open", "kept", "broken", "waived")
    _frame(
        table,
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=True),
        sa.Column("side", _choice(op.f(f"ck_{table}_side"), "zone", "investor"), nullable=False),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("measure", sa.String(60), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("condition", sa.String(200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", states, nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_note", sa.String(500), nullable=False),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_name", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(table, "what", "length(what) > 0"),
        _check(table, "amount_fen", "amount_fen BETWEEN 0 AND 1000000000000000"),
        _check(table, "due", "due_on IS NOT NULL OR length(condition) > 0"),
        _check(table, "settled", "(state = 'open') = (settled_on IS NULL)"),
        _check(table, "settled_note", "state IN ('open', 'kept') OR length(settled_note) > 0"),
        _check(table, "version", "version >= 1"),
        project_id="project",
        contract_id="contract",
        settled_by="user_account",
    )
    op.create_index("ix_commitment_project", table, ["zone_id", "project_id", "due_on"])
    op.create_index("ix_commitment_contract", table, ["zone_id", "contract_id"])
    op.create_index("ix_commitment_due", table, ["zone_id", "state", "due_on", "project_id"])


def _add_investor_changes() -> None:
    table = "investor_change"
    _frame(
        table,
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("from_investor_id", sa.BigInteger(), nullable=False),
        sa.Column("to_investor_id", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("document", sa.String(120), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_name", sa.String(60), nullable=False),
        sa.UniqueConstraint(
            "zone_id",
            "project_id",
            "effective_on",
            name=op.f(f"uq_{table}_zone_id_project_id_effective_on"),
        ),
        _check(table, "other", "from_investor_id <> to_investor_id"),
        _check(table, "reason", "length(reason) > 0"),
        project_id="project",
        from_investor_id="investor",
        to_investor_id="investor",
    )
    op.create_index("ix_investor_change_from", table, ["zone_id", "from_investor_id", "project_id"])
    op.create_index("ix_investor_change_to", table, ["zone_id", "to_investor_id", "project_id"])


def downgrade() -> None:
    """The terms go; contracts stay."""
    for table in ("investor_change", "commitment", "contract_review"):
        op.drop_table(table)
    with op.batch_alter_table("contract") as batch_op:
        batch_op.drop_column("version")
