"""Indexes that answer the figures of a month by themselves (bench/RESULTS.md)

Revision ID: 0003_covering_indexes
Revises: 0002_own_passwords
Create Date: 2026-11-22
"""

from alembic import op

revision = "0003_covering_indexes"
down_revision = "0002_own_passwords"
branch_labels = None
depends_on = None

BEFORE = {
    "ix_contract_project": ("contract", "zone_id project_id"),
    "ix_contract_signed": ("contract", "zone_id kind signed_on"),
    "ix_milestone_reached": ("milestone", "zone_id kind reached_on"),
    "ix_fund_arrival_project": ("fund_arrival", "zone_id project_id state amount_fen"),
}
AFTER = {
    "ix_contract_project": ("contract", "zone_id project_id kind signed_on amount_fen"),
    "ix_contract_signed": ("contract", "zone_id kind signed_on project_id amount_fen unit_id"),
    "ix_milestone_reached": ("milestone", "zone_id kind reached_on project_id unit_id"),
    "ix_fund_arrival_project": ("fund_arrival", "zone_id project_id state arrived_on amount_fen"),
}


def upgrade() -> None:
    _replace(AFTER)


def downgrade() -> None:
    _replace(BEFORE)


def _replace(indexes: dict[str, tuple[str, str]]) -> None:
    for name, (table, columns) in indexes.items():
        op.drop_index(name, table)
        op.create_index(name, table, columns.split())
