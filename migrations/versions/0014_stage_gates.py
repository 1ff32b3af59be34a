"""Room kept in the chain of revisions for: stage gates."""

from __future__ import annotations

revision = "0014_stage_gates"
down_revision = "0013_list_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
