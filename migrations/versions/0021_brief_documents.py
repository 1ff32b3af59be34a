"""Room kept in the chain of revisions for: brief documents."""

from __future__ import annotations

revision = "0021_brief_documents"
down_revision = "0020_journal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
