"""When a person chose the own password; accounts of before have done so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_own_passwords"
down_revision = "0001_first_records"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, filled from the day the account was made."""
    op.add_column("user_account", sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE user_account SET password_changed_at = created_at")


def downgrade() -> None:
    """Forget it again."""
    op.drop_column("user_account", "password_changed_at")
