"""Editions of a brief for Word and for the phone as long work."""

import sqlalchemy as sa
from alembic import op

revision = "0024_brief_editions"
down_revision = "0023_ledger_forms"
branch_labels = None
depends_on = None

BEFORE = ("brief", "judge", "write", "export", "close", "draft")
AFTER = (*BEFORE, "word", "phone")


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("job") as batch_op:
        batch_op.drop_constraint(op.f("ck_job_job_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_job_job_kind"), f"kind IN ({listed})")


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM job WHERE kind IN ('word', 'phone')"))
    _allow(BEFORE)
