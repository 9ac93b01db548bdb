"""what is known of papers that are not kept any more

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_papers",
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("announced", sa.JSON(), nullable=False),
        sa.Column("arrivals", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("arxiv_id", name=op.f("pk_past_papers")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("past_papers")
