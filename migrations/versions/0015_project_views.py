"""Room kept in the chain of revisions for: project views."""

from __future__ import annotations

revision = "0015_project_views"
down_revision = "0014_stage_gates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
