"""A role for whoever reads the audit log and nothing is administered by: 审计员."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_auditor"
down_revision = "0010_search"
branch_labels = None
depends_on = None

BEFORE = ("officer", "reviewer", "leader", "administrator")


def upgrade() -> None:
    """Let the column take the new role."""
    _allow((*BEFORE, "auditor"))


def downgrade() -> None:
    """Auditors become people who only read."""
    op.execute("UPDATE user_account SET role = 'leader' WHERE role = 'auditor'")
    _allow(BEFORE)


def _allow(roles: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("user_account") as batch:
        batch.drop_constraint(op.f("ck_user_account_role"), type_="check")
        batch.create_check_constraint(op.f("ck_user_account_role"), sa.text(f"role IN ({listed})"))
