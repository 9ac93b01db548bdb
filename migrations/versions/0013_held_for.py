"""what a message of the outbox that is held waits for

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("held_for", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "held_for")
