"""words, tags and links of takes and papers

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "take_tags",
        sa.Column("take_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["take_id"], ["takes.id"], name=op.f("fk_take_tags_take_id_takes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("take_id", "tag", name=op.f("pk_take_tags")),
    )
    with op.batch_alter_table("take_tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_take_tags_tag"), ["tag"], unique=False)

    op.create_table(
        "take_links",
        sa.Column("take_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["take_id"], ["takes.id"], name=op.f("fk_take_links_take_id_takes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("take_id", "kind", "target", name=op.f("pk_take_links")),
    )
    with op.batch_alter_table("take_links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_take_links_kind_target"), ["kind", "target"], unique=False
        )


def downgrade() -> None:
    # The program makes and fills these, which alone knows what a word is.
    for table in ("entry_index", "take_index", "title_index"):
        op.execute(f"DROP TABLE IF EXISTS {table}")
    with op.batch_alter_table("take_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_take_links_kind_target"))

    op.drop_table("take_links")
    with op.batch_alter_table("take_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_take_tags_tag"))

    op.drop_table("take_tags")
