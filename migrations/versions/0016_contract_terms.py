"""Room kept in the chain of revisions for: contract terms."""

from __future__ import annotations

revision = "0016_contract_terms"
down_revision = "0015_project_views"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
