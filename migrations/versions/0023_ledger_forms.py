"""Room kept in the chain of revisions for: ledger forms."""

from __future__ import annotations

revision = "0023_ledger_forms"
down_revision = "0022_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
