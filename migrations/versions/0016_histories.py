"""channels' pasts: what was read of them, and which messages were taken in

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "histories",
        sa.Column("discord_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("read_to", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("vouched", sa.Boolean(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("discord_id", name=op.f("pk_histories")),
    )
    op.create_index(op.f("ix_histories_touched_at"), "histories", ["touched_at"])
    op.create_table(
        "history_messages",
        sa.Column("channel_id", NUMBER, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reply", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_history_messages_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "channel_id", "message_id", "reply", name=op.f("pk_history_messages")
        ),
    )


def downgrade() -> None:
    op.drop_table("history_messages")
    op.drop_index(op.f("ix_histories_touched_at"), table_name="histories")
    op.drop_table("histories")
