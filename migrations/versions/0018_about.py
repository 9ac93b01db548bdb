"""which paper a file is about, and what it calls it

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents") as batch:
        batch.add_column(sa.Column("about", sa.Text(), nullable=True))
        batch.add_column(sa.Column("names", sa.JSON(), nullable=False, server_default="[]"))
        batch.create_index(batch.f("ix_documents_channel_id_about"), ["channel_id", "about"])


def downgrade() -> None:
    # The index of pages has this column in it; an older version has others.
    op.execute("DROP TABLE IF EXISTS page_index")
    with op.batch_alter_table("documents") as batch:
        batch.drop_index(batch.f("ix_documents_channel_id_about"))
        batch.drop_column("names")
        batch.drop_column("about")
