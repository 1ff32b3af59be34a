"""Room kept in the chain of revisions for: revocations."""

from __future__ import annotations

revision = "0019_revocations"
down_revision = "0018_investor_pages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
