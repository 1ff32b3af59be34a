"""Room kept in the chain of revisions for: warning rules."""

from __future__ import annotations

revision = "0017_warning_rules"
down_revision = "0016_contract_terms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
