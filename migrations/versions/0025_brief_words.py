"""A zone's own words for the generated sentences of its brief."""

import sqlalchemy as sa
from alembic import op

revision = "0025_brief_words"
down_revision = "0024_brief_editions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("zone") as batch_op:
        batch_op.add_column(sa.Column("brief_words", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("zone") as batch_op:
        batch_op.drop_column("brief_words")
