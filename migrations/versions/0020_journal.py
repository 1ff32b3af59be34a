"""Room kept in the chain of revisions for: journal."""

from __future__ import annotations

revision = "0020_journal"
down_revision = "0019_revocations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
