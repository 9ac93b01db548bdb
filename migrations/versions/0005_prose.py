"""words of files that no take and no paper has

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prose", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    # The program makes and fills it.
    op.execute("DROP TABLE IF EXISTS document_index")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("prose")
