"""since when a message is owed

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
    # What is owed already is owed from now on, as far as anybody can tell.
    op.execute(
        "UPDATE outbox SET created_at = CURRENT_TIMESTAMP"
        " WHERE state IN ('pending', 'sending', 'failed')"
    )


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("created_at")
