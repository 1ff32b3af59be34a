"""Room kept in the chain of revisions for: investor pages."""

from __future__ import annotations

revision = "0018_investor_pages"
down_revision = "0017_warning_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
