"""Room kept in the chain of revisions for: jobs."""

from __future__ import annotations

revision = "0022_jobs"
down_revision = "0021_brief_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
