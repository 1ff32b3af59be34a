"""The zone's thresholds of warnings, in place of the limits of stages; excuses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_warning_rules"
down_revision = "0016_contract_terms"
branch_labels = None
depends_on = None

KINDS = (
    "idle_lead idle_talks idle_signed idle_landed idle_started idle_produced"
    " late_landed late_started late_produced late_full unlanded unstarted unpaid unfunded slow_money"
    " commitment papers returned unreviewed lead_answer lead_assess lead_report behind"
).split()
STAGES = "lead talks signed landed started produced full suspended terminated lost".split()
INSTANT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=16)


def upgrade() -> None:
    """A limit of a stage becomes the yellow threshold of its rule, red at twice the days; 0 switches it off."""
    op.create_table(
        "warning_rule",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", _choice("warning_kind", *KINDS), nullable=False),
        sa.Column("active", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("yellow", sa.Integer(), nullable=False),
        sa.Column("red", sa.Integer(), nullable=False),
        sa.CheckConstraint("yellow BETWEEN 0 AND 1095", name=op.f("ck_warning_rule_yellow")),
        sa.CheckConstraint("red BETWEEN yellow AND 1095", name=op.f("ck_warning_rule_red")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_warning_rule_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "kind", name=op.f("pk_warning_rule")),
    )
    op.execute(
        "INSERT INTO warning_rule (zone_id, kind, active, yellow, red)"
        " SELECT zone_id, 'idle_' || stage, days > 0, CASE WHEN days > 0 THEN days ELSE 90 END,"
        " CASE WHEN days > 0 THEN days * 2 ELSE 180 END FROM activity_limit"
        " WHERE stage IN ('lead', 'talks', 'signed', 'landed', 'started', 'produced')"
    )
    op.drop_table("activity_limit")
    op.create_table(
        "warning_excuse",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _choice("warning_kind", *KINDS), nullable=False),
        sa.Column("level", _choice("level", "yellow", "red"), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("state", _choice("excuse_state", "asked", "granted", "refused"), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_name", sa.String(60), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_name", sa.String(60), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_warning_excuse_reason")),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_warning_excuse_decided")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by", name=op.f("ck_warning_excuse_decider")
        ),
        sa.ForeignKeyConstraint(
            ["zone_id", "project_id"],
            ["project.zone_id", "project.id"],
            name=op.f("fk_warning_excuse_zone_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_warning_excuse_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_warning_excuse")),
    )
    op.create_index(
        "ix_warning_excuse_project", "warning_excuse", ["zone_id", "project_id", "kind", "state", "until_on"]
    )
    asked = sa.text("state = 'asked'")
    op.create_index(
        "uq_warning_excuse_asked",
        "warning_excuse",
        ["zone_id", "project_id", "kind"],
        unique=True,
        sqlite_where=asked,
        postgresql_where=asked,
    )


def downgrade() -> None:
    """The limits of stages come back from the rules; the other thresholds and the excuses are lost."""
    op.drop_table("warning_excuse")
    op.create_table(
        "activity_limit",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stage", _choice("stage", *STAGES), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days BETWEEN 0 AND 365", name=op.f("ck_activity_limit_days")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_activity_limit_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "stage", name=op.f("pk_activity_limit")),
    )
    op.execute(
        "INSERT INTO activity_limit (zone_id, stage, days)"
        " SELECT zone_id, substr(kind, 6), CASE WHEN NOT active THEN 0 WHEN yellow > 365 THEN 365 ELSE yellow END"
        " FROM warning_rule WHERE kind LIKE 'idle\\_%' ESCAPE '\\'"
    )
    op.drop_table("warning_rule")
