"""Indexes that answer the lists of projects and arrivals by themselves (bench/RESULTS.md)."""

from __future__ import annotations

from alembic import op

revision = "0013_list_indexes"
down_revision = "0012_claims_and_shares"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sums and tabs of the projects read one index; arrivals are paged in the order of another."""
    op.drop_index("ix_project_stage", "project")
    columns = "zone_id stage signed_on total_fen unit_id area_id chain_id id"
    op.create_index("ix_project_stage", "project", columns.split())
    columns = "zone_id arrived_on id state unit_id project_id"
    op.create_index("ix_fund_arrival_list", "fund_arrival", columns.split())


def downgrade() -> None:
    """Back to the narrow index."""
    op.drop_index("ix_fund_arrival_list", "fund_arrival")
    op.drop_index("ix_project_stage", "project")
    op.create_index("ix_project_stage", "project", ["zone_id", "stage"])
